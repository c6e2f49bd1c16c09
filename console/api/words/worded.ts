import type { Words } from '#contract/names'

/** What a form holds as text: as people wrote it, whoever reads it, or in both languages where the console wrote it. */
export const worded = (value: unknown): Words => {
  if (typeof value === 'object' && value !== null) return value as Words
  const text = String(value ?? '')
  return { zh: text, en: text }
}

/** Each of the two with the same thing done to it. */
export const eachOf = (w: Words, say: (text: string, language: keyof Words) => string): Words => ({
  zh: say(w.zh, 'zh'),
  en: say(w.en, 'en'),
})

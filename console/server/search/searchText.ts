import { pinyin } from 'pinyin-pro'

const longest = 1500
const hanzi = /[\u3400-\u9fff]/
const spelled = new Map<string, { full: string; first: string }>()

/** A word's pinyin without tones, whole and by initials; names come again and again, so they are remembered. */
const spell = (word: string) => {
  const known = spelled.get(word)
  if (known) return known
  const syllables = pinyin(word, { toneType: 'none', type: 'array', nonZh: 'consecutive' })
  const found = {
    full: syllables.join('').toLowerCase(),
    first: syllables
      .map(s => s[0] ?? '')
      .join('')
      .toLowerCase(),
  }
  if (spelled.size > 20_000) spelled.clear()
  spelled.set(word, found)
  return found
}

/**
 * What a record can be found by: its words, their pinyin and initials, and its digits without spaces (phone numbers, form
 * numbers), in lower case.
 */
export const searchTextOf = (words: readonly (string | null | undefined)[]): string => {
  const given = words.filter(w => w !== null && w !== undefined && w !== '') as string[]
  const spelt = given.filter(w => hanzi.test(w)).map(w => spell(w.slice(0, 60)))
  const digits = given.map(w => w.replace(/[^\d]/g, '')).filter(d => d.length >= 3)
  const parts = [...given.map(w => w.toLowerCase()), ...spelt.flatMap(s => [s.full, s.first]), ...digits]
  return [...new Set(parts)].join(' ').slice(0, longest)
}

/** A wish as it is looked for: each word must be found, whatever the order. */
export const wordsOf = (wish: string): string[] => {
  const words = wish.trim().toLowerCase().split(/\s+/).filter(Boolean)
  // A phone number typed with spaces is one number.
  return words.every(w => /^\d+$/.test(w)) ? [words.join('')] : words.slice(0, 6)
}

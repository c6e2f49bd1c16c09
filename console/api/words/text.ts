import { z } from 'zod'
import { isLanguageCode, type Words, words } from '#contract/names'
import { codes, dictionaryOf, type Language } from './languages.ts'
import { type Messages, zh } from './zh.ts'

/** A sentence of the dictionaries by its place in them, with what stands in its gaps: said in the language of whoever reads it. */
export type Sentence = { say: string; with?: readonly Part[] | undefined }
/** What the console itself puts together out of such pieces, one after the other. */
type Together = { together: readonly Part[] }
/** What people read: as a person wrote it, in the languages of a file that describes something, or a sentence of the dictionaries. */
export type Text = string | Words | Sentence | Together
export type Part = number | Text

const part: z.ZodType<Part> = z.lazy(() => z.union([z.number(), text]))
/** As the console answers it. What people send is held against `isText`, for it has no end of its own. */
export const text: z.ZodType<Text> = z
  .union([
    z.string(),
    words,
    z.strictObject({ say: z.string(), with: z.array(part).optional() }),
    z.strictObject({ together: z.array(part) }),
  ])
  .meta({ id: 'Text' })

const mostDeep = 6
const mostWide = 20
/** Of such a shape that `textIn` can say it, and not deeper than one of ours is. */
const isShaped = (value: unknown, most: number, deep = 0): boolean => {
  if (typeof value === 'string') return value.length <= most
  if (typeof value === 'number') return true
  if (typeof value !== 'object' || value === null || deep > mostDeep) return false
  const parts = 'together' in value ? value.together : 'with' in value ? value.with : []
  const within = Array.isArray(parts) && parts.length <= mostWide && parts.every(p => isShaped(p, most, deep + 1))
  if ('together' in value) return within
  if ('say' in value) return within && typeof value.say === 'string' && value.say.length <= most
  if (!('zh' in value && 'en' in value)) return false
  return Object.entries(value).every(([key, v]) => isLanguageCode(key) && typeof v === 'string' && v.length <= most)
}

/** Something that was sent from outside: a text that says something in every language, and not more than so much. */
export const isText = (value: unknown, most: number): boolean => {
  if (typeof value === 'number' || !isShaped(value, most)) return false
  const lengths = codes.map(code => textIn(code, value as Text).trim().length)
  return lengths.every(length => length > 0 && length <= most)
}

type Gaps<A extends readonly unknown[]> = { [I in keyof A]: A[I] extends string ? Part : A[I] }
type Sayings<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => string
    ? (...args: Gaps<A>) => Sentence
    : T[K] extends string
      ? Sentence
      : Sayings<T[K]>
}

const sayingsOf = (of: object, path: string): object =>
  Object.fromEntries(
    Object.entries(of).map(([key, value]) => {
      const say = path === '' ? key : `${path}.${key}`
      if (typeof value === 'function') return [key, (...gaps: Part[]): Sentence => ({ say, with: gaps })]
      return [key, typeof value === 'string' ? { say } : sayingsOf(value, say)]
    }),
  )
/** The dictionary with a sentence in each of its places, for what the server keeps or sends: `say.desk.journalGap(agent, 3)`. */
export const say = sayingsOf(zh, '') as Sayings<Messages>

export const together = (...parts: Part[]): Text => ({ together: parts })
/** Sentences one after the other. */
export const inARow = (parts: readonly Text[]): Text =>
  together(...parts.flatMap((p, i) => (i === 0 ? [p] : [say.marks.break, p])))

const messageAt = (messages: object, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (at, key) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as Record<string, unknown>)[key] : undefined,
      messages,
    )

/** The text in a language. A sentence that the dictionary no longer has is called by its place in it. */
export const textIn = (language: Language, said: Part): string => {
  if (typeof said !== 'object') return String(said)
  const { messages, labels } = dictionaryOf(language)
  if ('zh' in said) return said[language] ?? labels[said.zh] ?? said.en
  if ('together' in said) return said.together.map(p => textIn(language, p)).join('')
  const found = messageAt(messages, said.say)
  const gaps = (said.with ?? []).map(p => (typeof p === 'number' ? p : textIn(language, p)))
  if (typeof found === 'string') return found
  if (typeof found !== 'function') return said.say
  try {
    return String(found(...gaps))
  } catch {
    // Somebody has sent a sentence without what belongs into it: no page falls over that.
    return said.say
  }
}

/** In every language at once, for those who know no dictionary: an agent is told like this. */
export const inAll = (said: Text): Words => Object.fromEntries(codes.map(language => [language, textIn(language, said)])) as Words

/** What a form holds as text: as people wrote it, whoever reads it, or a text that the console wrote. */
export const worded = (value: unknown): Text =>
  typeof value === 'object' && value !== null ? (value as Text) : String(value ?? '')

/** So much of what somebody wrote; a sentence is short by itself. */
export const clipped = (said: Text, most: number): Text => (typeof said === 'string' ? said.slice(0, most) : said)

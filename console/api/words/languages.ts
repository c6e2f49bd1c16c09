import { en } from './en.ts'
import { type Messages, zh } from './zh.ts'

/**
 * A language of the screens and papers. `labels` are for what the definitions and the site's files say in Chinese and English: the
 * Chinese text and what it is called here; without one the English stands.
 */
export type Dictionary = { name: string; messages: Messages; labels: Readonly<Record<string, string>> }

const source: Dictionary = { name: '中文', messages: zh, labels: {} }
/** All of them by their codes: another one is a file beside these and a line here. */
export const languages: Readonly<Record<string, Dictionary>> = {
  zh: source,
  en: { name: 'English', messages: en, labels: {} },
}
/** By its code. */
export type Language = string
export const codes = Object.keys(languages)
/** A language that is not there any more is Chinese. */
export const dictionaryOf = (language: Language): Dictionary => languages[language] ?? source

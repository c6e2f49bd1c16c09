import { en } from '#api/words/en'
import { zh } from '#api/words/zh'
import type { Words } from '#contract/names'
import type { Field } from '../engine/definition.ts'
import type { Directory } from '../site/directory.ts'
import type { Cell } from './csv.ts'

export type Language = 'zh' | 'en'

/** What a field holds as a cell: numbers and dates as such, everything else in the words of one language. */
export const fieldCell = (f: Field, value: unknown, directory: Directory, language: Language): Cell => {
  const { rules } = language === 'zh' ? zh : en
  if (value === undefined || value === null) return ''
  if (f.kind === 'flag') return value === true ? rules.yes : rules.no
  if (typeof value === 'object') return (value as Words)[language]
  if (f.key.endsWith('Fen')) return Number(value) / 100
  if (f.kind === 'time') return { date: directory.calendar.momentOf(Number(value)) }
  if (typeof value === 'number') return value
  if (f.kind === 'date') return { date: String(value) }
  if (f.kind === 'unit') return directory.placeName(String(value))[language]
  const choice = f.choices?.find(x => x.value === value)
  return choice ? choice.label[language] : String(value)
}

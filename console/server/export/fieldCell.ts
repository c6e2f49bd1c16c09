import { planName } from '#api/planName'
import { dictionaryOf, type Language } from '#api/words/languages'
import { type Text, textIn } from '#api/words/text'
import type { Field } from '../engine/field.ts'
import type { Directory } from '../site/directory.ts'
import type { Cell } from './csv.ts'

const textOf = (cell: Cell): string => (typeof cell === 'object' ? (cell?.date ?? '') : String(cell))

/** What a field holds as a cell: numbers and dates as such, everything else in the words of one language. */
export const fieldCell = (f: Field, value: unknown, directory: Directory, language: Language): Cell => {
  const { rules, marks } = dictionaryOf(language).messages
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map(v => textOf(fieldCell(f, v, directory, language))).join(marks.list)
  if (f.kind === 'drawing') return rules.yes
  if (f.kind === 'flag') return value === true ? rules.yes : rules.no
  if (typeof value === 'object') return textIn(language, value as Text)
  if (f.kind === 'money' || f.key.endsWith('Fen')) return Number(value) / 100
  if (f.kind === 'time') return { date: directory.calendar.momentOf(Number(value)) }
  if (typeof value === 'number') return value
  if (f.kind === 'date') return { date: String(value) }
  if (f.kind === 'plan') return textIn(language, planName(directory.site.plans, String(value)))
  if (f.kind === 'thing') return directory.thingName(String(value))
  if (f.kind === 'unit' || f.kind === 'device') return textIn(language, directory.placeName(String(value)))
  const choice = f.choices?.find(x => x.value === value)
  return choice ? textIn(language, choice.label) : String(value)
}

import { holds } from '#api/conditions'
import type { FieldView } from '#api/models/cases'
import { yuan } from '#api/money'
import type { Text } from '#api/words/text'
import { type Format, minuteOfDay } from '../state/format.ts'

/** Under which key a signature by hand stands beside the name. */
const drawnKey = 'drawn'

export type FormValues = Record<string, string | boolean>

/** Whether a field must be filled as the form stands now. */
export const isRequired = (field: FieldView, values: FormValues): boolean =>
  field.required || (field.requiredWhen !== null && holds(field.requiredWhen, values))

/** Yuan as people type them; what is no sum is sent as it stands, and refused. */
const fenOf = (typed: string): number | string =>
  /^\d{1,9}(\.\d{1,2})?$/.test(typed.trim()) ? Math.round(Number(typed) * 100) : typed

/** What is sent: times as instants of the site's zone, nothing for what was left empty. */
export const sentForm = (fields: readonly FieldView[], values: FormValues, f: Format): Record<string, unknown> => {
  const form: Record<string, unknown> = {}
  for (const { key, kind, signs } of fields) {
    const value = values[key]
    if (value === undefined || value === '' || signs === 'doer') continue
    if (kind === 'money') {
      form[key] = fenOf(String(value))
      continue
    }
    const [date = '', time = ''] = String(value).split('T')
    form[key] = kind === 'time' ? f.instant(date, minuteOfDay(time) ?? 0) : value
  }
  return form
}

/** Without what is empty: a field that nobody filled is not sent. */
export const filled = <T>(values: Record<string, T | undefined>): Record<string, T> =>
  Object.fromEntries(Object.entries(values).filter((e): e is [string, T] => Boolean(e[1])))

/** A form as it stands, for editing it. */
export const valuesOf = (
  fields: readonly FieldView[],
  form: Record<string, unknown>,
  f: Format,
  word: (said: Text) => string,
): FormValues =>
  Object.fromEntries(
    fields.flatMap(({ key, kind }): [string, string | boolean][] => {
      const value = form[key]
      if (value === undefined || value === null) return []
      if (kind === 'money') return [[key, (Number(value) / 100).toFixed(2)]]
      if (kind === 'time') return [[key, `${f.date(Number(value))}T${f.minutes(Number(value))}`]]
      if (typeof value === 'object') return [[key, word(value as Text)]]
      return [[key, typeof value === 'boolean' ? value : String(value)]]
    }),
  )

/** A field's value in words, for reading; `beside`: all that was said with it. A drawing is no word. */
export const wordOf = (
  field: FieldView,
  value: unknown,
  f: Format,
  words: {
    word(said: Text): string
    place(id: string): string
    thing(id: string): string
    plan(kind: string): string
    yes: string
    list: string
    typed: string
  },
  beside: Record<string, unknown> = {},
): string => {
  if (field.kind === 'drawing') return ''
  if (value === undefined || value === null || value === '' || value === false) return ''
  if (Array.isArray(value)) return value.map(v => wordOf(field, v, f, words)).join(words.list)
  if (field.kind === 'money') return yuan(Number(value))
  if (field.kind === 'time') return `${f.date(Number(value))} ${f.minutes(Number(value))}`
  if (field.kind === 'plan') return words.plan(String(value))
  if (field.kind === 'thing') return words.thing(String(value))
  if (field.kind === 'unit' || field.kind === 'device') return words.place(String(value))
  if (field.kind === 'flag') return words.yes
  if (typeof value === 'object') return words.word(value as Text)
  const choice = field.choices.find(c => c.value === value)
  // Not the customer's own hand.
  if (field.signs === 'customer' && beside[drawnKey] === undefined) return `${String(value)}${words.typed}`
  return choice ? words.word(choice.label) : String(value)
}

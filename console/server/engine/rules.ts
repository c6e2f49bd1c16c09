import { z } from 'zod'
import { type Condition, fieldsOfCondition, holds } from '#api/conditions'
import type { Words } from '#contract/names'
import { type Setting, type SettingValue, workingDays } from '../site/settings.ts'
import type { Form } from './field.ts'

/**
 * What can be compared: a field (an instant, a date, a number, a text), a number or text itself, what the site has set, now (an
 * instant) or today (a date). `dateOf` an instant is its date at the site, `clockOf` its time of day (HH:MM), `monthOf` a date its month;
 * `plus` moves a date by days, which are working days where `counted` says so, and an instant by minutes.
 */
export type Term =
  | { field: string }
  | { value: number | string }
  | { setting: Setting }
  | { now: true }
  | { today: true }
  | { dateOf: Term }
  | { clockOf: Term }
  | { monthOf: Term }
  | { of: Term; plus: { days: number | Setting; counted?: Setting } | { minutes: number | Setting } }
/** A comparison, or several; a condition of the form stands for itself. */
export type Test =
  | { left: Term; is: '<' | '<=' | '>' | '>=' | '='; right: Term }
  | { all: readonly Test[] }
  | { any: readonly Test[] }
  | { not: Test }
  | { form: Condition }
/** What a form must keep to; where it does not, `say` is said of the field. What is not filled in, or not set, is not judged. */
export type Rule = {
  /** The paragraph of the manual, or the conflict (C-number), that it comes from. */
  source: string
  field: string
  must: Test
  when?: Condition
  say: Words
}

/** By what rules are judged. */
export type RuleLook = {
  now: number
  form: Form
  value(s: Setting): SettingValue
  calendar: {
    dateOf(instant: number): string
    clockOf(instant: number): string
    plusDays(date: string, days: number): string
    plusWorkdays(date: string, days: number): string
  }
}

const isDate = (v: unknown): v is string => z.iso.date().safeParse(v).success

/** The value of a term; undefined where there is none to compare. */
const valueIn = (t: Term, look: RuleLook): number | string | undefined => {
  if ('field' in t) {
    const v = look.form[t.field]
    return typeof v === 'number' || (typeof v === 'string' && v !== '') ? v : undefined
  }
  if ('value' in t) return t.value
  if ('setting' in t) return known(look.value(t.setting))
  if ('now' in t) return look.now
  if ('today' in t) return look.calendar.dateOf(look.now)
  if ('dateOf' in t) {
    const v = valueIn(t.dateOf, look)
    return typeof v === 'number' ? look.calendar.dateOf(v) : v
  }
  if ('monthOf' in t) {
    const v = valueIn(t.monthOf, look)
    return typeof v === 'string' ? v.slice(0, 7) : undefined
  }
  if ('clockOf' in t) {
    const v = valueIn(t.clockOf, look)
    return typeof v === 'number' ? look.calendar.clockOf(v) : undefined
  }
  const of = valueIn(t.of, look)
  const wanted = 'days' in t.plus ? t.plus.days : t.plus.minutes
  const by = typeof wanted === 'number' ? wanted : known(look.value(wanted))
  if (of === undefined || typeof by !== 'number') return undefined
  if ('minutes' in t.plus) return typeof of === 'number' ? of + by * 60_000 : undefined
  if (!isDate(of)) return undefined
  const working = t.plus.counted !== undefined && look.value(t.plus.counted) === workingDays
  return working ? look.calendar.plusWorkdays(of, by) : look.calendar.plusDays(of, by)
}
const known = (v: SettingValue) => (typeof v === 'number' || (typeof v === 'string' && v !== '') ? v : undefined)

const compared = {
  '<': (a: number | string, b: number | string) => a < b,
  '<=': (a: number | string, b: number | string) => a <= b,
  '>': (a: number | string, b: number | string) => a > b,
  '>=': (a: number | string, b: number | string) => a >= b,
  '=': (a: number | string, b: number | string) => a === b,
}

/** Three-valued: undefined where too little is filled in to say. */
const judged = (t: Test, look: RuleLook): boolean | undefined => {
  if ('form' in t) return holds(t.form, look.form)
  if ('not' in t) {
    const is = judged(t.not, look)
    return is === undefined ? undefined : !is
  }
  if ('all' in t) {
    const each = t.all.map(x => judged(x, look))
    return each.includes(false) ? false : each.includes(undefined) ? undefined : true
  }
  if ('any' in t) {
    const each = t.any.map(x => judged(x, look))
    return each.includes(true) ? true : each.includes(undefined) ? undefined : false
  }
  const [left, right] = [valueIn(t.left, look), valueIn(t.right, look)]
  return left === undefined || right === undefined || typeof left !== typeof right ? undefined : compared[t.is](left, right)
}

const fieldsOfTerm = (t: Term): string[] => {
  if ('field' in t) return [t.field]
  const within = 'dateOf' in t ? t.dateOf : 'clockOf' in t ? t.clockOf : 'monthOf' in t ? t.monthOf : 'of' in t ? t.of : undefined
  return within ? fieldsOfTerm(within) : []
}
/** The fields that a test speaks of. */
export const fieldsOfTest = (t: Test): string[] => {
  if ('left' in t) return [...fieldsOfTerm(t.left), ...fieldsOfTerm(t.right)]
  if ('form' in t) return fieldsOfCondition(t.form)
  return 'not' in t ? fieldsOfTest(t.not) : ('all' in t ? t.all : t.any).flatMap(fieldsOfTest)
}
const fieldsOf = (r: Rule) => new Set([r.field, ...fieldsOfTest(r.must), ...(r.when ? fieldsOfCondition(r.when) : [])])

/**
 * The first rule that a form breaks. `changed`: only what has changed is judged; what was right when it was written, such as "a day
 * ahead", stays so.
 */
export const brokenRule = (rules: readonly Rule[], look: RuleLook, changed?: ReadonlySet<string>): Rule | undefined =>
  rules.find(
    r =>
      (changed === undefined || [...fieldsOf(r)].some(f => changed.has(f))) &&
      holds(r.when, look.form) &&
      judged(r.must, look) === false,
  )

import { describe, expect, it } from 'vitest'
import { type Condition, condition, fieldsOfCondition, holds } from '#api/conditions'
import { openCalendar } from '#program/localCalendar'
import { WorkCalendar } from '../../console/server/domain/workCalendar.ts'
import { brokenRule, type Rule, type Test } from '../../console/server/engine/rules.ts'
import { noticeDays, setting } from '../../console/server/site/settings.ts'

const local = openCalendar('Asia/Shanghai')
const working = new WorkCalendar(local, new Map([['2026-11-25', 'closed']]))
const calendar = { ...local, plusWorkdays: (date: string, days: number) => working.plusWorkdays(date, days) }
const at = (clock: string) => Date.parse(`2026-11-24T${clock}:00+08:00`)
const daysAhead = setting({ key: 'd', name: { zh: '', en: '' }, source: '', unit: 'count', schema: null as never, default: null })
const rule = (must: Test, more: Partial<Rule> = {}): Rule => ({
  source: 'R0',
  field: 'to',
  must,
  say: { zh: '不', en: 'no' },
  ...more,
})
const broken = (r: Rule, form: Record<string, unknown>, o: { set?: number | null; changed?: string[] } = {}) =>
  brokenRule([r], { now: at('10:00'), form, value: () => o.set ?? null, calendar }, o.changed && new Set(o.changed)) !== undefined

describe('rules as data', () => {
  const after = rule({ left: { field: 'to' }, is: '>', right: { field: 'from' } })
  it('compare two fields; what is not filled in is not judged', () => {
    expect(broken(after, { from: at('12:00'), to: at('11:00') })).toBe(true)
    expect(broken(after, { from: at('12:00'), to: at('12:00') })).toBe(true)
    expect(broken(after, { from: at('12:00'), to: at('13:00') })).toBe(false)
    expect(broken(after, { from: at('12:00') })).toBe(false)
    expect(broken(after, { from: at('12:00'), to: '' })).toBe(false)
  })
  const ahead = rule({
    left: { dateOf: { field: 'from' } },
    is: '>=',
    right: { of: { today: true }, plus: { days: daysAhead } },
  })
  it('compare a day with today and what the site has set; an empty setting is no rule', () => {
    const tomorrow = at('08:00') + 86_400_000
    expect(broken(ahead, { from: tomorrow }, { set: 1 })).toBe(false)
    expect(broken(ahead, { from: at('23:00') }, { set: 1 })).toBe(true)
    expect(broken(ahead, { from: tomorrow }, { set: 2 })).toBe(true)
    expect(broken(ahead, { from: at('11:00') })).toBe(false)
    // By the days of the site, not by hours: it is tomorrow from midnight there.
    expect(broken(ahead, { from: Date.parse('2026-11-24T16:30:00Z') }, { set: 1 })).toBe(false)
  })
  it('count days of notice as the site does: in working days a day that the calendar closes and the weekend are none (C35)', () => {
    const by = (counted: string) => (days: number) =>
      brokenRule(
        [rule({ left: { field: 'on' }, is: '>=', right: { of: { today: true }, plus: { days, counted: noticeDays } } })],
        { now: at('10:00'), form: { on: '2026-11-27' }, value: s => (s === noticeDays ? counted : null), calendar },
      ) !== undefined
    expect([1, 2, 3, 4].map(by('calendar'))).toEqual([false, false, false, true])
    expect([1, 2, 3].map(by('working'))).toEqual([false, false, true])
  })
  it('are put together with and, or, not; one part that is false decides, one that is unknown does not', () => {
    const is = (field: string, value: number): Test => ({ left: { field }, is: '=', right: { value } })
    const all = rule({ all: [is('a', 1), is('b', 1)] })
    expect([broken(all, { a: 1, b: 1 }), broken(all, { a: 2 }), broken(all, { a: 1 })]).toEqual([false, true, false])
    const any = rule({ any: [is('a', 1), is('b', 1)] })
    expect([broken(any, { a: 2, b: 1 }), broken(any, { a: 2, b: 2 }), broken(any, { a: 2 })]).toEqual([false, true, false])
    const not = rule({ not: is('a', 1) })
    expect([broken(not, { a: 1 }), broken(not, { a: 2 }), broken(not, {})]).toEqual([true, false, false])
    expect(broken(rule({ form: { field: 'a', filled: true } }), { a: '' })).toBe(true)
  })
  it('hold of a part of forms only, and of a time of day', () => {
    const early = rule(
      { left: { clockOf: { field: 'from' } }, is: '<', right: { value: '09:00' } },
      { when: { field: 'a', is: [true] } },
    )
    expect([broken(early, { from: at('10:00'), a: true }), broken(early, { from: at('10:00') })]).toEqual([true, false])
    expect(broken(early, { from: at('08:59'), a: true })).toBe(false)
  })
  it('a form that stood is judged by what is new in it alone', () => {
    expect(broken(ahead, { from: at('11:00') }, { set: 1, changed: ['cargo'] })).toBe(false)
    expect(broken(ahead, { from: at('11:00') }, { set: 1, changed: ['from'] })).toBe(true)
  })
  it('of different kinds are not compared', () => {
    expect(broken(after, { from: '2026-11-24', to: at('09:00') })).toBe(false)
  })
})

describe('conditions', () => {
  const c: Condition = {
    all: [{ field: 'a', is: ['x'] }, { any: [{ field: 'b', filled: true }, { not: { field: 'c', is: [true] } }] }],
  }
  it('go over the wire as they are, and name their fields', () => {
    expect(condition.parse(JSON.parse(JSON.stringify(c)))).toEqual(c)
    expect(fieldsOfCondition(c)).toEqual(['a', 'b', 'c'])
  })
  it('hold or do not', () => {
    expect(holds(c, { a: 'x', b: 'y', c: true })).toBe(true)
    expect(holds(c, { a: 'x', c: true })).toBe(false)
    expect(holds(c, { a: 'x', b: '' })).toBe(true)
    expect(holds(c, { b: 'y' })).toBe(false)
    expect(holds(undefined, {})).toBe(true)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openCalendar } from '#program/localCalendar'
import { occurrences } from '../../console/server/domain/occurrences.ts'
import { WorkCalendar } from '../../console/server/domain/workCalendar.ts'
import type { CalendarRule } from '../../console/server/engine/routines/routine.ts'
import { type Setting, weekSummaryDay } from '../../console/server/site/settings.ts'
import { routines } from '../harness/manual.ts'

const local = openCalendar('Asia/Shanghai')
const calendar = new WorkCalendar(local, new Map([['2026-02-14', 'workday']]))
const settings = {
  weekday: (r: { weekday: number | Setting }) => (typeof r.weekday === 'number' ? r.weekday : 5),
  months: (r: { months: readonly number[] | Setting }) => ('key' in r.months ? [6, 12] : r.months),
  restDayShift: 'none' as const,
}
const dates = (rule: CalendarRule, from: string, to: string, shift: 'none' | 'before' | 'after' = 'none') =>
  occurrences(rule, from, to, calendar, { ...settings, restDayShift: shift }).map(o => `${o.period} ${local.dateOf(o.dueAt)}`)

describe('what is owed when', () => {
  it('the 30th of February is its last day (C10)', () => {
    expect(dates({ every: 'month', day: 30, at: '17:30' }, '2026-02-01', '2026-03-31')).toEqual([
      '2026-02 2026-02-28',
      '2026-03 2026-03-30',
    ])
  })
  it('the second working day of a month (T61)', () => {
    expect(dates({ every: 'month', workday: 2, at: '17:30' }, '2026-02-01', '2026-02-28')).toEqual(['2026-02 2026-02-03'])
  })
  it('a make-up Saturday is a workday', () => {
    expect(dates({ every: 'day', at: '17:30', on: 'workdays' }, '2026-02-13', '2026-02-15')).toEqual([
      '2026-02-13 2026-02-13',
      '2026-02-14 2026-02-14',
    ])
  })
  it('a week by its Monday', () => {
    expect(dates({ every: 'week', weekday: 5, at: '14:30' }, '2026-11-16', '2026-11-29')).toEqual([
      'W2026-11-16 2026-11-20',
      'W2026-11-23 2026-11-27',
    ])
  })
  it("the week's last working day, whatever holidays and make-up days make it (C19)", () => {
    const holidays = new Map(Array.from({ length: 7 }, (_, i) => [`2026-10-0${i + 1}`, 'closed'] as const))
    const golden = new WorkCalendar(local, new Map([...holidays, ['2026-10-10', 'workday']]))
    const rule: CalendarRule = { every: 'week', weekday: weekSummaryDay, at: '17:30' }
    const found = occurrences(rule, '2026-09-21', '2026-10-18', golden, { ...settings, weekday: () => null })
    expect(found.map(o => local.dateOf(o.dueAt))).toEqual(['2026-09-25', '2026-09-30', '2026-10-10', '2026-10-16'])
  })
  it('the 25th of the third month of a quarter, the 15th of its first (T79, T82)', () => {
    expect(dates({ every: 'quarter', month: 3, day: 25, at: '17:30' }, '2026-01-01', '2026-12-31')).toEqual([
      '2026-Q1 2026-03-25',
      '2026-Q2 2026-06-25',
      '2026-Q3 2026-09-25',
      '2026-Q4 2026-12-25',
    ])
  })
  it('a date that is shifted over the end of its month keeps the name of its month (C11)', () => {
    // 31 January 2026 is a Saturday.
    expect(dates({ every: 'month', day: 'last', at: '17:30' }, '2026-01-01', '2026-02-10', 'after')).toEqual([
      '2026-01 2026-02-02',
    ])
  })
  it('a year of every routine, asked in windows of any length: the same duties, each period once', () => {
    const year: [string, string] = ['2026-01-01', '2026-12-31']
    for (const { id, rule } of routines) {
      if (rule.every === 'event') continue
      const whole = dates(rule, ...year)
      expect(new Set(whole.map(w => w.split(' ')[0])).size, id).toBe(whole.length)
      expect(whole.length, id).toBeGreaterThan(0)
    }
    fc.assert(
      fc.property(
        fc.constantFrom(...routines),
        fc.constantFrom('none' as const, 'before' as const, 'after' as const),
        fc.array(fc.integer({ min: 0, max: 364 }), { maxLength: 6 }),
        ({ rule }, shift, cuts) => {
          const edges = [...new Set([0, ...cuts, 365])].sort((a, b) => a - b).map(n => local.plusDays('2026-01-01', n))
          const pieces = edges.slice(1).flatMap((to, i) => dates(rule, edges[i] as string, local.plusDays(to, -1), shift))
          expect(pieces.toSorted()).toEqual(dates(rule, ...year, shift).toSorted())
        },
      ),
      { numRuns: 200 },
    )
  })
})

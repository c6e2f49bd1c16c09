import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openCalendar } from '#program/localCalendar'
import {
  type Count,
  countAlways,
  nextEventAt,
  pauseClock,
  type Running,
  resumeClock,
  startClock,
  stepClock,
} from '../../console/server/domain/deadlineClock.ts'
import { WorkCalendar } from '../../console/server/domain/workCalendar.ts'

const local = openCalendar('Asia/Shanghai')
const minute = 60_000
const at = (date: string, clock: string) => local.instantOf(date, Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3)))
// 2026: National Day 1-7 October, make-up workdays 20 September and 10 October.
const days = new Map<string, 'closed' | 'workday'>([
  ...Array.from({ length: 7 }, (_, i) => [`2026-10-0${i + 1}`, 'closed'] as const),
  ['2026-09-20', 'workday'],
  ['2026-10-10', 'workday'],
])
const calendar = new WorkCalendar(local, days)
const hours = { from: 8 * 60 + 30, to: 17 * 60 + 30 }
const service: Count = {
  between: (a, b) => calendar.serviceBetween(a, b, hours),
  after: (a, ms) => calendar.afterService(a, ms, hours),
}

describe('working days of the site', () => {
  it('statutory holidays are none, make-up days are, the rest follows the week', () => {
    expect(['2026-09-30', '2026-10-01', '2026-10-08', '2026-10-10', '2026-10-11'].map(d => calendar.isWorkday(d))).toEqual([
      true,
      false,
      true,
      true,
      false,
    ])
  })
  it('the nth working day, and so many working days later (T61, C4)', () => {
    expect(calendar.nthWorkday('2026-10', 1)).toBe('2026-10-08')
    expect(calendar.nthWorkday('2026-10', 2)).toBe('2026-10-09')
    expect(calendar.plusWorkdays('2026-09-30', 3)).toBe('2026-10-10')
  })
  it('a rest day moves before, after, or stays (C11)', () => {
    expect(['none', 'before', 'after'].map(r => calendar.shifted('2026-10-04', r as 'none'))).toEqual([
      '2026-10-04',
      '2026-09-30',
      '2026-10-08',
    ])
  })
  it('knows whether anybody has loaded a year', () => {
    expect([calendar.knows(2026), calendar.knows(2027)]).toEqual([true, false])
  })
})

describe('hours of service', () => {
  it('count only while the desk is open: 2 h from 16:30 before the holiday end at 09:30 after it', () => {
    expect(service.after(at('2026-09-30', '16:30'), 120 * minute)).toBe(at('2026-10-08', '09:30'))
  })
  it('whatever the start and the length: so much service lies between, and not a millisecond earlier', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 * 1440 }), fc.integer({ min: 1, max: 40 * 60 }), (start, length) => {
        const from = at('2026-09-15', '00:00') + start * minute
        const end = service.after(from, length * minute)
        expect(service.between(from, end)).toBe(length * minute)
        expect(service.between(from, end - 1)).toBeLessThan(length * minute)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a deadline', () => {
  const rule = { limitMs: 24 * 60 * minute, targetMs: null, warnShare: 0.75, escalateMs: 30 * minute }
  const start = at('2026-11-21', '16:00')
  const running = startClock(start, countAlways, rule)

  it('is near at its target, else after its share of the time; missed; then escalated, each once', () => {
    const said: [number, string][] = []
    let d = running
    for (let t = start; t <= start + 26 * 60 * minute; t += 10 * minute) {
      const step = stepClock(d, t)
      d = step.next
      for (const e of step.events) said.push([(t - start) / minute, e])
    }
    expect(said).toEqual([
      [18 * 60, 'approaching'],
      [24 * 60, 'missed'],
      [24 * 60 + 30, 'escalated'],
    ])
    expect(nextEventAt(d)).toBeNull()
    expect(startClock(start, countAlways, { ...rule, targetMs: 60 * minute }).warnAt).toBe(start + 60 * minute)
  })
  it('after a clock that stood still for days everything is said at once, but not that it is near', () => {
    expect(stepClock(running, start + 10 * 86_400_000).events).toEqual(['missed', 'escalated'])
  })
  it('stands still while it is paused, and goes on with what was left', () => {
    const paused = pauseClock(running, start + 60 * minute)
    expect(stepClock(paused, start + 99 * 60 * minute).events).toEqual([])
    expect(nextEventAt(paused)).toBeNull()
    const on = resumeClock(paused, start + 100 * 60 * minute, countAlways)
    expect(on.limitAt - (start + 100 * 60 * minute)).toBe(23 * 60 * minute)
  })
  it('any pauses, by the minute or in hours of service: the time that ran is the time that it has', () => {
    const pauses = fc.array(fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 9000 })), { maxLength: 5 })
    fc.assert(
      fc.property(fc.constantFrom(countAlways, service), pauses, fc.integer({ min: 10, max: 3000 }), (count, list, limit) => {
        let now = at('2026-09-25', '09:00')
        let d: Running = startClock(now, count, { ...rule, limitMs: limit * minute })
        let ran = 0
        for (const [run, pause] of list) {
          if (now + run * minute >= d.limitAt) break
          ran += count.between(now, now + run * minute)
          now += run * minute
          d = pauseClock(d, now)
          now += pause * minute
          d = resumeClock(d, now, count)
        }
        expect(ran + count.between(now, d.limitAt)).toBe(limit * minute)
        expect(d.warnAt).toBeLessThanOrEqual(d.limitAt)
        expect(d.limitAt).toBeLessThanOrEqual(d.escalateAt)
      }),
      { numRuns: 500 },
    )
  })
})

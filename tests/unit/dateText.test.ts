import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { CaseHead } from '#api/models/cases'
import type { Alarm } from '#api/models/live'
import { packageRoot } from '#program/environment'
import { withoutTicket } from '../../console/subjects/emergency/screens/openTickets.ts'
import { dateAfter, dateOf, shownDate, weeksOf } from '../../console/web/src/state/dateText.ts'

it('a date is taken however it is separated, and only if there is such a day', () => {
  for (const typed of ['2026-11-21', '2026/11/21', '2026.11.21', '20261121', '2026年11月21日', ' 2026-11-21 '])
    expect(dateOf(typed, 'date'), typed).toBe('2026-11-21')
  for (const typed of ['11/21/2026', '2026-02-30', '2026-13-01', '2026-11', '0026-11-21', '', 'x', '2026-11-21 19:04'])
    expect(dateOf(typed, 'date'), typed).toBeUndefined()
  expect([dateOf('2026-1', 'month'), dateOf('202611', 'month'), dateOf('2026年11月', 'month')]).toEqual([
    '2026-01',
    '2026-11',
    '2026-11',
  ])
  expect(dateOf('2026-13', 'month')).toBeUndefined()
  for (const typed of ['2026-11-21 19:04', '2026-11-21T19:04', '20261121 1904', '2026年11月21日 19:04'])
    expect(dateOf(typed, 'moment'), typed).toBe('2026-11-21T19:04')
  for (const typed of ['2026-11-21', '2026-11-21 24:00', '2026-11-21 19:60'])
    expect(dateOf(typed, 'moment'), typed).toBeUndefined()
})

it('what is shown is taken again as the same, for every day and minute', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('1900-01-01'), max: new Date('2999-12-31'), noInvalidDate: true }), at => {
      const moment = at.toISOString().slice(0, 16)
      expect(dateOf(shownDate(moment), 'moment')).toBe(moment)
      expect(dateOf(moment.slice(0, 10), 'date')).toBe(moment.slice(0, 10))
      expect(
        weeksOf(moment)
          .flat()
          .filter(d => d === moment.slice(0, 10)),
      ).toHaveLength(1)
      expect(dateAfter(dateAfter(moment, 'moment', 1), 'moment', -1)).toBe(moment)
    }),
  )
})

it('arrows go over the ends of months and years', () => {
  expect(dateAfter('2026-12-31', 'date', 1)).toBe('2027-01-01')
  expect(dateAfter('2027-01', 'month', -1)).toBe('2026-12')
  expect(dateAfter('2026-03-01T08:30', 'moment', -1)).toBe('2026-02-28T08:30')
})

it('no field leaves a date to the browser, which writes it in the order of its own language', () => {
  const web = join(packageRoot, 'console/web/src')
  for (const file of readdirSync(web, { recursive: true, encoding: 'utf8' }).filter(f => f.endsWith('.svelte')))
    expect(readFileSync(join(web, file), 'utf8'), file).not.toMatch(
      /['"](date|datetime-local|month|week|time)['"]\s*(\/>|bind|value)|type="(date|datetime-local|month|week|time)"|'datetime-local'/,
    )
})

it('a fire without an open ticket is named on the page of emergencies, the most urgent first', () => {
  const alarm = (id: string, level: number, ticket: string | null, returnedAt: number | null = null) =>
    ({ id, level, ticket, returnedAt, ackedAt: null, raisedAt: 1 }) as Alarm
  const open = new Map([['t', { id: 't' } as CaseHead]])
  const alarms = [
    alarm('a', 2, null),
    alarm('b', 1, null),
    alarm('c', 1, 't'),
    alarm('d', 1, null, 5),
    alarm('e', 3, null),
    alarm('f', 2, 'gone'),
  ]
  expect(withoutTicket(alarms, open).map(a => a.id)).toEqual(['b', 'f', 'a'])
})

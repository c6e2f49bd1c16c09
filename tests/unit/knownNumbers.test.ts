import { expect, it } from 'vitest'
import type { HoldersView } from '#api/models/live'
import { zh } from '#api/words/zh'
import type { PointValue } from '#contract/quality'
import { openCalendar } from '#program/localCalendar'
import { WorkCalendar } from '../../console/server/domain/workCalendar.ts'
import { fireText } from '../../console/web/src/overview/fireText.ts'
import { runningZones, wantedOn } from '../../console/web/src/overview/knownNumbers.ts'

const value = (v: boolean, q: string) => ({ v, q, t: 0 }) as unknown as PointValue

it('zones of which nothing is known are no zones that stand still: the number is none, not 0', () => {
  expect(runningZones([value(true, 'stale'), value(false, 'bad'), undefined])).toEqual({ running: null, unverified: 3 })
  expect(runningZones([value(true, 'good'), value(false, 'good'), value(true, 'stale')])).toEqual({ running: 1, unverified: 1 })
  expect(runningZones([value(false, 'good')])).toEqual({ running: 0, unverified: 0 })
})

it('what feeds zones that are wanted on is not without demand', () => {
  const held = (v: boolean) =>
    ({
      point: 'zc/on_cmd',
      withheld: null,
      array: { holders: [{ level: 16, value: v, since: 0, until: null, causes: [] }] },
    }) as unknown as HoldersView
  expect(wantedOn([held(true), held(false), undefined, held(true)])).toBe(2)
})

it('a fire has stopped only what says itself that it stands, and what a fire starts runs only by its own feedback', () => {
  const said = (wanted: boolean, running: PointValue | undefined) => fireText({ value: wanted }, running, zh)
  expect([value(true, 'good'), value(false, 'stale'), undefined].map(v => said(false, v))).toEqual(
    Array(3).fill('消防联动停机中'),
  )
  expect(said(false, value(false, 'good'))).toBe('消防联动停机')
  expect([said(true, value(false, 'good')), said(true, value(true, 'good'))]).toEqual(['消防联动启动中', '消防联动运行'])
})

it('a year that the calendar does not know is said from its first date on', () => {
  const calendar = new WorkCalendar(openCalendar('Asia/Shanghai'), new Map([['2026-10-01', 'closed' as const]]))
  expect(calendar.unknownFrom('2026-11-01', '2026-12-31')).toBeNull()
  expect(calendar.unknownFrom('2026-12-20', '2027-01-03')).toBe('2027-01-01')
  expect(calendar.unknownFrom('2027-05-04', '2027-05-05')).toBe('2027-05-04')
})

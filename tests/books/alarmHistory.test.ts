import { ulid } from 'ulid'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { noteAck, noteAlarm } from '../../console/server/agents/alarms/acks.ts'
import { noteRaised, noteReturned } from '../../console/server/agents/alarms/alarmBook.ts'
import { openAlarmViews } from '../../console/server/agents/alarms/alarmViews.ts'
import { Suppressions } from '../../console/server/agents/alarms/suppressions.ts'
import { system } from '../../console/server/books/audit.ts'
import type { Desk } from '../../console/server/desk/desk.ts'
import { alarmPage } from '../../console/subjects/alarms/alarmPage.ts'
import { alarmHistory, alarmTable } from '../../console/subjects/alarms/history.ts'
import { type ConsoleBooks, openConsoleBooks } from '../harness/consoleBooks.ts'

const hour = 3_600_000
let desk: ConsoleBooks
let now: number
beforeEach(async () => {
  now = Date.parse('2026-11-20T10:00:00+08:00')
  desk = await openConsoleBooks(() => now)
})
afterEach(() => desk.close())
const he = { id: 'u-he', display: '何敏', station: 'desk' }
const raise = async (key: string, zh: string, level: 3 | 4 = 3, device = 'ahu-1') => {
  const fact = {
    ...{ id: ulid(), key, level, kind: 'equipment' as const, device, point: null, place: 'f5-w' },
    ...{ name: { zh, en: key }, raisedAt: now, value: 260, limit: 250, unverifiedSince: null },
  }
  await desk.unit(system, work => noteRaised(work, desk.reactions, 'tower', fact))
  return fact.id
}
const find = async (o: object) =>
  (await alarmHistory(desk.books.read, desk.directory.calendar, { q: '', limit: 100, ...o })).map(r => r.key)

it('finds by text of name and device, level and dates, the newest first, page after page', async () => {
  await raise('ahu-1/filter', '过滤网压差高', 4)
  now += 24 * hour
  await raise('ahu-2/belt', '皮带故障 100%', 3, 'ahu-2')
  now += 24 * hour
  await raise('ahu-1/frost', '防冻开关动作')
  expect(await find({})).toEqual(['ahu-1/frost', 'ahu-2/belt', 'ahu-1/filter'])
  expect(await find({ q: '压差' })).toEqual(['ahu-1/filter'])
  expect(await find({ q: 'AHU-2' })).toEqual(['ahu-2/belt'])
  // What is a sign of the database is a sign of the text here.
  expect(await find({ q: '100%' })).toEqual(['ahu-2/belt'])
  expect(await find({ q: '_' })).toEqual([])
  expect(await find({ level: 4 })).toEqual(['ahu-1/filter'])
  expect(await find({ from: '2026-11-21', to: '2026-11-21' })).toEqual(['ahu-2/belt'])
  expect(await find({ before: now })).toEqual(['ahu-2/belt', 'ahu-1/filter'])
})
it('goes out as a table in the language of whoever asks', async () => {
  const id = await raise('ahu-1/filter', '过滤网压差高')
  await desk.unit(he, work => noteAlarm(work, id, '已约厂家'))
  const table = await alarmTable(desk as unknown as Desk, { q: '' }, 'zh')
  expect(table.columns).toHaveLength(table.rows[0]?.length ?? 0)
  expect(table.rows[0]).toEqual(expect.arrayContaining(['过滤网压差高', '260 / 250', '何敏: 已约厂家']))
})
it('its own page tells the last times and what was done then', async () => {
  const first = await raise('ahu-1/trip', '变频器故障')
  await desk.unit(he, work => noteAck(work, desk.engine, first, now, '换风扇'))
  now += hour
  await desk.unit(system, work => noteReturned(work, desk.reactions, first, now))
  now += hour
  const second = await raise('ahu-1/trip', '变频器故障')
  const suppressions = new Suppressions([], () => now)
  const unrecorded = { get: () => undefined, entries: [] }
  const views = openAlarmViews({
    read: desk.books.read,
    unrecorded,
    suppressions,
    mirror: () => desk.mirror,
    standing: new Map(),
  } as never)
  const page = await alarmPage({ ...desk, unrecorded, alarms: views } as unknown as Desk, second)
  expect(page).toMatchObject({
    alarm: { id: second },
    times90: 2,
    guidance: { cause: { zh: expect.stringContaining('变频器') } },
  })
  expect(page.last).toMatchObject([
    { id: first, ackedBy: '何敏', notes: ['何敏: 换风扇'], case: { number: expect.stringMatching(/^WX-/) } },
  ])
})

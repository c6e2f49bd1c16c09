import { ulid } from 'ulid'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { say, textIn } from '#api/words/text'
import { noteAck, noteAlarm } from '../../console/server/agents/alarms/acks.ts'
import { noteRaised, noteReturned } from '../../console/server/agents/alarms/alarmBook.ts'
import { openAlarmViews } from '../../console/server/agents/alarms/alarmViews.ts'
import { noteOwnEvent } from '../../console/server/agents/alarms/consoleAlarms.ts'
import { Suppressions } from '../../console/server/agents/alarms/suppressions.ts'
import { system } from '../../console/server/books/audit.ts'
import type { Desk } from '../../console/server/desk/desk.ts'
import { alarmPage } from '../../console/subjects/alarms/alarmPage.ts'
import { alarmFigures } from '../../console/subjects/alarms/figures.ts'
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
  (await alarmHistory(desk.books.read, desk.directory, { q: '', limit: 100, ...o })).map(r => r.key)

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
  // The books keep names in every language: how they keep them is nobody's text.
  expect(await find({ q: 'zh' })).toEqual([])
  expect(await find({ q: '5f 西' })).toHaveLength(3)
  await desk.unit(system, work =>
    noteOwnEvent(work, desk.reactions, { key: 'gap/tower', level: 3, name: say.desk.journalGap('tower', 7) }),
  )
  expect(await find({ q: textIn('zh', say.desk.journalGap('tower', 7)).slice(0, 8) })).toEqual(['gap/tower'])
  expect(await find({ q: 'journalgap' })).toEqual([])
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
it('figures of one post are those of what its people have acknowledged', async () => {
  const rules = { minuteOfDay: () => 0 }
  const ask = (post?: string) => alarmFigures({ ...desk, rules } as never, { from: '2026-11-20', to: '2026-11-20', post })
  const post = { id: 'guard-desk', name_json: '{"zh":"中控员","en":"Control room"}', roles_json: '["operator"]' }
  await desk.unit(system, async ({ tx }) => {
    await tx.insertInto('post').values(post).execute()
    for (const [id, of] of [
      ['u-of-post', post.id],
      ['u-of-none', ''],
    ] as const)
      await tx
        .insertInto('user_account')
        .values({ id, name: id, display: id, post: of, roles_json: '["operator"]', password: '', active: 1 })
        .execute()
  })
  for (const [who, seconds] of [
    ['u-of-post', 10],
    ['u-of-post', 30],
    ['u-of-none', 100],
    [null, 0],
  ] as const) {
    const id = await raise(`ahu-1/${who}-${seconds}`, '过滤网压差高')
    now += seconds * 1000
    if (who) await desk.unit({ id: who, display: who, station: 'desk' }, work => noteAck(work, desk.engine, id, now, undefined))
  }
  expect(await ask()).toMatchObject({ figures: { count: 4, unacked: 1 }, posts: [{ id: post.id, count: 2 }] })
  expect((await ask(post.id)).figures).toMatchObject({ count: 2, unacked: 0, ackMedianMs: 20_000 })
})

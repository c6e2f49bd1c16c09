import { ulid } from 'ulid'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AlarmFact, AlarmLevel } from '#contract/alarm'
import { noteAck, noteAcks, ownAlarm, resetAlarm } from '../../console/server/agents/alarms/acks.ts'
import { noteRaised, noteReturned } from '../../console/server/agents/alarms/alarmBook.ts'
import { floodsIn, openFloodWatch } from '../../console/server/agents/alarms/floodWatch.ts'
import { openAlarms } from '../../console/server/agents/alarms/rows.ts'
import { endOfTime, giveBack, setAside } from '../../console/server/agents/alarms/setAside.ts'
import { Suppressions } from '../../console/server/agents/alarms/suppressions.ts'
import { type Actor, system } from '../../console/server/books/audit.ts'
import type { Work } from '../../console/server/books/unitOfWork.ts'
import { type ConsoleBooks, openConsoleBooks } from '../harness/consoleBooks.ts'

const min = 60_000
const agent = 'tower'
let desk: ConsoleBooks
let now: number
let book: Suppressions
const operator: Actor = { id: 'u-he', display: '何敏', station: 'desk' }
const engineer: Actor = { id: 'u-zhou', display: '周强', station: 'desk' }

beforeEach(async () => {
  now = Date.parse('2026-11-24T10:00:00+08:00')
  desk = await openConsoleBooks(() => now)
  book = new Suppressions([], () => now)
})
afterEach(() => desk.close())

const by = (actor: Actor, act: (work: Work) => Promise<unknown>) => desk.unit(actor, act)
const raise = async (o: Partial<AlarmFact> = {}): Promise<string> => {
  const fact: AlarmFact = {
    ...{ id: ulid(), key: 'ahu-1/filter', level: 3, kind: 'equipment', device: 'ahu-1', point: null, place: 'f5-w' },
    ...{ name: { zh: '过滤网压差高', en: 'filter' }, raisedAt: now, value: 260, limit: 250, unverifiedSince: null },
    ...o,
  }
  await by(system, work => noteRaised(work, desk.reactions, agent, fact))
  return fact.id
}
const returns = (id: string) => by(system, work => noteReturned(work, desk.reactions, id, now))
const ack = (id: string) => by(operator, work => noteAck(work, desk.engine, id, now))
const row = (id: string) => desk.books.read.selectFrom('alarm').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const shelve = async (id: string, minutes = 60, o: { kind?: 'shelved' | 'out-of-service'; wholeDevice?: boolean } = {}) => {
  const found = await row(id)
  const ask = { kind: 'shelved' as const, until: now + minutes * min, why: '已约厂家', wholeDevice: false, ...o }
  await by(engineer, work => setAside(book, work, found, ask))
}
const failures: unknown[] = []
const expire = () =>
  endOfTime(
    { book, read: desk.books.read, unit: desk.unit, reactions: desk.reactions, changed: () => {}, failed: e => failures.push(e) },
    now,
  )
const open = async () => (await openAlarms(desk.books.read)).map(a => a.id)
const notices = () => desk.books.read.selectFrom('notice').selectAll().where('kind', '=', 'given-back').execute()

describe('a repeat of what nobody has acknowledged', () => {
  it('is the same alarm: counted, whose it was, and not called anew', async () => {
    const first = await raise()
    await by(operator, work => ownAlarm(work, first))
    await returns(first)
    now += 5 * min
    const second = await raise()
    expect(await open()).toEqual([second])
    expect(await row(second)).toMatchObject({ first_id: first, times: 2, rings: 1, owner: '何敏', chatters: 0 })
    await returns(second)
    // A station that has not heard of the repeat acknowledges what it shows.
    await ack(first)
    expect(await open()).toEqual([])
  })
  it('calls anew where it is worse, or where it is danger to life', async () => {
    const warm = await raise()
    await returns(warm)
    const hot = await raise({ level: 2, kind: 'advisory' })
    expect(await row(hot)).toMatchObject({ times: 2, rings: 2 })
    const fire = await raise({ key: 'fp/1', level: 1, kind: 'fire', device: null })
    await returns(fire)
    const again = await raise({ key: 'fp/1', level: 1, kind: 'fire', device: null })
    expect(await row(again)).toMatchObject({ times: 2, rings: 2 })
  })
  it('is a new alarm once the last one was acknowledged and over', async () => {
    const first = await raise()
    await ack(first)
    await returns(first)
    const second = await raise()
    expect(await row(second)).toMatchObject({ first_id: second, times: 1 })
    expect(await open()).toEqual([second])
  })
  it('that comes three times within a minute chatters, and is named so', async () => {
    const ids: string[] = []
    for (let n = 0; n < 3; n++) {
      ids.push(await raise())
      now += 5_000
      await returns(ids.at(-1) ?? '')
    }
    expect((await row(ids[1] ?? '')).chatters).toBe(0)
    expect((await row(ids[2] ?? '')).chatters).toBe(3)
    now += min
    expect((await row(await raise())).chatters).toBe(0)
  })
})

describe('an alarm that is set aside', () => {
  it('is acknowledged by whoever does it, comes back by itself, and calls anew with its order', async () => {
    const id = await raise({ level: 4, kind: 'advisory' })
    await shelve(id, 30)
    expect(await row(id)).toMatchObject({ acked_by: '周强', rings: 1 })
    expect(book.of({ source: agent, key: 'ahu-1/filter', device: 'ahu-1', level: 4 })).toMatchObject({
      kind: 'shelved',
      by: '周强',
    })
    now += 29 * min
    await expire()
    expect(book.rows).toHaveLength(1)
    now += min
    await expire()
    expect(book.rows).toEqual([])
    expect(await row(id)).toMatchObject({ acked_at: null, acked_by: null, rings: 2 })
  })
  it('opens no order while it is out of sight, and does when it is given back and stands', async () => {
    const first = await raise()
    await shelve(first)
    await returns(first)
    now += min
    const second = await raise()
    expect((await row(second)).ticket).toBeNull()
    await by(operator, work => giveBack(book, work, desk.reactions, book.rows[0]?.id ?? ''))
    expect((await row(second)).ticket).not.toBeNull()
    expect(await notices()).toMatchObject([{ roles_json: '["user:u-zhou"]' }])
  })
  it('and came and went meanwhile is brought before nobody', async () => {
    const first = await raise()
    await shelve(first, 30)
    await returns(first)
    const second = await raise()
    await returns(second)
    now += 30 * min
    await expire()
    expect(await open()).toEqual([])
    expect(await row(second)).toMatchObject({ acked_by: null, ticket: null })
  })
  it('with all of its device leaves danger to life in sight, and others of its own shelf out of it', async () => {
    const filter = await raise()
    await shelve(filter, 30)
    await shelve(filter, 60 * 24, { kind: 'out-of-service', wholeDevice: true })
    const belt = await raise({ key: 'ahu-1/belt' })
    const smoke = await raise({ key: 'ahu-1/smoke', level: 1, kind: 'fire' })
    const about = (key: string, level: AlarmLevel) => book.of({ source: agent, key, device: 'ahu-1', level })
    expect(about('ahu-1/belt', 3)).toMatchObject({ kind: 'out-of-service' })
    expect(about('ahu-1/smoke', 1)).toBeNull()
    expect((await row(belt)).ticket).toBeNull()
    expect((await row(smoke)).ticket).not.toBeNull()
    now += 31 * min
    await expire()
    // Its own shelf is over; all of the device is out of service still.
    expect(await row(filter)).toMatchObject({ acked_by: '周强', rings: 1 })
    expect(book.rows).toMatchObject([{ kind: 'out-of-service', key: 'ahu-1/*' }])
  })
  it('of level 1 is refused, and what is over as well; giving back twice too', async () => {
    const fire = await raise({ key: 'fp/1', level: 1, kind: 'fire', device: null })
    await expect(shelve(fire)).rejects.toMatchObject({ code: 'never-shelved' })
    const over = await raise()
    await ack(over)
    await returns(over)
    await expect(shelve(over)).rejects.toMatchObject({ code: 'alarm-over' })
    const one = await raise()
    await shelve(one)
    const id = book.rows[0]?.id ?? ''
    await by(engineer, work => giveBack(book, work, desk.reactions, id))
    await expect(by(engineer, work => giveBack(book, work, desk.reactions, id))).rejects.toMatchObject({ code: 'not-set-aside' })
    expect(await notices()).toEqual([])
  })
  it('keeps its new end and reason where it is set aside once more', async () => {
    const id = await raise()
    await shelve(id, 30)
    now += 10 * min
    await shelve(id, 60)
    expect(book.rows).toMatchObject([{ until: now + 60 * min }])
    now += 25 * min
    await expire()
    expect(book.rows).toHaveLength(1)
  })
})

describe('a latched alarm', () => {
  it('stays until somebody has acknowledged and reset it, and not while it stands', async () => {
    const reset = (id: string) => by(operator, work => resetAlarm(work, id))
    const id = await raise({ latch: true })
    await ack(id)
    await expect(reset(id)).rejects.toMatchObject({ code: 'still-in-alarm' })
    await returns(id)
    expect(await open()).toEqual([id])
    await reset(id)
    expect(await open()).toEqual([])
    await expect(reset(id)).rejects.toMatchObject({ code: 'not-latched' })
  })
})

describe('a flood', () => {
  const watch = async () => {
    const told: (number | null)[] = []
    const flood = await openFloodWatch({
      read: desk.books.read,
      unit: desk.unit,
      wall: () => now,
      tell: f => told.push(f?.count ?? null),
    })
    return { flood, told }
  }
  it('is in the books with its beginning, its peak, its first and its end, also over a restart', async () => {
    const { flood, told } = await watch()
    const first = await raise({ key: 'first' })
    const began = now
    for (let n = 0; n < 11; n++) {
      now += 1000
      await raise({ key: `k${n}` })
      await flood.look()
    }
    expect(told.at(-1)).toBe(12)
    expect(flood.now()).toMatchObject({ first: { id: first }, startedAt: began, peak: 12, rate: 12 })
    // Another start of the console goes on with it.
    const { flood: later, told: toldLater } = await watch()
    now += 2 * min
    await later.look()
    expect(toldLater).toEqual([12])
    expect(later.now()).toMatchObject({ rate: 0, peak: 12 })
    now += 9 * min
    await later.look()
    expect(toldLater).toEqual([12, null])
    expect(await floodsIn(desk.books.read, 10)).toMatchObject([{ startedAt: began, endedAt: now, peak: 12 }])
  })
  it('is not made of what is set aside', async () => {
    const { flood, told } = await watch()
    const one = await raise({ device: 'ahu-1', key: 'ahu-1/x' })
    await shelve(one, 60, { kind: 'out-of-service', wholeDevice: true })
    for (let n = 0; n < 20; n++) await raise({ device: 'ahu-1', key: `ahu-1/${n}` })
    await flood.look()
    expect(told).toEqual([])
  })
  it('is acknowledged together by what was seen, of level 1 nothing', async () => {
    const fire = await raise({ key: 'fp/1', level: 1, kind: 'fire', device: null })
    const others = [await raise({ key: 'a' }), await raise({ key: 'b' })]
    const done = await desk.unit(operator, work => noteAcks(work, desk.engine, [fire, ...others, 'unknown']))
    expect(done).toEqual(others)
    expect(await row(fire)).toMatchObject({ acked_at: null })
    expect(await row(others[0] ?? '')).toMatchObject({ acked_by: '何敏' })
  })
})

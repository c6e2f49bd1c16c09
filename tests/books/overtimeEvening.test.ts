import { ulid } from 'ulid'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { textIn } from '#api/words/text'
import { realPace } from '#contract/pace'
import { realWallClock } from '#program/wallClock'
import { noteRun } from '../../console/server/agents/journal/runBook.ts'
import { programmeDocument } from '../../console/server/agents/programme/programmeDocument.ts'
import { system } from '../../console/server/books/audit.ts'
import { openWallWatch } from '../../console/server/mirror/wallWatch.ts'
import { zoneChains } from '../../console/subjects/overtime/bookingFacts.ts'
import { overtimeCharges } from '../../console/subjects/overtime/chargeLines.ts'
import { finishOvertime, windUpUnsigned } from '../../console/subjects/overtime/endings.ts'
import { watchStarts } from '../../console/subjects/overtime/starts.ts'
import { type ConsoleBooks, hearAgents, leaseZone, openConsoleBooks } from '../harness/consoleBooks.ts'

const zone = 'f12-e'
const begin = Date.parse('2026-11-24T19:00:00+08:00')
const min = 60_000
let now = 0
let desk: ConsoleBooks
let agent = ''
const wall = () => now

beforeEach(async () => {
  now = begin - 120 * min
  desk = await openConsoleBooks(wall)
  agent = desk.site.agents[0]?.id ?? ''
  await leaseZone(desk, zone)
  hearAgents(desk, now)
})
afterEach(() => desk.close())

const act = (id: string, verb: string, input: object = {}) =>
  desk.unit(system, work => desk.engine.act(work, id, verb, { ...input }, { roles: ['front-desk'] }))
const book = async (from: number, to: number, quotedFen: number, signed = true): Promise<string> => {
  const form = { zone, from, to, contact: '张伟', phone: '138', quotedFen }
  const { id } = await desk.unit(system, work => desk.engine.open(work, 'overtime', { form }, { roles: ['front-desk'] }))
  if (!signed) return id
  await act(id, 'accept')
  await act(id, 'sign', { signature: '张伟' })
  return id
}
const ran = async (from: number, to: number, why: 'stopped' | 'unverified' = 'stopped') => {
  const run = { type: 'run' as const, at: to, id: ulid(), zone, from, to, lastedMs: to - from, why, evidence: [] }
  await desk.unit(system, work => noteRun(work, agent, run, desk.reactions))
}
/** The chores of the console at an instant, by a process that remembers nothing of before. */
const chores = async (at: number) => {
  now = at
  const wallWatch = openWallWatch(
    wall,
    () => now,
    () => realPace,
  )
  const parts = { ...desk, chains: zoneChains(desk.site, desk.profiles), clock: realWallClock, wallWatch }
  await finishOvertime(parts, now)
  await windUpUnsigned(parts, now)
  await watchStarts(parts, now)
}
const stateOf = async (id: string) => (await desk.engine.head(desk.books.read, id)).state
const notices = async (kind: string) =>
  (await desk.books.read.selectFrom('notice').selectAll().where('kind', '=', kind).execute()).map(n => JSON.parse(n.roles_json))
const alarms = () => desk.books.read.selectFrom('alarm').selectAll().where('key', 'like', 'overtime/%').execute()
const orders = async (relation: string) =>
  desk.books.read
    .selectFrom('case_link')
    .innerJoin('case_file', 'case_file.id', 'to_case')
    .selectAll('case_file')
    .where('relation', '=', relation)
    .orderBy('number')
    .execute()
const lines = async () => {
  const rows = await desk.books.read.selectFrom('charge_line').selectAll().orderBy('case_id').execute()
  return rows.map(r => ({
    id: r.case_id,
    minutes: r.billable_minutes,
    fen: r.fen,
    to: r.to_at,
    note: r.note_json ?? '',
    missed: JSON.parse(r.missed_json),
  }))
}

describe('a booking whose zone does not start', () => {
  it('is an alarm, an urgent order and a call to the tenant, once each, and no more when it runs', async () => {
    const id = await book(begin, begin + 120 * min, 24_000)
    await chores(begin + 9 * min)
    expect(await alarms()).toEqual([])
    for (const at of [10, 11, 30]) await chores(begin + at * min)
    const [alarm, ...more] = await alarms()
    expect(more).toEqual([])
    expect(alarm).toMatchObject({ level: 3, place: zone, returned_at: null })
    expect(await orders('not-started')).toMatchObject([{ urgent: 1, state: 'sent', place: zone }])
    expect(await notices('not-started')).toEqual([['front-desk']])
    const [told] = await desk.books.read.selectFrom('notice').selectAll().where('kind', '=', 'not-started').execute()
    expect(told).toMatchObject({ record: id, text_json: expect.stringContaining('张伟 138') })
    await ran(begin + 35 * min, begin + 40 * min)
    for (const at of [41, 60]) await chores(begin + at * min)
    expect(await alarms()).toMatchObject([{ id: alarm?.id, returned_at: begin + 41 * min }])
    expect([(await orders('not-started')).length, (await notices('not-started')).length]).toEqual([1, 1])
  })
  it('is one after as many minutes as the site says', async () => {
    await desk.unit(system, work => desk.rules.set(work, 'overtime-start-limit', 30, 'test'))
    await desk.rules.reload(desk.books.read)
    await book(begin, begin + 120 * min, 24_000)
    await chores(begin + 29 * min)
    expect(await alarms()).toEqual([])
    await chores(begin + 30 * min)
    expect(await alarms()).toHaveLength(1)
  })
  it('was signed late: its limit runs from there; its alarm goes with its booking', async () => {
    const id = await book(begin, begin + 60 * min, 12_000, false)
    now = begin + 20 * min
    await act(id, 'accept')
    await act(id, 'sign', { signature: '张伟' })
    await chores(begin + 29 * min)
    expect(await alarms()).toEqual([])
    await chores(begin + 30 * min)
    expect(await alarms()).toHaveLength(1)
    await chores(begin + 61 * min)
    await chores(begin + 62 * min)
    expect(await alarms()).toMatchObject([{ returned_at: begin + 61 * min }])
    expect(await lines()).toMatchObject([{ minutes: 0, fen: 0, missed: [{ why: 'unconfirmed', minutes: 60, fen: 12_000 }] }])
  })
  it('is none when its run is confirmed', async () => {
    await book(begin, begin + 120 * min, 24_000)
    await ran(begin + min, begin + 8 * min)
    await chores(begin + 30 * min)
    expect(await alarms()).toEqual([])
  })
})

describe('a booking that nobody signs', () => {
  it('is chased once before it begins, and ends with its time; its place is free again', async () => {
    const id = await book(begin, begin + 60 * min, 12_000, false)
    await chores(begin - 61 * min)
    expect(await notices('unsigned')).toEqual([])
    for (const before of [60, 59, 1]) await chores(begin - before * min)
    expect(await notices('unsigned')).toEqual([['front-desk', 'supervisor']])
    await chores(begin + 59 * min)
    expect(await stateOf(id)).toBe('quoted')
    await chores(begin + 60 * min)
    expect(await stateOf(id)).toBe('cancelled')
    expect(await desk.books.read.selectFrom('booking').select('live').executeTakeFirst()).toEqual({ live: 0 })
    expect(await notices('lapsed')).toEqual([['front-desk', 'supervisor']])
    expect(await lines()).toEqual([])
  })
  it('is not chased as soon as it is made', async () => {
    now = begin - 20 * min
    await book(begin, begin + 60 * min, 12_000, false)
    await chores(begin - 11 * min)
    expect(await notices('unsigned')).toEqual([])
    await chores(begin - 10 * min)
    expect(await notices('unsigned')).toHaveLength(1)
  })
  it('is chased as long before as the site says', async () => {
    await desk.unit(system, work => desk.rules.set(work, 'overtime-sign-reminder', 10, 'test'))
    await desk.rules.reload(desk.books.read)
    await book(begin, begin + 60 * min, 12_000, false)
    await chores(begin - 11 * min)
    expect(await notices('unsigned')).toEqual([])
    await chores(begin - 10 * min)
    expect(await notices('unsigned')).toHaveLength(1)
  })
})

describe('the bill of an evening', () => {
  it('is one for two bookings, each at what was told; the order closes with its booking', async () => {
    const first = await book(begin, begin + 67 * min, 12_000)
    const second = await book(begin + 67 * min, begin + 134 * min, 12_000)
    await ran(begin, begin + 134 * min)
    await chores(begin + 68 * min)
    expect(await lines()).toMatchObject([{ id: first, minutes: 60 }])
    expect((await orders('order')).map(o => o.state)).toEqual(['done', 'sent'])
    await chores(begin + 135 * min)
    expect(await lines()).toMatchObject([
      { id: first, minutes: 60, fen: 12_000 },
      { id: second, minutes: 60, fen: 12_000 },
    ])
    expect((await orders('order')).map(o => o.state)).toEqual(['done', 'done'])
  })
  it('an hour more costs what it adds, and is told so; the minimum of half an hour is not paid twice', async () => {
    const first = await book(begin, begin + 30 * min, 12_000)
    await expect(book(begin + 30 * min, begin + 90 * min, 12_000)).rejects.toMatchObject({ code: 'price-changed' })
    const second = await book(begin + 30 * min, begin + 90 * min, 6_000)
    await ran(begin, begin + 90 * min)
    await chores(begin + 91 * min)
    expect(await lines()).toMatchObject([
      { id: first, fen: 12_000 },
      { id: second, fen: 6_000 },
    ])
  })
  it('what was told before another was given up cannot be signed', async () => {
    const first = await book(begin, begin + 30 * min, 12_000)
    const second = await book(begin + 30 * min, begin + 90 * min, 6_000, false)
    await act(first, 'withdraw', { reason: '-' })
    await expect(act(second, 'accept')).rejects.toMatchObject({ code: 'price-changed' })
  })
  it('names the fire and the silence that took time off it, and how much', async () => {
    const compartment = desk.site.compartments.find(c => c.zones.includes(zone))?.id ?? ''
    await book(begin, begin + 120 * min, 24_000)
    await ran(begin, begin + 30 * min)
    await ran(begin + 60 * min, begin + 90 * min, 'unverified')
    await desk.books.write(tx =>
      tx
        .insertInto('compartment_event')
        .values({ event: ulid(), agent, compartment, met_at: begin + 30 * min, released_at: begin + 60 * min, causes_json: '[]' })
        .execute(),
    )
    await chores(begin + 121 * min)
    const [line] = await lines()
    expect(line).toMatchObject({
      minutes: 60,
      fen: 12_000,
      missed: [
        { why: 'fire', minutes: 30, fen: 6_000 },
        { why: 'silence', minutes: 30, fen: 6_000 },
      ],
    })
    const charges = await overtimeCharges(desk.books.read, '2026-11')
    // What it would have been, and what was taken off by itself, with the reason.
    expect(charges.map(c => [textIn('zh', c.item), c.fen, c.note && textIn('zh', c.note)])).toEqual([
      ['超时空调', 24_000, null],
      ['超时空调减收', -6_000, '火警 30 min，少计 ¥60.00'],
      ['超时空调减收', -6_000, '失联，未核实 30 min，少计 ¥60.00'],
    ])
    expect(charges[0]?.measured).toMatchObject({ confirmedMinutes: 60, billableMinutes: 120 })
  })
  it('names an equipment fault', async () => {
    const controller = desk.site.zones.find(z => z.id === zone)?.controller ?? ''
    await book(begin, begin + 60 * min, 12_000)
    await ran(begin, begin + 40 * min)
    const alarm = { id: ulid(), source: agent, key: `${controller}/on_fb/x`, level: 3, kind: 'equipment', device: controller }
    const rest = { point: null, place: null, name_json: '{"zh":"-","en":"-"}', value_json: '0', limit_json: '0', acked_at: null }
    const times = { raised_at: begin + 40 * min, returned_at: begin + 70 * min, acked_by: null, owner: null, ticket: null }
    await desk.books.write(tx =>
      tx
        .insertInto('alarm')
        .values({ ...alarm, ...rest, ...times, notes_json: '[]', times: 1, rings: 1, latched: 0, chatters: 0 })
        .execute(),
    )
    await chores(begin + 61 * min)
    expect(await lines()).toMatchObject([{ minutes: 30, missed: [{ why: 'fault', minutes: 20, fen: 6_000 }] }])
  })
})

describe('a booking that is stopped early', () => {
  it('leaves the programme at once, is charged what was chosen, at least the minimum, and takes its order along', async () => {
    const id = await book(begin, begin + 120 * min, 24_000)
    await expect(act(id, 'stop', { reason: '-' })).rejects.toMatchObject({ code: 'not-begun' })
    await ran(begin, begin + 40 * min)
    now = begin + 40 * min
    const booked = async () => (await programmeDocument(desk.books.read, desk, now)).bookings.map(b => b.id)
    expect(await booked()).toEqual([id])
    await act(id, 'stop', { reason: '客户散会' })
    expect([await stateOf(id), await booked()]).toEqual(['stopping', []])
    await chores(begin + 41 * min)
    expect(await stateOf(id)).toBe('finished')
    expect(await lines()).toMatchObject([{ id, to: begin + 40 * min, minutes: 60, fen: 12_000, missed: [] }])
    expect((await orders('order')).map(o => o.state)).toEqual(['done'])
    // The rest of its time can be booked again.
    expect(await stateOf(await book(begin + 60 * min, begin + 120 * min, 6_000))).toBe('signed')
  })
  it('by whoever gave up waiting for it, costs only what ran', async () => {
    const id = await book(begin, begin + 120 * min, 24_000)
    await ran(begin + 25 * min, begin + 40 * min)
    now = begin + 40 * min
    await act(id, 'stop', { reason: '没有冷气' })
    await chores(begin + 41 * min)
    expect(await lines()).toMatchObject([{ minutes: 15, fen: 3_000 }])
  })
})

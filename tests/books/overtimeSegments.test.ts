import { ulid } from 'ulid'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { textIn } from '#api/words/text'
import { realPace } from '#contract/pace'
import { realWallClock } from '#program/wallClock'
import { noteRun } from '../../console/server/agents/journal/runBook.ts'
import { programmeDocument } from '../../console/server/agents/programme/programmeDocument.ts'
import { system } from '../../console/server/books/audit.ts'
import { openWallWatch } from '../../console/server/mirror/wallWatch.ts'
import { hoursOf } from '../../console/subjects/overtime/bookingList.ts'
import { handsOver } from '../../console/subjects/overtime/bookings.ts'
import { overtimeCharges } from '../../console/subjects/overtime/chargeLines.ts'
import { finishOvertime, windUpUnsigned } from '../../console/subjects/overtime/endings.ts'
import { rowsOf, withOtherHours } from '../../console/subjects/overtime/segments.ts'
import { type ConsoleBooks, hearAgents, leaseZone, openConsoleBooks } from '../harness/consoleBooks.ts'

const [east, west] = ['f12-e', 'f12-w']
const min = 60_000
const day = 1440 * min
/** A Tuesday. */
const begin = Date.parse('2026-11-24T19:00:00+08:00')
let now = 0
let desk: ConsoleBooks
let agent = ''

beforeEach(async () => {
  now = begin - 120 * min
  desk = await openConsoleBooks(() => now)
  agent = desk.site.agents[0]?.id ?? ''
  await leaseZone(desk, east, west)
  hearAgents(desk, now)
})
afterEach(() => desk.close())

const act = (id: string, verb: string, input: object = {}) =>
  desk.unit(system, work => desk.engine.act(work, id, verb, { ...input }, { roles: ['front-desk'] }))
const head = (id: string) => desk.engine.head(desk.books.read, id)
const open = (form: object) =>
  desk.unit(system, work =>
    desk.engine.open(
      work,
      'overtime',
      { form: { zone: east, from: begin, to: begin + 120 * min, contact: '张伟', phone: '138', ...form } },
      { roles: ['front-desk'] },
    ),
  )
const book = async (form: object): Promise<string> => {
  const { id } = await open(form)
  await act(id, 'accept')
  await act(id, 'sign', { signature: '张伟' })
  return id
}
const ran = (zone: string, from: number, to: number) => {
  const run = {
    type: 'run' as const,
    at: to,
    id: ulid(),
    zone,
    from,
    to,
    lastedMs: to - from,
    why: 'stopped' as const,
    evidence: [],
  }
  return desk.unit(system, work => noteRun(work, agent, run, desk.reactions))
}
const chores = async (at: number) => {
  now = at
  const wallWatch = openWallWatch(
    () => now,
    () => now,
    () => realPace,
  )
  const parts = { ...desk, clock: realWallClock, wallWatch }
  await finishOvertime(parts, now)
  await windUpUnsigned(parts, now)
}
const orderText = async () => {
  const order = await desk.books.read
    .selectFrom('case_file')
    .select('form_json')
    .where('procedure', '=', 'repair')
    .executeTakeFirst()
  return textIn('zh', JSON.parse(order?.form_json ?? '{}').content)
}
const hours = async (id: string) =>
  (await hoursOf(desk.books.read, desk.rules, id, now)).map(b => [b.zone, (b.from - begin) / min, (b.to - begin) / min, b.fen])
const programme = async () =>
  (await programmeDocument(desk.books.read, desk, now)).bookings.map(b => [b.zone, (b.from - begin) / min, (b.to - begin) / min])
const charges = async (month = '2026-11') =>
  (await overtimeCharges(desk.books.read, month)).map(c => [c.place, c.at - begin, c.fen])
const set = async (key: string, value: boolean) => {
  await desk.unit(system, work => desk.rules.set(work, key, value, '-'))
  await desk.rules.reload(desk.books.read)
}

describe('a booking of several zones', () => {
  it('is one form, one signature and one order; each zone runs and is charged for itself (R41)', async () => {
    const id = await book({ also: [west], quotedFen: 48_000 })
    expect(await hours(id)).toEqual([
      [east, 0, 120, 24_000],
      [west, 0, 120, 24_000],
    ])
    expect(await programme()).toEqual([
      [east, 0, 120],
      [west, 0, 120],
    ])
    // Engineering reads of both.
    const order = await desk.books.read
      .selectFrom('case_file')
      .select('form_json')
      .where('procedure', '=', 'repair')
      .executeTakeFirst()
    expect(textIn('zh', JSON.parse(order?.form_json ?? '{}').content)).toContain('12F 东、12F 西')
    await ran(east, begin, begin + 120 * min)
    await ran(west, begin, begin + 60 * min)
    await chores(begin + 121 * min)
    expect(await head(id)).toMatchObject({ state: 'finished' })
    // Half of the west did not run, and nobody knows why: its price, and what is taken off it.
    expect(await charges()).toEqual([
      [east, 0, 24_000],
      [west, 0, 24_000],
      [west, 0, -12_000],
    ])
  })
  it('is refused as a whole where one of them is somebody else\u2019s, has another tenant, or stands there twice', async () => {
    await book({ zone: west, quotedFen: 24_000 })
    await expect(open({ also: [west], quotedFen: 48_000 })).rejects.toMatchObject({ code: 'overlaps' })
    await expect(open({ also: [east], quotedFen: 48_000 })).rejects.toMatchObject({ code: 'in-the-way', field: 'also' })
    await expect(open({ also: ['f1-e'], quotedFen: 48_000 })).rejects.toMatchObject({ field: 'also' })
    expect(await desk.books.read.selectFrom('booking').select('id').execute()).toHaveLength(1)
  })
  it('one of them can be stopped: that one is charged by itself, the other goes on', async () => {
    const id = await book({ also: [west], quotedFen: 48_000 })
    now = begin + 60 * min
    await expect(act(id, 'stop-zone', { stopped: 'f1-e', reason: '-' })).rejects.toMatchObject({
      code: 'not-begun',
      field: 'stopped',
    })
    await act(id, 'stop-zone', { stopped: west, reason: '散会' })
    expect(await programme()).toEqual([[east, 0, 120]])
    await ran(west, begin, begin + 60 * min)
    await chores(begin + 61 * min)
    expect([(await head(id)).state, await charges()]).toEqual(['signed', [[west, 0, 12_000]]])
    // Other hours are those of the zone that goes on, whoever asks: the price that is told is the one that is taken.
    const { proposed, stays } = withOtherHours(desk.directory, await rowsOf(desk.books.read, id), now, { to: begin + 180 * min })
    expect([proposed.map(p => [p.zone, p.from, p.to]), stays.map(r => r.zone)]).toEqual([
      [[east, begin, begin + 180 * min]],
      [west],
    ])
    await ran(east, begin, begin + 120 * min)
    await chores(begin + 121 * min)
    expect([(await head(id)).state, await charges()]).toEqual([
      'finished',
      [
        [west, 0, 12_000],
        [east, 0, 24_000],
      ],
    ])
  })
})

describe('other hours', () => {
  it('change the one form with a signature, its price as it was told; the bill is that of a longer booking (R41)', async () => {
    const id = await book({ quotedFen: 24_000 })
    const longer = { to: begin + 180 * min, signature: '张伟' }
    await expect(act(id, 'change', { ...longer, quotedFen: 24_000 })).rejects.toMatchObject({ code: 'price-changed' })
    await act(id, 'change', { ...longer, quotedFen: 36_000 })
    expect((await head(id)).form).toMatchObject({ to: begin + 180 * min, quotedFen: 36_000, owes: false })
    expect(await programme()).toEqual([[east, 0, 180]])
    // Engineering reads the hours that hold now.
    expect(await orderText()).toContain('22:00')
    await ran(east, begin, begin + 180 * min)
    await chores(begin + 181 * min)
    expect(await charges()).toEqual([[east, 0, 36_000]])
    const orders = await desk.books.read.selectFrom('case_link').select('to_case').where('relation', '=', 'order').execute()
    expect(orders).toHaveLength(1)
  })
  it('shorten it while it runs, never behind now, and its beginning stays', async () => {
    const id = await book({ quotedFen: 24_000 })
    now = begin + 30 * min
    const change = (o: object) => act(id, 'change', { signature: '张伟', quotedFen: 12_000, ...o })
    await expect(change({ to: begin + 20 * min })).rejects.toMatchObject({ code: 'in-the-past', field: 'to' })
    await expect(change({ from: begin + 40 * min, to: begin + 60 * min })).rejects.toMatchObject({ code: 'already-started' })
    await change({ to: begin + 60 * min })
    await ran(east, begin, begin + 60 * min)
    await chores(begin + 61 * min)
    expect(await charges()).toEqual([[east, 0, 12_000]])
    await expect(change({ to: begin + 180 * min })).rejects.toMatchObject({ code: 'not-in-this-state' })
  })
  it('are refused where the zone is somebody else\u2019s by then', async () => {
    const id = await book({ quotedFen: 24_000 })
    await book({ from: begin + 150 * min, to: begin + 210 * min, quotedFen: 12_000 })
    await expect(act(id, 'change', { to: begin + 180 * min, quotedFen: 36_000, signature: '-' })).rejects.toMatchObject({
      code: 'overlaps',
    })
    expect(await programme()).toHaveLength(2)
  })
  it('by telephone need no signature where the site says so; it is owed until it is brought in, also after the run', async () => {
    const id = await book({ quotedFen: 24_000 })
    now = begin + 110 * min
    const longer = { to: begin + 180 * min, quotedFen: 36_000, asker: '张伟' }
    await expect(act(id, 'extend', longer)).rejects.toMatchObject({ code: 'in-the-way' })
    await set('overtime-signed-later', true)
    await act(id, 'extend', longer)
    expect((await head(id)).form).toMatchObject({ owes: true })
    const look = { ...desk.engine.around, db: desk.books.read, at: now }
    expect(await handsOver(look)).toMatchObject([{ ref: id, needsRemark: true }])
    expect(await programme()).toEqual([[east, 0, 180]])
    await ran(east, begin, begin + 180 * min)
    await chores(begin + 181 * min)
    expect([(await head(id)).state, await charges()]).toEqual(['unsigned', [[east, 0, 36_000]]])
    await act(id, 'countersign', { signature: '张伟' })
    expect(await head(id)).toMatchObject({ state: 'finished', form: { owes: false } })
  })
})

describe('a booking that is repeated', () => {
  /** Tuesday 24 and Thursday 26 November, Tuesday 1 December, but not the Thursday of 3 December. */
  const weekly = { weekdays: ['2', '4'], until: '2026-12-05', except: ['2026-12-03'], quotedFen: 72_000 }
  it('has its evenings, each in the programme and on the bill of its own month; one can be left out, and the end moved (R41)', async () => {
    const id = await book(weekly)
    expect((await hours(id)).map(h => Number(h[1]) / 1440)).toEqual([0, 2, 7])
    await ran(east, begin, begin + 120 * min)
    await chores(begin + 121 * min)
    expect([(await head(id)).state, await charges()]).toEqual(['signed', [[east, 0, 24_000]]])
    await expect(act(id, 'skip', { evening: '2026-11-24', reason: '-' })).rejects.toMatchObject({ code: 'already-over' })
    await act(id, 'skip', { evening: '2026-11-26', reason: '放假' })
    expect((await programme()).map(p => p[1])).toEqual([7 * 1440])
    await ran(east, begin + 7 * day, begin + 7 * day + 120 * min)
    await chores(begin + 7 * day + 121 * min)
    expect((await head(id)).state).toBe('finished')
    expect(await charges()).toEqual([[east, 0, 24_000]])
    expect(await charges('2026-12')).toEqual([
      [east, 0, 24_000],
      [east, 7 * day, 24_000],
    ])
  })
  it('is made longer on one evening, ends early, and is over when nothing of it is left', async () => {
    const id = await book(weekly)
    const thursday = begin + 2 * day
    const longer = { evening: '2026-11-26', to: thursday + 180 * min, quotedFen: 84_000, signature: '张伟' }
    await expect(act(id, 'change-evening', { ...longer, evening: '2026-11-27' })).rejects.toMatchObject({ field: 'evening' })
    await act(id, 'change-evening', longer)
    expect((await hours(id)).map(h => h[3])).toEqual([24_000, 36_000, 24_000])
    expect(await orderText()).toMatch(/19:00.*2026-11-26 → 22:00$/)
    // The form is that of the first evening.
    expect((await head(id)).form).toMatchObject({ to: begin + 120 * min, quotedFen: 84_000 })
    now = begin + 10 * min
    await act(id, 'stop-evening', { reason: '散会' })
    expect((await head(id)).state).toBe('signed')
    await ran(east, begin, begin + 10 * min)
    await expect(act(id, 'curtail', { until: '2027-01-01', reason: '-' })).rejects.toMatchObject({ field: 'until' })
    await act(id, 'curtail', { until: '2026-11-24', reason: '退租' })
    expect(await programme()).toEqual([])
    await chores(begin + 11 * min)
    expect((await head(id)).state).toBe('finished')
    expect(await charges()).toEqual([[east, 0, 12_000]])
  })
  it('names the weekday of its first evening, ends within a year, and is not too much at once', async () => {
    await expect(open({ ...weekly, weekdays: ['4'] })).rejects.toMatchObject({ code: 'in-the-way', field: 'weekdays' })
    await expect(open({ ...weekly, until: '2027-12-05' })).rejects.toMatchObject({ code: 'too-long', field: 'until' })
    const daily = { weekdays: ['1', '2', '3', '4', '5', '6', '7'], until: '2027-10-05' }
    await expect(open({ ...weekly, ...daily })).rejects.toMatchObject({ code: 'in-the-way', field: 'until' })
    // Longer than from one to the next.
    await expect(open({ ...weekly, ...daily, until: '2026-12-05', to: begin + 1440 * min + min })).rejects.toMatchObject({
      field: 'to',
    })
  })
  it('that nobody has signed lapses with its first evening', async () => {
    const { id } = await open(weekly)
    await chores(begin + 121 * min)
    expect([(await head(id)).state, await programme()]).toEqual(['cancelled', []])
  })
})

it('where a customer has named who may order, nobody else books for him', async () => {
  await desk.books.write(tx =>
    tx
      .insertInto('tenant_contact')
      .values({ tenant_id: 't', position: 1, name: '李经理', phone: '', may_json: '["order"]' })
      .execute(),
  )
  await expect(open({ quotedFen: 24_000 })).rejects.toMatchObject({ code: 'in-the-way', field: 'contact' })
  await open({ quotedFen: 24_000, contact: '李经理' })
})

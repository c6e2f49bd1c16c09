import { pino } from 'pino'
import { ulid } from 'ulid'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { alarmPage } from '#api/models/live'
import type { AlarmFact } from '#contract/alarm'
import { storeFailed } from '#store/openStore'
import { noteReturned, noteStanding } from '../../console/server/agents/alarms/alarmBook.ts'
import { openAlarmViews } from '../../console/server/agents/alarms/alarmViews.ts'
import { bringIn } from '../../console/server/agents/alarms/bringIn.ts'
import { newAlarmRow, openAlarmCounts, openAlarms, rowsOf } from '../../console/server/agents/alarms/rows.ts'
import { Suppressions } from '../../console/server/agents/alarms/suppressions.ts'
import { Unrecorded } from '../../console/server/agents/alarms/unrecorded.ts'
import { openJournalBook } from '../../console/server/agents/journal/journalBook.ts'
import { openAccounts } from '../../console/server/auth/accounts.ts'
import { system } from '../../console/server/books/audit.ts'
import { type WatchedBooks, watchBooks } from '../../console/server/books/booksWatch.ts'
import { type UnitOfWork, unitOfWork } from '../../console/server/books/unitOfWork.ts'
import { StandingPages } from '../../console/server/mirror/standingPages.ts'
import { type ConsoleBooks, openConsoleBooks } from '../harness/consoleBooks.ts'
import { until } from '../harness/wait.ts'

const at = Date.parse('2026-11-24T10:00:00+08:00')
const busy = () => new Error('SQLITE_BUSY: database is locked')
let desk: ConsoleBooks
/** What the next writes meet. */
let faults: Error[]
let books: WatchedBooks
let unit: UnitOfWork
let unrecorded: Unrecorded
beforeEach(async () => {
  desk = await openConsoleBooks(() => at)
  faults = []
  books = watchBooks({
    ...desk.books,
    write(work) {
      const fault = faults.shift()
      return fault ? Promise.reject(fault) : desk.books.write(work)
    },
  })
  unrecorded = new Unrecorded({
    rowsOf: (ids, allOf) => rowsOf(books.read, ids, allOf),
    wall: () => at,
    failed: e => {
      throw e
    },
    changed: () => {},
  })
  unit = unitOfWork(
    books,
    () => at,
    () => {},
  )
})
afterEach(() => desk.close())

const fact = (o: Partial<AlarmFact> = {}): AlarmFact => ({
  id: ulid(),
  key: 'k',
  level: 1,
  kind: 'fire',
  device: null,
  point: null,
  place: 'f12-w',
  name: { zh: '火警', en: 'fire' },
  raisedAt: at,
  value: true,
  limit: true,
  unverifiedSince: null,
  ...o,
})
const alarms = () =>
  openAlarmViews({
    read: books.read,
    unrecorded,
    suppressions: new Suppressions([], () => at),
    mirror: () => desk.mirror,
    standing: new Map(),
  })
const rows = () => books.read.selectFrom('alarm').selectAll().execute()
const quarantine = () => books.read.selectFrom('quarantine').selectAll().execute()
const bring = () => bringIn({ unit, reactions: desk.reactions, engine: desk.engine, unrecorded, log: pino({ level: 'silent' }) })
const heard = (raised: AlarmFact[], more: { returned?: { id: string; at: number }[]; isOver?: (id: string) => boolean } = {}) => {
  unrecorded.underway({ source: 'tower', raised, returned: [], ...more }).failed()
  return unrecorded.settled()
}

describe('a record that the store could not take', () => {
  const take = (alarm: AlarmFact) => {
    const journal = openJournalBook({
      ...desk,
      unit: unitOfWork(
        desk.books,
        () => at,
        () => {},
      ),
      mono: () => 0,
    })
    const flaky = unitOfWork(
      {
        ...desk.books,
        write: w => {
          const f = faults.shift()
          return f ? Promise.reject(f) : desk.books.write(w)
        },
      },
      () => at,
      () => {},
    )
    const batch = { journalId: ulid(), records: [{ n: 1, body: { type: 'alarm-raised', at, alarm } }] }
    return {
      again: () => journal.ingest('tower', batch),
      singly: () => openJournalBook({ ...desk, unit: flaky, mono: () => 0 }).ingestSingly('tower', batch),
    }
  }
  it('is neither quarantined nor acknowledged, and is taken when it comes again', async () => {
    for (const fault of [
      'SQLITE_BUSY: database is locked',
      'SQLITE_FULL: database or disk is full',
      'SQLITE_IOERR: disk I/O error',
    ]) {
      faults = [new Error(fault)]
      const { singly, again } = take(fact())
      await expect(singly()).rejects.toThrow(fault)
      expect(await quarantine()).toEqual([])
      expect(await again()).toBe(1)
    }
    expect(await rows()).toHaveLength(3)
  })
  it('what is refused for what it is goes to quarantine as it came', async () => {
    faults = [new Error('SQLITE_CONSTRAINT: NOT NULL constraint failed: alarm.key')]
    expect(await take(fact()).singly()).toBe(1)
    expect(await quarantine()).toMatchObject([{ n: 1, reason: expect.stringContaining('SQLITE_CONSTRAINT') }])
    expect(storeFailed(new TypeError('parameter 1 cannot be stored: NaN'))).toBe(false)
  })
})

describe('the books under watch', () => {
  it('after a failure every write is refused at once, until a probe has gone through', async () => {
    faults = [new Error('SQLITE_FULL: database or disk is full'), busy()]
    const write = () =>
      books.write(tx => tx.insertInto('outbox').values({ what: 'x', body_json: '', made_at: at, done_at: at }).execute())
    await expect(write()).rejects.toThrow('SQLITE_FULL')
    expect(books.trouble).toBe('full')
    await expect(write()).rejects.toSatisfy(storeFailed)
    await expect(books.probe()).rejects.toThrow('SQLITE_BUSY')
    expect(books.trouble).toBe('full')
    await books.probe()
    await books.probe()
    expect(books.trouble).toBeUndefined()
    await write()
  })
  it('what is refused for what it is says nothing about the books', async () => {
    await expect(books.write(() => Promise.reject(new Error('a rule')))).rejects.toThrow('a rule')
    expect(books.trouble).toBeUndefined()
  })
})

it('a session that cannot be touched goes on', async () => {
  const accounts = await openAccounts(books)
  await accounts.add({ name: 'li', display: '李娜', post: 'p', roles: ['operator'], password: 'long enough' })
  const { token } = await accounts.signIn('li', 'long enough', 'station')
  await desk.books.write(tx =>
    tx
      .updateTable('session')
      .set({ seen_at: Date.now() - 600_000 })
      .execute(),
  )
  faults = [busy()]
  expect(await accounts.userOf(token)).toMatchObject({ name: 'li' })
  await until('the books to be in trouble', () => books.trouble)
  expect(await accounts.userOf(token)).toMatchObject({ name: 'li' })
})

describe('what is not recorded yet', () => {
  it('is shown in front of what the books say, and brought in once, with its ticket, return and acknowledgement', async () => {
    const [fire, brief] = [fact(), fact({ level: 2, kind: 'intrusion', key: 'brief' })]
    await heard([fire, brief])
    await heard([], { isOver: id => id === brief.id })
    await heard([fire])
    unrecorded.ack(fire.id, 'tower', { at: at - 5, actor: { id: 'u', display: '李娜', station: 's' }, note: '已派人' })
    expect(await alarms().open()).toMatchObject([
      { id: fire.id, recorded: false, ackedBy: '李娜', returnedAt: null, notes: [{ text: '已派人' }] },
      { id: brief.id, recorded: false, returnedAt: at, ackedAt: null },
    ])
    expect(await alarms().counts()).toHaveLength(2)
    await bring()
    await bring()
    expect(await rows()).toMatchObject([
      { id: fire.id, ticket: expect.any(String), returned_at: null, acked_at: at - 5, acked_by: '李娜' },
      { id: brief.id, ticket: expect.any(String), returned_at: at },
    ])
    expect(await books.read.selectFrom('case_file').select('id').execute()).toHaveLength(2)
    expect(await alarms().open()).toMatchObject([{ recorded: true }, { recorded: true }])
  })
  it('a return that is not recorded is told of an alarm that is, and one that the books know as over is left alone', async () => {
    const [one, two] = [fact({ key: 'one' }), fact({ key: 'two' })]
    await desk.books.write(async tx => {
      await tx
        .insertInto('alarm')
        .values(newAlarmRow('tower', one, null))
        .execute()
      await tx
        .insertInto('alarm')
        .values({ ...newAlarmRow('tower', two, null), returned_at: at - 9 })
        .execute()
    })
    await heard([one, two], { returned: [one, two].map(a => ({ id: a.id, at })) })
    const [first, second] = ['one', 'two'].map(async key => (await alarms().open()).find(a => a.key === key))
    expect(await first).toMatchObject({ returnedAt: at, recorded: false })
    expect(await second).toMatchObject({ returnedAt: at - 9, recorded: true })
  })
  it('what was stored in time is never shown from memory; what is late is', async () => {
    const [stored, late] = [fact(), fact()]
    unrecorded.underway({ source: 'tower', raised: [stored], returned: [] }).stored()
    unrecorded.underway({ source: 'tower', raised: [late], returned: [] })
    await until('the late one', () => unrecorded.get(late.id))
    expect(unrecorded.get(stored.id)).toBeUndefined()
  })
  it('what cannot be recorded for what it is stays in sight, and holds up nothing else', async () => {
    const [bad, good] = [fact({ name: undefined as never }), fact()]
    await heard([bad, good])
    await bring()
    expect((await rows()).map(r => r.id)).toEqual([good.id])
    expect(unrecorded.get(bad.id)).toMatchObject({ refused: true })
  })
})

it('an old unacknowledged fire is known beneath however many newer alarms: by level, in pages, with counts', async () => {
  const fire = fact({ raisedAt: at - 1_000_000 })
  await desk.books.write(async tx => {
    await tx
      .insertInto('alarm')
      .values(newAlarmRow('tower', fire, null))
      .execute()
    for (let i = 0; i < alarmPage + 100; i++) {
      const advisory = fact({ level: 4, kind: 'advisory', raisedAt: at + (i % 700) })
      await tx
        .insertInto('alarm')
        .values(newAlarmRow('tower', advisory, null))
        .execute()
    }
  })
  const first = await openAlarms(books.read)
  expect(first).toHaveLength(alarmPage)
  expect(first[0]).toMatchObject({ id: fire.id, level: 1 })
  const last = first.at(-1)
  const rest = await openAlarms(books.read, { level: 4, raisedAt: last?.raised_at ?? 0, id: last?.id ?? '' })
  expect(rest).toHaveLength(101)
  expect(new Set([...first, ...rest].map(r => r.id)).size).toBe(alarmPage + 101)
  expect(await openAlarmCounts(books.read)).toEqual([
    { level: 1, stands: true, acked: false, n: 1 },
    { level: 4, stands: true, acked: false, n: alarmPage + 100 },
  ])
})

describe('the list of what stands, against the books', () => {
  it('books that are slow: an earlier list, shown late, ends no fire that has come meanwhile', async () => {
    const list = new StandingPages()
    const journalId = ulid()
    const body = { session: ulid(), revision: 1, page: 0, pages: 1, journalId, upTo: 0, alarms: [] }
    const early = unrecorded.underway({ source: 'tower', raised: [], returned: [], isOver: list.take(body)?.isOver })
    list.onJournal(journalId, 1)
    await stand(fact(), true)
    early.failed()
    await unrecorded.settled()
    expect(await alarms().open()).toMatchObject([{ returnedAt: null }])
  })
  const stand = (alarm: AlarmFact, current: boolean) =>
    desk.unit(system, work => noteStanding(work, desk.reactions, 'tower', { stand: [alarm], current }))
  const opened = async (alarm: AlarmFact) => {
    await stand(alarm, true)
    await desk.unit(system, work => noteReturned(work, desk.reactions, alarm.id, at))
    return (await rows())[0]
  }
  it('what stands on a list that knows every return is on the screens again, on its ticket', async () => {
    const fire = fact()
    const before = await opened(fire)
    expect(before?.returned_at).toBe(at)
    await stand(fire, true)
    // Danger to life calls anew.
    expect(await rows()).toEqual([{ ...before, returned_at: null, rings: 2 }])
    const ticket = await desk.books.read.selectFrom('case_file').select('state').where('procedure', '=', 'emergency').execute()
    expect(ticket).toEqual([{ state: 'active' }])
  })
  it('what is on an older list has returned all the same', async () => {
    const fire = fact()
    await opened(fire)
    await stand(fire, false)
    expect((await rows())[0]?.returned_at).toBe(at)
  })
})

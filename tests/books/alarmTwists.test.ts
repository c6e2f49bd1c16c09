import { pino } from 'pino'
import { ulid } from 'ulid'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { AlarmFact } from '#contract/alarm'
import { noteAck } from '../../console/server/agents/alarms/acks.ts'
import { noteOver, noteRaised, noteReturned, noteStanding } from '../../console/server/agents/alarms/alarmBook.ts'
import { bringIn } from '../../console/server/agents/alarms/bringIn.ts'
import { setOwnAlarm } from '../../console/server/agents/alarms/consoleAlarms.ts'
import { openAlarms, rowsOf } from '../../console/server/agents/alarms/rows.ts'
import { endOfTime, setAside } from '../../console/server/agents/alarms/setAside.ts'
import { Suppressions } from '../../console/server/agents/alarms/suppressions.ts'
import { Unrecorded } from '../../console/server/agents/alarms/unrecorded.ts'
import { type Actor, system } from '../../console/server/books/audit.ts'
import { arranged } from '../../console/web/src/alarms/arrangement.ts'
import { alarmForTests } from '../harness/alarms.ts'
import { type ConsoleBooks, openConsoleBooks } from '../harness/consoleBooks.ts'

let now = Date.parse('2026-11-24T10:00:00+08:00')
let desk: ConsoleBooks
let unrecorded: Unrecorded
let book: Suppressions
const li: Actor = { id: 'u-li', display: '李娜', station: 's' }
const eng: Actor = { id: 'u-zhou', display: '周强', station: 's' }
beforeEach(async () => {
  desk = await openConsoleBooks(() => now)
  book = new Suppressions([], () => now)
  unrecorded = new Unrecorded({
    rowsOf: (ids, all) => rowsOf(desk.books.read, ids, all),
    wall: () => now,
    failed: e => {
      throw e
    },
    changed: () => {},
  })
})
afterEach(() => desk.close())
const fact = (o: Partial<AlarmFact> = {}): AlarmFact => ({
  id: ulid(),
  key: 'fp/1',
  level: 1,
  kind: 'fire',
  device: null,
  point: null,
  place: 'f12-w',
  name: { zh: '火警', en: 'fire' },
  raisedAt: now,
  value: true,
  limit: true,
  unverifiedSince: null,
  ...o,
})
const row = (id: string) => desk.books.read.selectFrom('alarm').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const bring = () =>
  bringIn({ unit: desk.unit, reactions: desk.reactions, engine: desk.engine, unrecorded, log: pino({ level: 'silent' }) })
const heard = (raised: AlarmFact[], returned: { id: string; at: number }[] = []) => {
  unrecorded.underway({ source: 'tower', raised, returned }).failed()
  return unrecorded.settled()
}
let again: string[] = []
const expire = (o: object = {}) => {
  again = []
  const { unit, reactions } = desk
  const changed = (ids: readonly string[]) => again.push(...ids)
  return endOfTime({ book, read: desk.books.read, unit, reactions, changed, failed: () => {}, ...o }, now)
}
const sys = (act: Parameters<typeof desk.unit>[1]) => desk.unit(system, act as never)

it('what was acknowledged from memory before a repeat came does not acknowledge the repeat', async () => {
  const a = fact()
  await heard([a])
  unrecorded.ack(a.id, 'tower', { at: now + 1000, actor: li, note: undefined })
  await heard([], [{ id: a.id, at: now + 2000 }])
  const b = fact({ raisedAt: now + 600_000 })
  await heard([b])
  await bring()
  expect((await row(b.id)).acked_at).toBeNull()
})
it('danger to life that calls anew is not acknowledged by whoever saw the one before', async () => {
  const a = fact()
  await sys(w => noteRaised(w, desk.reactions, 'tower', a))
  await sys(w => noteReturned(w, desk.reactions, a.id, now))
  const b = fact({ raisedAt: now + 5000 })
  await sys(w => noteRaised(w, desk.reactions, 'tower', b))
  await expect(desk.unit(li, w => noteAck(w, desk.engine, a.id, now))).rejects.toMatchObject({ code: 'already-acked' })
  expect((await row(b.id)).acked_at).toBeNull()
})
it('an alarm that stands after all is in sight, also where a repeat had taken its place', async () => {
  const a = fact()
  await sys(w => noteRaised(w, desk.reactions, 'tower', a))
  await sys(w => noteReturned(w, desk.reactions, a.id, now))
  const b = fact()
  await sys(w => noteRaised(w, desk.reactions, 'tower', b))
  await sys(async w => {
    await noteStanding(w, desk.reactions, 'tower', { stand: [a], current: true })
    await noteOver(w, desk.reactions, 'tower', id => id !== a.id)
  })
  const open = await openAlarms(desk.books.read)
  expect(open.some(r => r.id === a.id)).toBe(true)
})
it('one that stands after all and is set aside opens no ticket', async () => {
  const a = fact({ level: 2, kind: 'intrusion', key: 'x/y', device: 'x' })
  await sys(w => noteRaised(w, desk.reactions, 'tower', { ...a, id: ulid() }))
  const [first] = await openAlarms(desk.books.read)
  if (!first) throw new Error('nothing stands')
  await desk.unit(eng, w => setAside(book, w, first, { kind: 'out-of-service', until: now + 1e6, why: 'x', wholeDevice: false }))
  await sys(w => noteReturned(w, desk.reactions, first.id, now))
  await desk.books.write(tx => tx.updateTable('case_file').set({ ended_at: now }).execute())
  await sys(w => noteRaised(w, desk.reactions, 'tower', a))
  await sys(w => noteReturned(w, desk.reactions, a.id, now))
  await sys(w => noteStanding(w, desk.reactions, 'tower', { stand: [a], current: true }))
  expect((await row(a.id)).ticket).toBeNull()
})
it('a repeat that the standing list tells before the journal tells the return is the same alarm', async () => {
  const a = fact({ level: 3, kind: 'equipment', key: 'ahu-1/filter' })
  await sys(w => noteRaised(w, desk.reactions, 'tower', a))
  const b = fact({ level: 3, kind: 'equipment', key: 'ahu-1/filter', raisedAt: now + 5000 })
  await sys(async w => {
    await noteStanding(w, desk.reactions, 'tower', { stand: [b], current: true })
    await noteOver(w, desk.reactions, 'tower', id => id !== b.id)
  })
  // the journal comes after
  await sys(async w => {
    await noteReturned(w, desk.reactions, a.id, now + 4000)
    await noteRaised(w, desk.reactions, 'tower', b)
  })
  const open = await openAlarms(desk.books.read)
  expect(open).toHaveLength(1)
})
it('an agent that was stopped, which somebody silenced, and is now lost calls anew', async () => {
  const own = (zh: string) =>
    sys(w => setOwnAlarm(w, desk.reactions, { key: 'agent/tower', level: 2, name: { zh, en: zh } as never }, true))
  await own('已停止')
  await own('失联')
  const [open] = await openAlarms(desk.books.read)
  expect([open?.first_id === open?.id, open?.rings]).not.toEqual([false, 1])
})
it('a shelf of minutes does not end what an engineer took out of service', async () => {
  const a = fact({ level: 3, kind: 'equipment', key: 'ahu-1/filter', device: 'ahu-1' })
  await sys(w => noteRaised(w, desk.reactions, 'tower', a))
  await desk.unit(eng, async w =>
    setAside(book, w, await row(a.id), { kind: 'out-of-service', until: now + 1e9, why: '换传感器', wholeDevice: false }),
  )
  const shelf = { kind: 'shelved' as const, until: now + 60_000, why: 'x', wholeDevice: false }
  await expect(desk.unit(li, async w => setAside(book, w, await row(a.id), shelf))).rejects.toMatchObject({ code: 'out-already' })
  expect(book.rows[0]?.kind).toBe('out-of-service')
  // The same again by another person is told to whoever had it.
  await desk.unit(li, async w => setAside(book, w, await row(a.id), { ...shelf, kind: 'out-of-service' }))
  const told = await desk.books.read.selectFrom('notice').select('roles_json').where('kind', '=', 'given-back').execute()
  expect(told).toEqual([{ roles_json: '["user:u-zhou"]' }])
})
it('one that cannot be given back holds up no other', async () => {
  const mk = async (key: string) => {
    const a = fact({ level: 3, kind: 'equipment', key, device: 'ahu-1' })
    await sys(w => noteRaised(w, desk.reactions, 'tower', a))
    await desk.unit(eng, async w =>
      setAside(book, w, await row(a.id), { kind: 'shelved', until: now + 60_000, why: 'x', wholeDevice: false }),
    )
    await desk.books.write(tx => tx.updateTable('alarm').set({ ticket: null }).where('id', '=', a.id).execute())
    return a
  }
  await mk('ahu-1/a')
  const b = await mk('ahu-1/b')
  now += 61_000
  const reactions = {
    ...desk.reactions,
    raised: async (w: never, f: AlarmFact) => {
      if (f.key === 'ahu-1/a') throw new Error('bug')
      return desk.reactions.raised(w, f)
    },
  }
  await expire({ reactions: reactions as never })
  expect((await row(b.id)).acked_at).toBeNull()
})
it('a shelf whose end has come is in sight although the books cannot be written', async () => {
  const a = fact({ level: 3, kind: 'equipment', key: 'ahu-1/filter', device: 'ahu-1' })
  await sys(w => noteRaised(w, desk.reactions, 'tower', a))
  await desk.unit(eng, async w =>
    setAside(book, w, await row(a.id), { kind: 'shelved', until: now + 60_000, why: 'x', wholeDevice: false }),
  )
  now += 3_600_000
  await expire({
    unit: (async () => {
      throw new Error('SQLITE_FULL')
    }) as never,
  })
  expect(again).toEqual([a.id])
  expect(book.of({ source: 'tower', key: 'ahu-1/filter', device: 'ahu-1', level: 3 })).toBeNull()
})
it('a repeat shown from memory and then recorded stands once in a list that is held', () => {
  const r = (o: object) => ({ alarm: alarmForTests(o), under: null, suspended: 0 })
  const before = [r({ id: 'A', first: 'A', returnedAt: 5 }), r({ id: 'B', first: 'B', recorded: false })]
  const after = [r({ id: 'B', first: 'A', times: 2 })]
  const ids = arranged(before, after, true).rows.map(x => x.alarm.id)
  expect(new Set(ids).size).toBe(ids.length)
})
it('one whose order was closed while it was out of sight gets another', async () => {
  const a = fact({ level: 3, kind: 'equipment', key: 'ahu-1/filter', device: 'ahu-1' })
  await sys(w => noteRaised(w, desk.reactions, 'tower', a))
  const t = (await row(a.id)).ticket
  await desk.unit(eng, async w =>
    setAside(book, w, await row(a.id), { kind: 'shelved', until: now + 60_000, why: 'x', wholeDevice: false }),
  )
  await desk.books.write(tx => tx.updateTable('case_file').set({ ended_at: now }).where('id', '=', t).execute())
  now += 61_000
  await expire()
  expect((await row(a.id)).ticket).not.toBe(t)
})

it('what is worse than what was looked at stays in sight, and so does that a device of it is lost, and a linkage test', async () => {
  const advice = fact({ level: 4, kind: 'advisory', key: 'fp-1/dust', device: 'fp-1' })
  await sys(w => noteRaised(w, desk.reactions, 'tower', advice))
  await desk.unit(eng, async w =>
    setAside(book, w, await row(advice.id), { kind: 'shelved', until: now + 1e6, why: 'x', wholeDevice: false }),
  )
  const about = (key: string, level: number, device: string | null = 'fp-1') => book.of({ source: 'tower', key, device, level })
  expect([about('fp-1/dust', 4), about('fp-1/dust', 2)].map(x => x?.kind)).toEqual(['shelved', undefined])
  await desk.unit(eng, async w =>
    setAside(book, w, await row(advice.id), { kind: 'out-of-service', until: now + 1e6, why: 'x', wholeDevice: true }),
  )
  expect([about('fp-1/other', 2), about('link/fp-1', 2), about('link/fp-1', 3)].map(x => x?.kind)).toEqual([
    'out-of-service',
    undefined,
    'out-of-service',
  ])
  const test = fact({ level: 3, kind: 'system', key: 'test/f12', device: null })
  await sys(w => noteRaised(w, desk.reactions, 'tower', test))
  const shelf = { kind: 'shelved' as const, until: now + 60_000, why: 'x', wholeDevice: false }
  await expect(desk.unit(eng, async w => setAside(book, w, await row(test.id), shelf))).rejects.toMatchObject({
    code: 'never-shelved',
  })
})
it('a repeat that the journal tells of late is one of the times of the alarm that is known already', async () => {
  const late = fact({ level: 3, kind: 'equipment', key: 'ahu-1/filter' })
  const known = fact({ level: 3, kind: 'equipment', key: 'ahu-1/filter', raisedAt: now + 60_000 })
  await sys(w => noteRaised(w, desk.reactions, 'tower', known))
  await sys(w => noteRaised(w, desk.reactions, 'tower', late))
  expect((await openAlarms(desk.books.read)).map(r => [r.id, r.times])).toEqual([[known.id, 2]])
})

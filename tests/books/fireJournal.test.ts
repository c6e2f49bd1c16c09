import { ulid } from 'ulid'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { say } from '#api/words/text'
import type { JournalBody, JournalOf } from '#contract/journal'
import type { Bodies, PersonAct } from '#contract/messages'
import { linkageOf } from '../../console/server/agents/journal/fireBook.ts'
import { openJournalBook } from '../../console/server/agents/journal/journalBook.ts'
import { openCommands } from '../../console/server/agents/link/commands.ts'
import type { BooksStore } from '../../console/server/books/books.ts'
import { headOf } from '../../console/server/engine/cases/caseRows.ts'
import { runsOf } from '../../console/subjects/overtime/charges.ts'
import { type ConsoleBooks, openConsoleBooks } from '../harness/consoleBooks.ts'

const at = Date.parse('2026-11-24T10:00:00+08:00')
const cause = { id: 'u1', what: { zh: '李娜：十二层看到明火', en: 'Li Na: open fire on 12F' } }

let desk: ConsoleBooks
let books: BooksStore
let compartment: string
let agent: string
let take: (body: JournalBody) => Promise<unknown>
beforeEach(async () => {
  desk = await openConsoleBooks(() => at)
  books = desk.books
  compartment = desk.site.compartments[0]?.id ?? ''
  agent = desk.site.agents[0]?.id ?? ''
  const journal = openJournalBook({ ...desk, mono: () => 0 })
  const journalId = ulid()
  let n = 0
  take = body => journal.ingest(agent, { journalId, records: [{ n: ++n, body }] })
})
afterEach(() => desk.close())

const compartmentRecord = (phase: JournalOf<'compartment'>['phase'], event: string, until?: number): JournalBody => ({
  type: 'compartment',
  at,
  compartment,
  event,
  phase,
  causes: [cause],
  ...(until === undefined ? {} : { until }),
})
const tickets = async () =>
  (await books.read.selectFrom('case_file').selectAll().where('procedure', '=', 'emergency').execute()).map(headOf)
const verbs = async (ticket: string) =>
  (await books.read.selectFrom('history').select('verb').where('record', '=', ticket).orderBy('n').execute()).map(r => r.verb)
const quarantined = () => books.read.selectFrom('quarantine').selectAll().execute()
const raised = (id: string, raisedAt: number): JournalBody => ({
  type: 'alarm-raised',
  at: raisedAt,
  alarm: {
    id,
    key: 'fp/l12_w1_fire',
    level: 1,
    kind: 'fire',
    device: null,
    point: null,
    place: compartment,
    name: { zh: '火警', en: 'fire' },
    raisedAt,
    value: true,
    limit: true,
    unverifiedSince: null,
  },
})

describe('the actions of a compartment in the books', () => {
  it('started by hand without any alarm: they have their event and a ticket, which is closed only after the release', async () => {
    const event = ulid()
    await take(compartmentRecord('by-hand', event))
    const [ticket, ...more] = await tickets()
    expect(more).toEqual([])
    expect(ticket).toMatchObject({ place: compartment, form: { kind: 'fire', level: 1, title: say.desk.startedByHand } })
    const kept = await books.read.selectFrom('compartment_event').selectAll().execute()
    expect(kept).toMatchObject([{ event, met_at: at, released_at: null }])
    await take(compartmentRecord('released', event))
    expect(await verbs(ticket?.id ?? '')).toEqual(['open', 'told', 'by-hand', 'released'])
    expect((await books.read.selectFrom('compartment_event').select('released_at').execute())[0]?.released_at).toBe(at)
  })
  it('started by hand on the ticket of an alarm: no second ticket', async () => {
    await take(raised(ulid(), at))
    await take(compartmentRecord('by-hand', ulid()))
    const all = await tickets()
    expect(all).toHaveLength(1)
    expect(await verbs(all[0]?.id ?? '')).toEqual(['open', 'told', 'alarm', 'by-hand'])
  })
  it('a test is remarked on the ticket of the fire, and where there is none nothing fails', async () => {
    const event = ulid()
    for (const phase of ['test-begun', 'withheld', 'test-ended'] as const) await take(compartmentRecord(phase, event, at + 1000))
    expect(await quarantined()).toEqual([])
    expect(await tickets()).toEqual([])
    await take(raised(ulid(), at))
    for (const phase of ['test-begun', 'withheld', 'test-ended'] as const) await take(compartmentRecord(phase, event, at + 1000))
    const [ticket] = await tickets()
    expect((await verbs(ticket?.id ?? '')).slice(3)).toEqual(['test-begun', 'withheld', 'test-ended'])
    expect(await books.read.selectFrom('compartment_event').selectAll().execute()).toEqual([])
  })
  it('a linkage that falls back after its feedback is relapsed until it is restored, and keeps its measured times', async () => {
    const event = ulid()
    const linkage = (phase: JournalOf<'linkage'>['phase'], elapsedMs: number | null): JournalBody => ({
      type: 'linkage',
      at,
      compartment,
      event,
      linkage: 'door',
      phase,
      elapsedMs,
      limitMs: 10_000,
      name: { zh: '门', en: 'door' },
    })
    const now = async () => (await books.read.selectFrom('linkage').selectAll().execute()).map(linkageOf)[0]
    await take(linkage('triggered', null))
    await take(linkage('fed-back', 2500))
    await take(linkage('relapsed', null))
    expect(await now()).toMatchObject({ feedbackMs: 2500, relapsedAt: at })
    await take(linkage('restored', null))
    expect(await now()).toMatchObject({ feedbackMs: 2500, relapsedAt: null })
  })
})

it('an alarm never returns before it was raised, whatever the clock did meanwhile', async () => {
  const id = ulid()
  await take(raised(id, at))
  await take({ type: 'alarm-returned', at: at - 7_200_000, id, value: false })
  expect((await books.read.selectFrom('alarm').select('returned_at').execute())[0]?.returned_at).toBe(at)
})

it('a run over which the clock jumped counts for what it lasted, and says why it ended', async () => {
  const zone = desk.site.zones[0]?.id ?? ''
  const run = { type: 'run' as const, at, id: ulid(), zone, from: at, evidence: [] }
  await take({ ...run, to: null, lastedMs: null, why: 'started' })
  await take({ ...run, to: at + 7_220_000, lastedMs: 20_000.4, why: 'clock-jump' })
  expect(await quarantined()).toEqual([])
  expect(await runsOf(books.read, zone, at, at + 9_000_000, at)).toMatchObject([{ why: 'clock-jump', from: at, to: at + 20_000 }])
})

describe('commands about fire', () => {
  const person = (role: 'operator' | 'engineer' | 'supervisor') => ({
    id: role,
    name: role,
    display: role,
    post: '',
    roles: [role],
  })
  const actor = { id: 'u', display: 'u', station: 's', proven: true }
  let sent: Bodies['command'][]
  const opened = () => {
    sent = []
    const link = { command: async (_agent: string, command: Bodies['command']) => sent.push(command) }
    return openCommands({
      ...desk,
      link: () => link as never,
      wall: () => at,
      realTime: t => t,
      log: { error: () => {} } as never,
    })
  }
  const refused = (p: Promise<unknown>) =>
    p.then(
      () => undefined,
      e => ({ code: e.code, field: e.field }),
    )
  it('starting them needs a reason and no password; a test is for engineers, has its end, and 24 h at most', async () => {
    const commands = await opened()
    const start = { kind: 'start-fire' as const, compartment }
    const test = (until: number) => ({ kind: 'begin-test' as const, compartment, until })
    const say = (who: 'operator' | 'engineer' | 'supervisor', act: PersonAct, reason: string) =>
      commands.send(person(who) as never, actor, act, reason)
    try {
      expect(await refused(say('operator', start, ''))).toEqual({ code: 'reason-required', field: 'reason' })
      expect(await refused(say('engineer', start, 'r'))).toMatchObject({ code: 'not-your-role' })
      expect(await refused(say('operator', test(at + 1000), 'r'))).toMatchObject({ code: 'not-your-role' })
      expect(await refused(say('engineer', test(at), 'r'))).toMatchObject({ code: 'end-in-the-past', field: 'until' })
      expect(await refused(say('engineer', test(at + 86_400_001), 'r'))).toMatchObject({ code: 'test-too-long' })
      expect(await refused(say('engineer', test(at + 1000), ''))).toMatchObject({ code: 'reason-required' })
      expect(await refused(say('supervisor', { kind: 'release-fire', compartment }, ''))).toMatchObject({
        code: 'reason-required',
      })
      await say('operator', start, 'seen on camera 3')
      await say('engineer', test(at + 86_400_000), 'quarterly test')
      await say('engineer', { kind: 'end-test', compartment }, '')
      expect(sent.map(c => c.act.kind)).toEqual(['start-fire', 'begin-test', 'end-test'])
      const rows = await books.read.selectFrom('command').select(['kind', 'until', 'level']).orderBy('kind').execute()
      expect(rows.map(r => [r.kind, r.until, r.level])).toEqual([
        ['begin-test', at + 86_400_000, 2],
        ['end-test', null, 2],
        ['start-fire', null, 2],
      ])
    } finally {
      commands.close()
    }
  })
  it('a compartment that the site file no longer has is released where the mirror still sees what it holds', async () => {
    const commands = await opened()
    const release = () =>
      commands.send(person('supervisor') as never, actor, { kind: 'release-fire', compartment: 'c99' }, 'rebuilt')
    const device = desk.site.devices.find(d => d.profile === 'door-controller')?.id ?? ''
    const gone = { id: 'c99', what: { zh: '旧分区', en: 'old compartment' } }
    try {
      expect(await refused(release())).toMatchObject({ code: 'unknown-compartment' })
      desk.mirror.onHolders(agent, {
        point: `${device}/lock_cmd`,
        array: { holders: [{ level: 2, value: false, causes: [gone], since: 0, until: null }], relinquishDefault: true },
        wantedButHeld: false,
        withheld: null,
      })
      await release()
      expect(sent[0]?.act).toEqual({ kind: 'release-fire', compartment: 'c99' })
      const [row] = await books.read.selectFrom('command').select(['point', 'agent']).execute()
      expect(row).toEqual({ point: `${device}/lock_cmd`, agent })
      const start = commands.send(person('supervisor') as never, actor, { kind: 'start-fire', compartment: 'c99' }, 'r')
      expect(await refused(start)).toMatchObject({ code: 'unknown-compartment' })
    } finally {
      commands.close()
    }
  })
})

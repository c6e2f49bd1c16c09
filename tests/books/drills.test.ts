import { ulid } from 'ulid'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Role } from '#api/rights'
import { textIn } from '#api/words/text'
import type { AlarmFact } from '#contract/alarm'
import { noteRaised, noteReturned } from '../../console/server/agents/alarms/alarmBook.ts'
import { headOf } from '../../console/server/engine/cases/caseRows.ts'
import { beginCall, stepCalls } from '../../console/subjects/emergency/callOuts.ts'
import { mergeTickets, placesOf } from '../../console/subjects/emergency/merging.ts'
import { tellAround } from '../../console/subjects/emergency/telling.ts'
import { type ConsoleBooks, openConsoleBooks } from '../harness/consoleBooks.ts'

const start = Date.parse('2026-11-24T10:00:00+08:00')
const manager = { roles: ['manager'] as const satisfies readonly Role[] }
const person = (display: string) => ({ id: display, display, station: 'test' })
let desk: ConsoleBooks
let now: number

beforeEach(async () => {
  now = start
  desk = await openConsoleBooks(() => now)
})
afterEach(() => desk.close())

const fire = (place: string, over: Partial<AlarmFact> = {}): AlarmFact => ({
  ...{ id: ulid(), key: `fp/${place}/${ulid()}`, level: 1, kind: 'fire', device: 'fire-panel', point: null, place },
  ...{ name: { zh: `${place} 火警`, en: place }, raisedAt: now, value: true, limit: true, unverifiedSince: null },
  ...over,
})
const raise = async (fact: AlarmFact) => {
  await desk.unit(person('system'), work => noteRaised(work, desk.reactions, 'edge', fact))
  return fact.id
}
const report = (drill: 'shadow' | 'simulators' | undefined, place = 'c12', what = '季度演习') =>
  desk.unit(person('何敏'), work => desk.emergencies.onReported(work, { kind: 'fire', place, what, ...(drill ? { drill } : {}) }))
const ticketOf = async (alarm: string) =>
  (await desk.books.read.selectFrom('alarm').select('ticket').where('id', '=', alarm).executeTakeFirstOrThrow()).ticket
const head = async (id: string) =>
  headOf(await desk.books.read.selectFrom('case_file').selectAll().where('id', '=', id).executeTakeFirstOrThrow())
const open = async () =>
  (
    await desk.books.read
      .selectFrom('case_file')
      .selectAll()
      .where('procedure', '=', 'emergency')
      .where('ended_at', 'is', null)
      .orderBy('opened_at')
      .execute()
  ).map(headOf)
const overAndAcked = async (ticket: string) => {
  const alarms = await desk.books.read.selectFrom('alarm').select('id').where('ticket', '=', ticket).execute()
  await desk.unit(person('何敏'), async work => {
    for (const { id } of alarms) {
      await noteReturned(work, desk.reactions, id, now)
      await work.tx.updateTable('alarm').set({ acked_at: now, acked_by: '何敏' }).where('id', '=', id).execute()
    }
    const steps = await work.tx.selectFrom('case_step').select('n').where('case_id', '=', ticket).execute()
    for (const { n } of steps) await desk.emergencies.steps.setAside(work, ticket, n, '演练用')
  })
}
const close = (id: string, outcome: string) =>
  desk.unit(person('林峰'), work => desk.engine.act(work, id, 'close', { reason: '已核实', outcome }, manager))

describe('a drill', () => {
  it('goes the same way, and is marked from the first message to the last line', async () => {
    const id = await report('shadow')
    const drill = await head(id)
    expect(drill.form).toMatchObject({ kind: 'fire', level: 1, drill: 'shadow' })
    expect(textIn('zh', drill.form['title'] as never)).toBe('【演习】季度演习')
    const notices = await desk.books.read.selectFrom('notice').select('text_json').execute()
    expect(notices.length).toBeGreaterThan(0)
    for (const n of notices) expect(textIn('zh', JSON.parse(n.text_json))).toContain('【演习】')
    const [alarm] = await desk.books.read.selectFrom('alarm').select('name_json').where('ticket', '=', id).execute()
    expect(textIn('zh', JSON.parse(alarm?.name_json ?? ''))).toBe('人工报告：【演习】季度演习')
    // The plan with its clocks as in earnest; a late step is marked as well.
    const steps = await desk.books.read.selectFrom('case_step').select(['n', 'due_at']).where('case_id', '=', id).execute()
    expect(steps).toHaveLength(8)
    await desk.unit(person('system'), work => desk.emergencies.steps.overdue(work, { case_id: id, n: 1 }))
    const late = await desk.books.read.selectFrom('notice').select('text_json').where('kind', '=', 'step-overdue').execute()
    expect(textIn('zh', JSON.parse(late[0]?.text_json ?? ''))).toContain('【演习】')
  })

  it('is no event of which a report is owed, and ends as a drill and as nothing else', async () => {
    const id = await report('shadow')
    expect(await desk.books.read.selectFrom('duty').selectAll().where('routine', '=', 'event-report').execute()).toEqual([])
    await overAndAcked(id)
    expect(await close(id, 'real').catch(e => e)).toMatchObject({ code: 'is-a-drill', field: 'outcome' })
    expect(await close(id, 'drill')).toMatchObject({ state: 'closed', form: { outcome: 'drill' } })
    await report(undefined)
    expect(await desk.books.read.selectFrom('duty').selectAll().where('routine', '=', 'event-report').execute()).toHaveLength(1)
  })

  it('a fire during a shadow drill of the same place is a fire: its own ticket, its own messages, unmarked', async () => {
    const drill = await report('shadow')
    const burning = await ticketOf(await raise(fire('c12')))
    expect(burning).not.toBe(drill)
    expect((await head(burning ?? '')).form).not.toHaveProperty('drill')
    expect(await open()).toHaveLength(2)
    // What is reported as real does not end in the drill either, nor the drill in what is real.
    expect(await report(undefined)).toBe(burning)
    expect(await report('shadow')).toBe(drill)
  })

  it('one against the simulators takes up what they raise; what a real panel raises never', async () => {
    const drill = await report('simulators')
    expect(await ticketOf(await raise(fire('c12')))).toBe(drill)
    expect(await ticketOf(await raise(fire('c11')))).not.toBe(drill)
    const panel = desk.site.devices.find(d => d.id === 'fire-panel')
    if (!panel) throw new Error('no panel')
    const before = panel.simulated
    panel.simulated = false
    try {
      expect(await ticketOf(await raise(fire('c12')))).not.toBe(drill)
    } finally {
      if (before === undefined) delete panel.simulated
      else panel.simulated = before
    }
  })

  it('begun while a fire burns leaves the fire its own alarms', async () => {
    const burning = await ticketOf(await raise(fire('c12')))
    const drill = await report('simulators')
    expect(drill).not.toBe(burning)
    expect(await ticketOf(await raise(fire('c12')))).toBe(burning)
  })
})

describe('two tickets of one event', () => {
  const merge = (from: string, into: string) =>
    desk.unit(person('王建国'), async work =>
      mergeTickets(work, {
        engine: desk.engine,
        around: tellAround({ ...desk, present: () => new Set() }),
        from: await desk.engine.head(work.tx, from),
        into: await desk.engine.head(work.tx, into),
        why: '同一场火',
      }),
    )
  const two = async () => {
    const [a, b] = [await raise(fire('c12')), await raise(fire('c11'))]
    return { a, b, from: (await ticketOf(b)) ?? '', into: (await ticketOf(a)) ?? '' }
  }

  it('become one: alarms go on with it, both histories stay and name each other', async () => {
    const { b, from, into } = await two()
    await merge(from, into)
    expect(await head(from)).toMatchObject({ state: 'merged', endedAt: now })
    expect(await ticketOf(b)).toBe(into)
    const verbs = async (id: string) =>
      (await desk.books.read.selectFrom('history').select('verb').where('record', '=', id).orderBy('n').execute()).map(
        r => r.verb,
      )
    expect(await verbs(from)).toEqual(expect.arrayContaining(['open', 'alarm', 'told', 'merged-into', 'merge']))
    expect(await verbs(into)).toContain('merged-in')
    expect(await placesOf(desk.books.read, await head(into))).toEqual(['c12', 'c11'])
    expect((await desk.books.read.selectFrom('case_step').select('n').where('case_id', '=', from).execute()).length).toBe(8)
  })

  it('what is raised again at the place of the one that ended goes on with the other, also by way of a third', async () => {
    const { from, into } = await two()
    const third = (await ticketOf(await raise(fire('c10')))) ?? ''
    await merge(from, into)
    await merge(into, third)
    expect(await ticketOf(await raise(fire('c11')))).toBe(third)
    expect(await ticketOf(await raise(fire('c12')))).toBe(third)
    expect((await placesOf(desk.books.read, await head(third))).toSorted()).toEqual(['c10', 'c11', 'c12'])
    // Once that is closed, a new fire is a new ticket.
    await overAndAcked(third)
    await close(third, 'real')
    const anew = await ticketOf(await raise(fire('c11')))
    expect([from, into, third]).not.toContain(anew)
  })

  it('is not closed while the fire of any of its places holds', async () => {
    const { from, into } = await two()
    await merge(from, into)
    await overAndAcked(into)
    const held = { event: ulid(), agent: 'edge', compartment: 'c11', met_at: now, released_at: null, causes_json: '[]' }
    await desk.books.write(tx => tx.insertInto('compartment_event').values(held).execute())
    expect(await close(into, 'real').catch(e => e)).toMatchObject({ code: 'not-released' })
  })

  it('of which the one that goes on was only to be verified is active again while an alarm stands', async () => {
    const { a, from, into } = await two()
    await desk.unit(person('system'), work => noteReturned(work, desk.reactions, a, now))
    expect((await head(into)).state).toBe('verify')
    await merge(from, into)
    expect((await head(into)).state).toBe('active')
  })

  it('of one kind: a fire is never lost in a drill, in a robbery, in itself, nor in what is over; the lesser goes into the graver', async () => {
    const { from, into } = await two()
    const robbery = (await ticketOf(await raise(fire('b1', { level: 2, kind: 'intrusion', device: 'd-b1' })))) ?? ''
    const lesser = (await ticketOf(await raise(fire('c9', { level: 2, kind: 'linkage' })))) ?? ''
    expect(await merge(into, robbery).catch(e => e)).toMatchObject({ code: 'other-kind' })
    expect(await merge(robbery, into).catch(e => e)).toMatchObject({ code: 'other-kind' })
    expect(await merge(into, lesser).catch(e => e)).toMatchObject({ code: 'less-grave' })
    expect(await merge(into, await report('shadow')).catch(e => e)).toMatchObject({ code: 'is-a-drill' })
    expect(await merge(into, into).catch(e => e)).toMatchObject({ code: 'unknown-case' })
    await merge(from, into)
    expect(await merge(from, robbery).catch(e => e)).toMatchObject({ code: 'case-is-over' })
    expect(await merge(robbery, from).catch(e => e)).toMatchObject({ code: 'case-is-over' })
    await merge(lesser, into)
  })

  it('a graver alarm where only a lesser ticket is open opens its own, with its own calls', async () => {
    const lesser = await ticketOf(await raise(fire('c9', { level: 2, kind: 'linkage' })))
    const graver = await ticketOf(await raise(fire('c9')))
    expect(graver).not.toBe(lesser)
    expect((await head(graver ?? '')).form).toMatchObject({ level: 1 })
    expect(await ticketOf(await raise(fire('c9', { level: 2, kind: 'linkage' })))).toBe(graver)
  })

  it('what nobody has answered yet goes on with the one that stays, its clock where it was; what is done stays done', async () => {
    const { from, into } = await two()
    const stepsOf = (id: string) =>
      desk.books.read.selectFrom('case_step').selectAll().where('case_id', '=', id).orderBy('n').execute()
    await desk.unit(person('何敏'), work => desk.emergencies.steps.tick(work, from, 1, 'own'))
    const before = await stepsOf(from)
    now += 5000
    await merge(from, into)
    const after = await stepsOf(into)
    expect(after).toHaveLength(8 + 7)
    expect(after[8]).toMatchObject({ n: 9, due_at: before[1]?.due_at, posts_json: before[1]?.posts_json })
    expect(JSON.parse(after[8]?.text_json ?? '').zh).toBe('11F 防火分区 到场核实火情')
    const [first, second] = await stepsOf(from)
    expect(first).toMatchObject({ done_by: '何敏', aside_at: null })
    expect(second?.aside_why).toContain('9')
    // It is not closed before they are answered as well.
    await desk.unit(person('何敏'), async work => {
      for (const n of [1, 2, 3, 4, 5, 6, 7, 8]) await desk.emergencies.steps.tick(work, into, n, 'own')
      const alarms = await work.tx.selectFrom('alarm').select('id').where('ticket', '=', into).execute()
      for (const { id } of alarms) {
        await noteReturned(work, desk.reactions, id, now)
        await work.tx.updateTable('alarm').set({ acked_at: now, acked_by: '何敏' }).where('id', '=', id).execute()
      }
    })
    expect(await close(into, 'real').catch(e => e)).toMatchObject({ code: 'steps-open', detail: { n: 7 } })
  })

  it('one report is owed, and the posts of both are told once that it goes on elsewhere', async () => {
    const { from, into } = await two()
    const before = await desk.books.read.selectFrom('notice').select('id').execute()
    await merge(from, into)
    const owed = await desk.books.read
      .selectFrom('duty')
      .select(['period', 'done_at'])
      .where('routine', '=', 'event-report')
      .execute()
    expect(owed.filter(d => d.done_at === null)).toHaveLength(1)
    expect(owed.find(d => d.done_at === null)?.period).toBe((await head(into)).number)
    const notices = await desk.books.read.selectFrom('notice').select(['id', 'record', 'text_json']).execute()
    const told = notices.filter(n => !before.some(b => b.id === n.id))
    expect(told.map(n => n.record)).toEqual([into])
    expect(textIn('zh', JSON.parse(told[0]?.text_json ?? ''))).toContain((await head(from)).number)
  })

  it('a fire that somebody starts by hand during a drill against the simulators is a fire', async () => {
    const drill = await report('simulators')
    await desk.unit(person('system'), work => desk.emergencies.onCompartment(work, 'c12', 'by-hand', {}))
    const real = (await open()).find(t => t.id !== drill)
    expect(real?.form).toMatchObject({ kind: 'fire', level: 1 })
    expect(real?.form).not.toHaveProperty('drill')
  })

  it('the chain of the one that ended calls nobody any more, and whoever had it has the other', async () => {
    const { from, into } = await two()
    const chains = [{ level: 1 as const, chain: [{ afterS: 0, to: ['duty'], by: ['x'] }] }]
    await desk.unit(person('system'), async work => {
      await beginCall(work, from, 1, chains)
      await beginCall(work, into, 1, chains)
      await work.tx
        .updateTable('call_out')
        .set({ answered_at: now, answered_by: '赵磊', next_at: null })
        .where('case_id', '=', from)
        .execute()
    })
    await merge(from, into)
    await stepCalls(desk.books.read, desk.unit, { ...desk, present: () => new Set<string>(), channels: new Map() }, now)
    const calls = await desk.books.read.selectFrom('call_out').select(['case_id', 'answered_by', 'next_at']).execute()
    for (const c of calls) expect(c).toMatchObject({ answered_by: '赵磊', next_at: null })
    expect(calls).toHaveLength(2)
  })
})

import { ulid } from 'ulid'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Role } from '#api/rights'
import { textIn } from '#api/words/text'
import type { AlarmFact } from '#contract/alarm'
import { noteRaised, noteReturned } from '../../console/server/agents/alarms/alarmBook.ts'
import { headOf } from '../../console/server/engine/cases/caseRows.ts'
import { noteOverdueSteps } from '../../console/subjects/emergency/steps.ts'
import { tellingsOf } from '../../console/subjects/emergency/telling.ts'
import { type ConsoleBooks, openConsoleBooks } from '../harness/consoleBooks.ts'

const start = Date.parse('2026-11-24T10:00:00+08:00')
const manager = { roles: ['manager'] as const satisfies readonly Role[] }
const person = (display: string) => ({ id: display, display, station: 'test' })
let desk: ConsoleBooks
let now: number
const present = new Set<string>()
const inTurn = async <T>(list: readonly T[], act: (x: T) => Promise<unknown>) => {
  for (const x of list) await act(x)
}

beforeEach(async () => {
  now = start
  present.clear()
  desk = await openConsoleBooks(
    () => now,
    () => present,
  )
  const posts: [string, string, Role[]][] = [
    ['fire-watch', '消控室', ['operator']],
    ['guard', '保安', ['guard']],
    ['crs', '客户关系主管', ['supervisor']],
    ['repairer', '工程维修', ['engineer']],
  ]
  await desk.books.write(async tx => {
    await inTurn(posts, async ([id, name, roles]) => {
      await tx
        .insertInto('post')
        .values({ id, name_json: JSON.stringify({ zh: name, en: id }), roles_json: JSON.stringify(roles) })
        .execute()
      const account = { id: `u-${id}`, name: id, display: `${name}一号`, post: id, roles_json: '[]', password: '', active: 1 }
      await tx.insertInto('user_account').values(account).execute()
    })
  })
})
afterEach(() => desk.close())

const alarm = (over: Partial<AlarmFact> = {}): AlarmFact => ({
  id: ulid(),
  key: 'fp/l12_w1_fire',
  level: 1,
  kind: 'fire',
  device: null,
  point: null,
  place: desk.site.compartments[0]?.id ?? '',
  name: { zh: '12F 东感烟 3 火警', en: '12F smoke 3' },
  raisedAt: now,
  value: true,
  limit: true,
  unverifiedSince: null,
  ...over,
})
const raise = async (fact = alarm()) => {
  await desk.unit(person('system'), work => noteRaised(work, desk.reactions, 'edge', fact))
  return fact.id
}
const goneAndAcked = (id: string) =>
  desk.unit(person('何敏'), async work => {
    await noteReturned(work, desk.reactions, id, now)
    await work.tx.updateTable('alarm').set({ acked_at: now, acked_by: '何敏' }).where('id', '=', id).execute()
  })
const ticket = async () =>
  headOf(await desk.books.read.selectFrom('case_file').selectAll().where('procedure', '=', 'emergency').executeTakeFirstOrThrow())
const steps = (id: string) => desk.books.read.selectFrom('case_step').selectAll().where('case_id', '=', id).orderBy('n').execute()
const close = (said: Record<string, unknown>) =>
  desk.unit(person('林峰'), async work => desk.engine.act(work, (await ticket()).id, 'close', said, manager))
const answerAll = async () => {
  const { id } = await ticket()
  for (const s of await steps(id)) await desk.unit(person('何敏'), work => desk.emergencies.steps.tick(work, id, s.n, 'own'))
}
const said = { reason: '现场核实，茶水间蒸汽', outcome: 'false-alarm' }

describe('a step of the plan that was ticked by mistake', () => {
  it('is taken back with its reason; its clock is the old one, what waited for it waits again, and the ticket is not closed', async () => {
    await goneAndAcked(await raise())
    const { id } = await ticket()
    const [first] = await steps(id)
    const after = (await steps(id)).find(s => s.after_n !== null)
    const on = after?.after_n ?? first?.n ?? 1
    const due = (await steps(id)).find(s => s.n === on)?.due_at
    const takeBack = (n: number) => desk.unit(person('王强'), work => desk.emergencies.steps.takeBack(work, id, n, '按错了'))
    expect(await takeBack(on)).toBe(false)
    await answerAll()
    now += 1000
    expect(await takeBack(on)).toBe(true)
    expect((await steps(id)).find(s => s.n === on)).toMatchObject({ done_at: null, done_by: null, due_at: due ?? null })
    expect(await close(said).catch(e => e)).toMatchObject({ code: 'steps-open', detail: { n: 1 } })
    const told = await desk.books.read.selectFrom('history').select('note').where('verb', '=', 'step-taken-back').execute()
    expect(told).toEqual([{ note: '按错了' }])
    await desk.unit(person('何敏'), work => desk.emergencies.steps.tick(work, id, on, 'own'))
    expect(await close(said)).toMatchObject({ state: 'closed' })
  })
})

describe('who answers for a step', () => {
  const as = (who: { id: string; postId: string; roles: Role[] }, n: number) =>
    desk
      .unit(person(who.id), async work => desk.emergencies.steps.answersAs(work, (await ticket()).id, n, who))
      .catch(e => e.code)
  const guard = { id: 'u-guard', postId: 'guard', roles: ['guard' as Role] }
  const operator = { id: 'u-fire-watch', postId: 'fire-watch', roles: ['operator' as Role] }
  const lead = { id: 'u-crs', postId: 'crs', roles: ['supervisor' as Role] }
  const other = { id: 'u-other', postId: 'crs', roles: ['supervisor' as Role] }

  it('is whoever has it, or the lead in his name; where nobody leads, whoever could', async () => {
    await raise()
    // 2 is the guard's, 1 the control room's, 3 the lead's.
    expect(await as(guard, 2)).toBe('own')
    expect(await as(guard, 1)).toBe('not-your-step')
    expect(await as(guard, 3)).toBe('not-your-step')
    expect(await as(operator, 2)).toBe('stand-in')
    expect(await as(operator, 3)).toBe('stand-in')
    present.add('u-crs')
    expect(await as(operator, 1)).toBe('own')
    expect(await as(operator, 2)).toBe('not-your-step')
    expect(await as(lead, 2)).toBe('lead')
    expect(await as(lead, 3)).toBe('own')
    // A supervisor who is not at a screen leads nothing.
    expect(await as(other, 2)).toBe('not-your-step')
    expect(await as(lead, 99)).toBe('unknown-step')
  })

  it('in whose name it was done stands at the step and in the record', async () => {
    await raise()
    const { id } = await ticket()
    await desk.unit(person('王建国'), work => desk.emergencies.steps.tick(work, id, 2, 'lead'))
    expect((await steps(id))[1]).toMatchObject({ done_by: '王建国', by_lead: 1 })
    const [line] = await desk.books.read.selectFrom('history').select('detail_json').where('verb', '=', 'step-done').execute()
    expect(JSON.parse(line?.detail_json ?? '')).toEqual({ n: 2, as: 'lead' })
    await desk.unit(person('王建国'), work => desk.emergencies.steps.takeBack(work, id, 2, '按错了'))
    expect((await steps(id))[1]).toMatchObject({ done_by: null, by_lead: 0 })
  })
})

describe('closing an emergency ticket', () => {
  it('is refused with 0 of 8 steps, and names each that is open', async () => {
    await goneAndAcked(await raise())
    const refused = await close({ reason: 'x', outcome: 'false-alarm' }).catch(e => e)
    expect(refused).toMatchObject({ code: 'steps-open' })
    expect(refused.detail.n).toBe(8)
    expect(textIn('zh', refused.detail.missing[0])).toBe('1 接警，消音，看图核位置')
    expect((await ticket()).endedAt).toBeNull()
  })

  it('that came from a locked station asks who it was, and is not closed before that is answered', async () => {
    const report = { kind: 'other', place: 'f5', what: '有人倒地' }
    await desk.unit({ ...person('何敏'), locked: true }, work => desk.emergencies.onReported(work, report))
    const { id } = await ticket()
    const [asked, ...more] = await steps(id)
    expect(more).toEqual([])
    expect(asked?.text_json).toContain('锁定的工位（何敏）')
    expect(JSON.parse(asked?.posts_json ?? '')).toEqual(['lead'])
    // What is reported twice, once by somebody who has shown himself, asks once.
    await desk.unit(person('何敏'), work => desk.emergencies.onReported(work, report))
    expect(await steps(id)).toHaveLength(1)
    const raised = await desk.books.read.selectFrom('alarm').select('id').where('ticket', '=', id).execute()
    for (const a of raised) await goneAndAcked(a.id)
    expect(await close(said).catch(e => e)).toMatchObject({ code: 'steps-open' })
    await answerAll()
    expect(await close(said)).toMatchObject({ state: 'closed' })
  })

  it('is refused while one of its alarms is unacknowledged, and names it', async () => {
    const id = await raise()
    await desk.unit(person('system'), work => noteReturned(work, desk.reactions, id, now))
    await answerAll()
    const refused = await close(said).catch(e => e)
    expect(refused).toMatchObject({ code: 'alarms-unacked', detail: { n: 1, missing: [{ zh: '12F 东感烟 3 火警' }] } })
  })

  it('needs the outcome, which then stands in the form; a step may be set aside with a reason, once', async () => {
    await goneAndAcked(await raise())
    const { id } = await ticket()
    await desk.unit(person('何敏'), async work => {
      expect(await desk.emergencies.steps.setAside(work, id, 7, '误报，不来车')).toBe(true)
      expect(await desk.emergencies.steps.setAside(work, id, 7, '再说一次')).toBe(false)
      expect(await desk.emergencies.steps.tick(work, id, 7, 'own')).toBe(false)
    })
    await answerAll()
    expect((await steps(id))[6]).toMatchObject({ done_at: null, aside_by: '何敏', aside_why: '误报，不来车' })
    expect(await close({ reason: '蒸汽' }).catch(e => e)).toMatchObject({ code: 'said-nothing', field: 'outcome' })
    expect(await close({ reason: '蒸汽', outcome: 'maybe' }).catch(e => e)).toMatchObject({ code: 'invalid', field: 'outcome' })
    await close(said)
    expect(await ticket()).toMatchObject({ state: 'closed', form: { outcome: 'false-alarm', kind: 'fire' } })
    const last = await desk.books.read
      .selectFrom('history')
      .selectAll()
      .where('record', '=', id)
      .orderBy('n', 'desc')
      .executeTakeFirst()
    expect(last).toMatchObject({ verb: 'close', note: said.reason })
    expect(JSON.parse(last?.detail_json ?? '')).toMatchObject({ outcome: 'false-alarm' })
  })

  it('a step that waits for one that was set aside starts its clock', async () => {
    await raise(alarm({ kind: 'intrusion', level: 2, key: 'd-b1/forced' }))
    const { id } = await ticket()
    await desk.unit(person('何敏'), work => desk.emergencies.steps.setAside(work, id, 1, '秩序维护部已在现场'))
    expect((await steps(id))[1]).toMatchObject({ started_at: now, due_at: now + 60_000 })
  })
})

describe('whom a ticket tells', () => {
  const notices = () => desk.books.read.selectFrom('notice').selectAll().where('rings', '=', 1).orderBy('at').execute()

  it('its posts are told at the opening, each by name, and a post with nobody on duty is named as such', async () => {
    present.add('u-fire-watch').add('u-crs')
    await raise()
    const [notice] = await notices()
    expect(JSON.parse(notice?.roles_json ?? '')).toEqual(
      expect.arrayContaining(['post:fire-watch', 'post:guard', 'post:fd', 'user:u-crs']),
    )
    expect(textIn('zh', JSON.parse(notice?.text_json ?? ''))).toContain('1 级应急')
    const [told] = await tellingsOf(desk.books.read, (await ticket()).id)
    const people = Object.fromEntries(told?.posts.map(p => [p.name.zh, p.people.map(x => x.name)]) ?? [])
    expect(people).toMatchObject({ 消控室: ['消控室一号'], 保安: [], 工程维修: [], 当班负责人: ['客户关系主管一号'] })
    const { detail_json } = await desk.books.read
      .selectFrom('history')
      .selectAll()
      .where('verb', '=', 'told')
      .executeTakeFirstOrThrow()
    const detail = JSON.parse(detail_json)
    expect(detail.told).toEqual(['消控室一号', '客户关系主管一号'])
    expect(detail.nobody.map((w: { zh: string }) => w.zh)).toEqual(expect.arrayContaining(['保安', '工程维修']))
  })

  it('an overdue step tells its post and the leader once; with nobody there, nobody is said to have been told', async () => {
    await raise()
    now += 31_000
    await noteOverdueSteps(desk.books, desk.unit, desk.emergencies.steps, now)
    await noteOverdueSteps(desk.books, desk.unit, desk.emergencies.steps, now)
    const { id } = await ticket()
    const late = (await tellingsOf(desk.books.read, id)).filter(t => t.step !== null)
    expect(late).toMatchObject([
      {
        step: 1,
        posts: [
          { name: { zh: '消控室' }, people: [] },
          { name: { zh: '当班负责人' }, people: [] },
        ],
      },
    ])
    const lines = await desk.books.read.selectFrom('history').selectAll().where('verb', '=', 'step-overdue').execute()
    expect(lines.map(l => JSON.parse(l.detail_json))).toMatchObject([{ n: 1, told: [] }])
    // Who comes to a screen later finds it, and stands there from when he has seen it.
    expect((await notices()).map(n => n.kind)).toEqual(['emergency', 'step-overdue'])
    const seen = { notice: late[0]?.notice ?? '', user_id: 'u-fire-watch', at: now + 5000 }
    await desk.books.write(tx => tx.insertInto('notice_seen').values(seen).execute())
    const [again] = (await tellingsOf(desk.books.read, id)).filter(t => t.step !== null)
    expect(again?.posts[0]?.people).toEqual([{ name: '消控室一号', onScreen: true, seenAt: now + 5000 }])
  })

  it('a step that was done or set aside in time tells nobody', async () => {
    await raise()
    await answerAll()
    now += 3_600_000
    await noteOverdueSteps(desk.books, desk.unit, desk.emergencies.steps, now)
    expect((await notices()).map(n => n.kind)).toEqual(['emergency'])
  })

  it('who is on the roster and on leave is not one of those who were told', async () => {
    const on = async (id: string) => {
      const rest = { form_json: '{}', facts_json: '{}', revision: 0, due_at: null, warn_at: null, urgent: 0, handler: null }
      const times = { opened_at: now, changed_at: now, ended_at: null, place: null, tenant: null, owner: 'x' }
      const head = { id: ulid(), procedure: 'roster', version: 1, number: id, state: 'in-force', department: id }
      const date = desk.directory.calendar.dateOf(now)
      const shift = { case_id: head.id, date, shift: 'day', person: id, person_id: id }
      await desk.books.write(async tx => {
        await tx
          .insertInto('case_file')
          .values({ ...head, ...times, ...rest })
          .execute()
        await tx.insertInto('roster_shift').values(shift).execute()
      })
      return date
    }
    const date = await on('u-fire-watch')
    await on('u-guard')
    const absence = { user_id: 'u-guard', from_date: date, to_date: date }
    await desk.books.write(tx => tx.insertInto('absence').values(absence).execute())
    await raise()
    const [told] = await tellingsOf(desk.books.read, (await ticket()).id)
    const people = Object.fromEntries(told?.posts.map(p => [p.name.zh, p.people.map(x => x.name)]) ?? [])
    expect(people).toMatchObject({ 消控室: ['消控室一号'], 保安: [] })
  })

  it('whoever has taken the shift over leads it, also where he has no screen: then he is named, and not as told', async () => {
    const facts_json = JSON.stringify({ 'take-over': { at: now - 1000, by: '消控室一号' } })
    const rest = { form_json: '{}', revision: 0, due_at: null, warn_at: null, urgent: 0, department: null, handler: null }
    const times = { opened_at: now - 5000, changed_at: now - 1000, ended_at: now - 1000 }
    const head = { id: ulid(), procedure: 'handover', version: 2, number: 'JB-1', state: 'signed', place: null, tenant: null }
    await desk.books.write(tx =>
      tx
        .insertInto('case_file')
        .values({ ...head, ...times, ...rest, owner: 'x', facts_json })
        .execute(),
    )
    present.add('u-crs')
    await raise()
    const [told] = await tellingsOf(desk.books.read, (await ticket()).id)
    expect(told?.posts.find(p => p.name.zh === '当班负责人')?.people).toEqual([
      { name: '消控室一号', onScreen: false, seenAt: null },
    ])
    const { detail_json } = await desk.books.read
      .selectFrom('history')
      .selectAll()
      .where('verb', '=', 'told')
      .executeTakeFirstOrThrow()
    expect(JSON.parse(detail_json).told).toEqual([])
  })
})

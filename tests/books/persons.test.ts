import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CaseHead } from '#api/models/cases'
import type { Role } from '#api/rights'
import { openAccounts } from '../../console/server/auth/accounts.ts'
import { correctCase } from '../../console/server/engine/cases/corrections.ts'
import { signEntry, writeEntry } from '../../console/server/engine/registers/registerBook.ts'
import { procedureViewOf } from '../../console/server/http/procedureView.ts'
import { onDutyOn } from '../../console/server/site/onDuty.ts'
import { checkItem, remarkItem } from '../../console/subjects/handover/items.ts'
import { setShifts, shiftsOf } from '../../console/subjects/roster/rosterBook.ts'
import { offeredSteps } from '../../console/web/src/cases/offeredSteps.ts'
import { urgentCalls } from '../../console/web/src/day/urgentCalls.ts'
import { type ConsoleBooks, openConsoleBooks } from '../harness/consoleBooks.ts'
import { manual, procedures } from '../harness/manual.ts'

/** Persons are accounts: two of one name are two, and a shift is taken over by who has checked it. */
const start = Date.parse('2026-11-24T09:00:00+08:00')
type Who = { id: string; display: string; roles: readonly Role[] }
let desk: ConsoleBooks
const who = (id: string, display: string, ...roles: Role[]): Who => ({ id, display, roles })
const lina = who('a', '李娜', 'front-desk')
const otherLina = who('b', '李娜', 'front-desk')
const boss = who('c', '林峰', 'manager')
const operator = who('d', '何敏', 'operator')
const guard = who('e', '赵磊', 'guard')
const head = who('f', '王建国', 'supervisor')
const engineer = who('g', '周强', 'engineer')

beforeEach(async () => {
  desk = await openConsoleBooks(() => start)
  const names = { a: 'lina', b: 'lina2', c: 'boss', d: 'operator', e: 'guard', f: 'head', g: 'engineer' } as Record<
    string,
    string
  >
  for (const w of [lina, otherLina, boss, operator, guard, head, engineer])
    await desk.books.write(tx =>
      tx
        .insertInto('user_account')
        .values({
          id: w.id,
          name: names[w.id] ?? '',
          display: w.display,
          post: '-',
          roles_json: JSON.stringify(w.roles),
          password: '',
          active: 1,
        })
        .execute(),
    )
})
afterEach(() => desk.close())

const as = <R>(w: Who, act: Parameters<typeof desk.unit<R>>[1]) =>
  desk.unit<R>({ id: w.id, display: w.display, station: 'test', proven: true }, act)
const open = (w: Who, procedure: string, form: object, urgent = false) =>
  as(w, work => desk.engine.open(work, procedure, { form: form as Record<string, unknown>, urgent }, w))
const act = (w: Who, id: string, verb: string, said: Record<string, unknown> = {}) =>
  as(w, work => desk.engine.act(work, id, verb, said, w))
const refusal = (p: Promise<unknown>) =>
  p.then(
    () => 'done',
    (e: { code?: string }) => e.code,
  )
const complaint = { address: 'f5-w', content: '态度', category: 'staff', contact: '陈立', phone: '138', way: 'phone' }
const order = { address: 'f5-w', content: '漏水', contact: '陈立', phone: '138', kind: 'repair' }

describe('two people of one name', () => {
  it('are not taken for each other: a complaint about one is kept from that one alone', async () => {
    expect(await refusal(open(boss, 'complaint', { ...complaint, against: '李娜' }))).toBe('which-of-them')
    const file = await open(boss, 'complaint', { ...complaint, against: '李娜 (lina2)' })
    const sees = (w: Who) => refusal(desk.engine.seen(desk.books.read, file.id, w))
    expect([await sees(lina), await sees(otherLina)]).toEqual(['done', 'unknown-case'])
    const ids = async (w: Who) => (await desk.engine.keptFrom(desk.books.read, w).execute()).map(r => r.id)
    expect([await ids(lina), await ids(otherLina)]).toEqual([[], [file.id]])
  })
  it('do not take each other out of a case by a correction', async () => {
    const file = await open(boss, 'complaint', { ...complaint, against: '李娜 (lina2)' })
    const correct = (w: Who, against: string | null) =>
      as(w, work => correctCase(desk.engine, work, file.id, { form: { against }, reason: '-', revision: 0 }, w))
    expect(await refusal(correct(otherLina, '李娜 (lina)'))).toBe('unknown-case')
    expect(await refusal(correct(lina, '李娜 (lina)'))).toBe('about-oneself')
  })
})

describe('a handover', () => {
  const fit = { fit: 'clear' }
  const ready = async () => {
    const file = await open(operator, 'handover', { shift: 'day', incoming: '赵磊' })
    const items = await desk.books.read.selectFrom('handover_item').selectAll().where('case_id', '=', file.id).execute()
    for (const i of items) await as(operator, work => remarkItem(work, file, i.n, '跟进'))
    return { now: await act(operator, file.id, 'ready'), items }
  }
  const check = async (w: Who, h: Awaited<ReturnType<typeof ready>>) => {
    const now = await desk.engine.head(desk.books.read, h.now.id)
    for (const i of h.items) await as(w, work => checkItem(work, now, i.n))
  }
  it('is taken over by a substitute only after he has checked it himself', async () => {
    const h = await ready()
    await act(operator, h.now.id, 'state-fit', fit)
    await check(guard, h)
    await act(operator, h.now.id, 'state-fit', { fit: 'unfit', substitute: '王建国' })
    expect(await refusal(act(head, h.now.id, 'take-over'))).toBe('items-unchecked')
    await check(head, h)
    expect(await refusal(act(head, h.now.id, 'take-over'))).toBe('done')
    expect((await desk.engine.head(desk.books.read, h.now.id)).facts['take-over']).toMatchObject({
      signature: '王建国',
      byId: 'f',
    })
  })
  it.each([
    [
      'a collective complaint',
      'complaint',
      { ...complaint, category: 'cleaning', collective: true },
      false,
      'handover-ban-collective',
    ],
    ['a major complaint', 'complaint', { ...complaint, category: 'cleaning', major: true }, false, 'handover-ban-major'],
    ['a serious repair', 'repair', { ...order, major: true }, false, 'handover-ban-serious'],
    ['an urgent repair', 'repair', order, true, 'handover-ban-urgent'],
  ])('waits for %s where the site counts it', async (_what, procedure, form, urgent, setting) => {
    await open(lina, procedure, form, urgent)
    const set = (value: boolean) =>
      as(boss, async work => {
        await desk.rules.set(work, setting, value, '-')
      }).then(() => desk.rules.reload(desk.books.read))
    const h = await ready()
    await act(operator, h.now.id, 'state-fit', fit)
    await check(guard, h)
    await set(true)
    expect(await refusal(act(guard, h.now.id, 'take-over'))).toBe('grave-open')
    await set(false)
    expect(await refusal(act(guard, h.now.id, 'take-over'))).toBe('done')
  })
  it('leaves out no kind of open case', async () => {
    const opened = [
      await open(boss, 'corrective', { subject: '不合格', address: 'f5-w' }),
      await open(head, 'roster', { month: '2026-12', department: 'engineering' }),
      await open(lina, 'enquiry', { contact: '陈立', kind: 'enquiry', content: '问路' }),
      await open(lina, 'repair', order),
    ]
    const file = await open(operator, 'handover', { shift: 'day', incoming: '赵磊' })
    const refs = (await desk.books.read.selectFrom('handover_item').select('ref').where('case_id', '=', file.id).execute()).map(
      i => i.ref,
    )
    expect(refs).toEqual(expect.arrayContaining(opened.map(c => c.id)))
    // A handover is not handed over itself.
    expect(refs).not.toContain(file.id)
  })
})

describe('what is urgent', () => {
  const views = procedures.map(p => procedureViewOf(p, manual, ['engineer'], 'office'))
  it('calls on the screens of its department until somebody accepts', async () => {
    const calls = (c: CaseHead, ...held: Role[]) => urgentCalls([c], views, held).length
    const sent = await open(lina, 'repair', order, true)
    expect([calls(sent, 'engineer'), calls(sent, 'front-desk'), calls({ ...sent, urgent: false }, 'engineer')]).toEqual([1, 0, 0])
    const assigned = await act(lina, sent.id, 'assign', { handler: '周强' })
    expect(calls(assigned, 'engineer')).toBe(1)
    const accepted = await act(engineer, sent.id, 'accept')
    expect(accepted).toMatchObject({ handler: '周强', handlerId: 'g' })
    expect(calls(accepted, 'engineer')).toBe(0)
  })
})

describe('on a roster', () => {
  const month = { month: '2026-12', department: 'customer-service' }
  const day = (date: string, person: string) => ({ date: `2026-12-${date}`, shift: 'day' as const, person })
  const rename = (w: Who, display: string) =>
    desk.books.write(tx => tx.updateTable('user_account').set({ display }).where('id', '=', w.id).execute())
  const made = async (...lines: ReturnType<typeof day>[]) => {
    const roster = await open(head, 'roster', month)
    await as(head, work => setShifts(work, roster, lines))
    return roster
  }
  const inForce = (id: string) =>
    desk.books.write(tx => tx.updateTable('case_file').set({ state: 'in-force' }).where('id', '=', id).execute())

  it('two of one name share no shift, and both may stand on one', async () => {
    const roster = await made(day('01', '李娜 (lina)'), day('01', '李娜 (lina2)'))
    await inForce(roster.id)
    expect((await onDutyOn(desk.books.read, '2026-12-01')).map(l => l.person_id).sort()).toEqual([lina.id, otherLina.id])
    await expect(made(day('02', '李娜'))).rejects.toMatchObject({ code: expect.stringMatching(/which-of-them|roster-exists/) })
  })
  it('nobody stands twice on a shift, however he is written', async () => {
    const roster = await open(head, 'roster', month)
    const twice = as(head, work => setShifts(work, roster, [day('01', '周强'), day('01', '周强 (engineer)')]))
    expect(await refusal(twice)).toBe('person-twice')
  })
  it('whoever changes his name keeps his shifts, and stands there as he is called now; the history keeps the name of that day', async () => {
    const roster = await made(day('01', '何敏'), day('02', '何敏'), day('02', '周强'))
    await inForce(roster.id)
    await rename(operator, '何敏敏')
    expect(await shiftsOf(desk.books.read, roster.id)).toEqual(
      [day('01', '何敏敏'), day('02', '周强'), day('02', '何敏敏')].sort(byPerson),
    )
    const swap = (person: string, substitute: string, date = '2026-12-01') =>
      act(head, roster.id, 'swap', { date, shift: 'day', person, substitute, reason: '病假' })
    expect(await refusal(swap('何敏', '赵磊'))).toBe('not-on-that-shift')
    expect(await refusal(swap('何敏敏', '周强', '2026-12-02'))).toBe('person-twice')
    await swap('何敏敏', '赵磊')
    expect((await onDutyOn(desk.books.read, '2026-12-01')).map(l => l.person)).toEqual(['赵磊'])
    const written = await desk.books.read.selectFrom('history').select('detail_json').where('verb', '=', 'shifts').execute()
    expect(written[0]?.detail_json).toContain('"何敏"')
  })
})

describe('an entry of a register', () => {
  const write = (w: Who) => as(w, work => writeEntry(work, desk, { register: 'duty-record', form: { matter: '巡查' } }, w))
  const check = (w: Who, id: string) => refusal(as(w, work => signEntry(work, desk.manual, id, 'check', w)))

  it('is checked by other eyes than wrote it, which another of the same name has, and the same person under a new name has not', async () => {
    const namesake = who('h', '林峰', 'manager')
    expect(await check(namesake, (await write(boss)).id)).toBe('done')
    const renamed = { ...boss, display: '林峰峰' }
    expect(await check(renamed, (await write(boss)).id)).toBe('own-entry')
  })
})

it('each of two who have one name is written with his user name, on screen as in the history', async () => {
  const accounts = await openAccounts(desk.books)
  await accounts.add({ name: 'lina3', display: '李娜', post: '-', roles: ['front-desk'], password: 'p' })
  await accounts.add({ name: 'only', display: '孙悦', post: '-', roles: ['front-desk'], password: 'p' })
  const display = async (name: string) => (await accounts.signIn(name, 'p', 'test')).user.display
  expect([await display('lina3'), await display('only')]).toEqual(['李娜 (lina3)', '孙悦'])
})

describe('the main step', () => {
  it('comes first on the engineer’s phone: accept before assign, done before waiting for parts', async () => {
    const repair = procedureViewOf(procedures.find(p => p.id === 'repair') ?? never(), manual, ['engineer'], 'office')
    const sent = await open(lina, 'repair', order)
    const first = async (c: CaseHead) => {
      const verbs = await desk.engine.verbs(desk.books.read, start, c, engineer)
      return offeredSteps(verbs, repair.states[c.state]?.main ?? null)[0]?.[0]
    }
    expect(await first(sent)).toBe('accept')
    const accepted = await act(engineer, sent.id, 'accept')
    expect(await first(accepted)).toBe('arrive')
    expect(await first(await act(engineer, sent.id, 'arrive'))).toBe('finish')
  })
  it('is named for every state from which people go on, and leads from there', () => {
    for (const p of procedures)
      for (const [name, state] of Object.entries(p.states)) {
        const steps = p.transitions.filter(t => t.from.includes(name) && t.by.some(r => r !== 'system'))
        if (state.ends || steps.length === 0 || p.id === 'overtime') continue
        expect(
          steps.map(t => t.verb),
          `${p.id} ${name}`,
        ).toContain(state.main)
      }
  })
})

const byPerson = (a: { date: string; person: string }, b: typeof a) => (a.date + a.person < b.date + b.person ? -1 : 1)
const never = (): never => {
  throw new Error('no such procedure')
}

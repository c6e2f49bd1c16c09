import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CaseFull } from '#api/models/cases'
import type { DutyView, MyDay, Notice } from '#api/models/duties'
import type { RegisterEntry } from '#api/models/registers'
import { say, textIn } from '#api/words/text'
import { type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

/** Rosters, the duty record and the month's summaries of an apartments site (manual 004), on its last day. */
let stack: Stack
let desk: Person
let head: Person
let boss: Person
let engineer: Person
beforeAll(async () => {
  stack = await startStack({ at: '2026-11-30T10:00:00+08:00', only: ['broker', 'console'] })
  desk = await signIn(stack.url, 'frontdesk')
  head = await signIn(stack.url, 'supervisor')
  boss = await signIn(stack.url, 'manager')
  engineer = await signIn(stack.url, 'engineer')
  await boss.post('/settings/preset', { preset: 'apartments' })
})
afterAll(() => stack?.stop())

const act = (who: Person, id: string, verb: string, said: object = {}) => who.post<CaseFull>(`/cases/${id}/acts/${verb}`, said)
const duty = async (who: Person, routine: string, period?: string) =>
  until(`the duty ${routine}`, async () =>
    (await who.get<DutyView[]>('/duties?from=2026-11-20&to=2026-12-31')).body.find(
      d => d.routine === routine && (period === undefined || d.period === period),
    ),
  )
const full = async (who: Person, d: DutyView) => (await who.get<DutyView>(`/duties/${d.id}`)).body
const done = (who: Person, d: DutyView, note = '') => who.post(`/duties/${d.id}/done`, { note })

const daysOf = (month: string, days: number) =>
  Array.from({ length: days }, (_, i) => ({ date: `${month}-${String(i + 1).padStart(2, '0')}`, shift: 'day', person: '李娜' }))

it('another manual is another list of duties: what the former one would have owed from now on is gone', async () => {
  const owed = async () => (await head.get<DutyView[]>('/duties?from=2026-12-01&to=2026-12-31')).body.map(d => d.routine)
  await until('the duties of the apartments', async () => (await owed()).includes('duty-record-read'))
  expect(await owed()).not.toContain('repair-day')
})

it('a roster covers every day before it is submitted, is approved by the director, and is changed only with consent (R63, R61)', async () => {
  const owed = await duty(head, 'roster')
  expect(await done(head, owed)).toMatchObject({ status: 409, body: { error: 'roster-missing' } })
  const form = { month: '2026-12', department: 'customer-service' }
  const opened = await head.post<CaseFull>('/cases', { procedure: 'roster', form })
  expect(opened).toMatchObject({ status: 200, body: { state: 'preparing', department: 'customer-service' } })
  const { id } = opened.body
  expect(await head.post('/cases', { procedure: 'roster', form })).toMatchObject({
    status: 409,
    body: { error: 'roster-exists', field: 'month' },
  })
  const write = async (shifts: object[], who = head) => {
    const { revision } = (await head.get<CaseFull>(`/cases/${id}`)).body
    return who.call('PUT', `/rosters/${id}/shifts`, { revision, shifts })
  }
  expect(await write([{ date: '2026-11-29', shift: 'day', person: '李娜' }])).toMatchObject({
    status: 400,
    body: { error: 'not-in-this-month', field: 'date' },
  })
  const whole = daysOf('2026-12', 31)
  expect(await write([...whole, whole[0] as object])).toMatchObject({ status: 409, body: { error: 'person-twice' } })
  expect(await write(whole, desk)).toMatchObject({ status: 403 })
  expect(await write(whole.slice(0, 30))).toMatchObject({ status: 200 })
  // Whoever has not seen what stands there now is told.
  expect(await head.call('PUT', `/rosters/${id}/shifts`, { revision: 0, shifts: whole })).toMatchObject({
    status: 409,
    body: { error: 'changed-meanwhile' },
  })
  expect((await act(head, id, 'submit')).body).toMatchObject({ error: 'day-uncovered', detail: { date: '2026-12-31' } })
  expect(await write([...whole, { date: '2026-12-05', shift: 'evening', person: '赵磊' }])).toMatchObject({ status: 200 })
  expect(await act(head, id, 'approve')).toMatchObject({ status: 409 })
  expect((await act(head, id, 'submit')).body).toMatchObject({ state: 'submitted' })
  // What has been submitted is not changed behind the director's back.
  expect(await write(whole)).toMatchObject({ status: 409, body: { error: 'not-in-this-state' } })
  // Engineering's is owed as well.
  expect(await done(head, owed)).toMatchObject({ status: 409, body: { error: 'roster-missing' } })
  const other = (await engineer.post<CaseFull>('/cases', { procedure: 'roster', form: { ...form, department: 'engineering' } }))
    .body
  await engineer.call('PUT', `/rosters/${other.id}/shifts`, { revision: other.revision, shifts: whole })
  expect((await act(engineer, other.id, 'submit')).body).toMatchObject({ state: 'submitted' })
  expect(await done(head, owed)).toMatchObject({ status: 204 })
  expect(await act(head, id, 'approve')).toMatchObject({ status: 403 })
  expect((await act(boss, id, 'approve')).body).toMatchObject({ state: 'in-force' })
  const swap = { date: '2026-12-03', shift: 'day', person: '李娜', substitute: '王建国', reason: '李娜请假' }
  expect(await act(desk, id, 'swap', swap)).toMatchObject({ status: 403 })
  expect((await act(head, id, 'swap', { ...swap, person: '赵磊' })).body).toMatchObject({
    error: 'not-on-that-shift',
    field: 'person',
  })
  const swapped = (await act(head, id, 'swap', swap)).body
  expect(swapped.shifts.filter(s => s.date === '2026-12-03')).toEqual([{ date: '2026-12-03', shift: 'day', person: '王建国' }])
  expect(swapped.events[0]).toMatchObject({ verb: 'swap', note: '李娜请假', detail: { person: '李娜', substitute: '王建国' } })
})

it('who is on duty today stands on everybody’s day, and an evening shift covers the hour that nobody covers (C6)', async () => {
  const day = async () => (await desk.get<MyDay>('/my-day')).body
  expect(await day()).toMatchObject({ onDuty: [], uncovered: { from: '17:30', to: '21:00' } })
  const form = { month: '2026-11', department: 'engineering' }
  const { id, revision } = (await engineer.post<CaseFull>('/cases', { procedure: 'roster', form })).body
  const shifts = [...daysOf('2026-11', 30), { date: '2026-11-30', shift: 'evening', person: '周强' }]
  await engineer.call('PUT', `/rosters/${id}/shifts`, { revision, shifts })
  await act(engineer, id, 'submit')
  // Not in force before it is approved.
  expect((await day()).onDuty).toEqual([])
  await act(boss, id, 'approve')
  expect(await day()).toMatchObject({
    uncovered: null,
    onDuty: [
      { shift: 'day', person: '李娜', department: 'engineering' },
      { shift: 'evening', person: '周强', department: 'engineering' },
    ],
  })
  // Attendance by person, from where the last one was due until now: shifts rostered beside shifts handed over.
  const attendance = await duty(head, 'attendance')
  const report = await full(head, attendance)
  expect(report.figures).toMatchObject({ people: 1, rostered: 5, handedOver: 0 })
  expect(report.tables[0]?.rows).toContainEqual(['李娜', 5, 0])
  // It is signed on its day, not before.
  expect(await done(head, attendance)).toMatchObject({ status: 409, body: { error: 'too-early' } })
})

it('the duty record is read daily and a fifth of it checked by the director each month; short of it the duty stays open (R64)', async () => {
  const write = async (matter: string) =>
    (await desk.post<RegisterEntry>('/registers/duty-record/entries', { form: { matter } })).body
  const entries = [] as RegisterEntry[]
  for (let i = 0; i < 6; i++) entries.push(await write(`巡查 ${i}`))
  const [reading, checking] = [await duty(head, 'duty-record-read'), await duty(boss, 'duty-record-check')]
  expect(await done(head, reading)).toMatchObject({ status: 409, body: { error: 'entries-unread' } })
  const sign = (who: Person, i: number, as: string) => who.post(`/registers/duty-record/entries/${entries[i]?.id}/${as}`)
  expect(await sign(desk, 0, 'read')).toMatchObject({ status: 403 })
  for (let i = 0; i < 6; i++) expect(await sign(head, i, 'read')).toMatchObject({ status: 204 })
  expect(await done(head, reading)).toMatchObject({ status: 204 })
  expect(await done(boss, checking)).toMatchObject({ status: 409, body: { error: 'checks-missing' } })
  // A fifth of six is two whole entries.
  expect((await boss.get('/registers/duty-record/checks')).body).toEqual({ entries: 6, checked: 0, checksOwed: 2 })
  expect(await sign(head, 0, 'check')).toMatchObject({ status: 403 })
  expect(await sign(boss, 0, 'check')).toMatchObject({ status: 204 })
  expect(await sign(boss, 0, 'check')).toMatchObject({ status: 409 })
  expect(await done(boss, checking)).toMatchObject({ status: 409 })
  expect(await sign(boss, 4, 'check')).toMatchObject({ status: 204 })
  expect(await done(boss, checking)).toMatchObject({ status: 204 })
})

it("the month's complaints: by category and judgement, and what came again at one place, kept as it was signed (R31)", async () => {
  const complain = async (content: string, address: string, category: string) => {
    const form = { address, content, category, contact: '陈立', phone: '138', way: 'phone' }
    return (await desk.post<CaseFull>('/cases', { procedure: 'complaint', form })).body
  }
  const first = await complain('噪音', 'f5-w', 'equipment')
  const again = await complain('又有噪音', 'f5-w', 'equipment')
  await complain('地面有水', 'f5-w', 'cleaning')
  const other = await complain('停水', 'f9-w', 'municipal')
  await act(head, first.id, 'invalid', { reason: '邻居装修，已说明' })
  await act(desk, other.id, 'municipal', { reason: '市政检修' })
  const owed = await duty(head, 'complaint-month')
  const report = await full(head, owed)
  expect(report.figures).toMatchObject({ received: 4, handled: 1, repeated: 2 })
  const table = (title: string) => report.tables.find(t => textIn('en', t.title) === title)?.rows
  expect(table('Repeated at one place')).toEqual([
    [
      { zh: '5F 西', en: '5F West' },
      expect.objectContaining({ zh: expect.stringContaining('工程部') }),
      2,
      `${first.number}、${again.number}`,
    ],
  ])
  expect(table('By judgement')).toContainEqual([say.report.classes['invalid'], 1])
  expect(table('By judgement')).toContainEqual([say.report.classes['municipal'], 1])
  expect(table('Not finished')).toHaveLength(4)
  expect(await done(head, owed)).toMatchObject({ status: 204 })
  await complain('月报之后', 'f9-w', 'fees')
  expect((await full(head, owed)).tables).toEqual(report.tables)
  const file = await fetch(`${stack.url}/api/duties/${owed.id}/report.xlsx?language=zh`, { headers: { cookie: head.cookie } })
  expect(
    Buffer.from(await file.arrayBuffer())
      .subarray(0, 2)
      .toString(),
  ).toBe('PK')
  expect((await fetch(`${stack.url}/api/duties/${owed.id}/report.xlsx`, { headers: { cookie: engineer.cookie } })).status).toBe(
    403,
  )
})

it('what comes in after the sum belongs to the next day, and what is open is carried over until it is done (R45, T55)', async () => {
  await boss.post('/settings/preset', { preset: 'office' })
  const order = async (content: string) => {
    const form = { address: 'f7-e', content, contact: '谢宁', phone: '138', kind: 'repair' }
    return (await desk.post<CaseFull>('/cases', { procedure: 'repair', form })).body
  }
  const early = await order('早上的')
  await act(engineer, early.id, 'accept')
  await act(engineer, early.id, 'defer', { reason: '等配件' })
  const today = await duty(head, 'repair-day')
  expect((await full(head, today)).figures).toMatchObject({ received: 1, open: 1, carried: 0 })
  expect(await done(head, today)).toMatchObject({ status: 204 })
  const late = await order('汇总之后的')
  // The next afternoon.
  await stack.kill('console')
  stack.setClock(Date.parse('2026-12-01T16:00:00+08:00'))
  await stack.start('console')
  const next = await until('the duty of the next day', async () =>
    (await head.get<DutyView[]>('/duties?from=2026-12-01&to=2026-12-01')).body.find(d => d.routine === 'repair-day'),
  )
  const sum = await full(head, next)
  expect(sum.figures).toMatchObject({ received: 1, open: 1, carried: 1, withoutReason: 1 })
  const open = sum.tables.find(t => textIn('en', t.title) === 'Not finished')?.rows.map(r => r[0])
  expect(open).toEqual([early.number, late.number])
  expect(sum.stretch?.from).toBe((await full(head, today)).doneAt)
  expect(await done(head, next)).toMatchObject({ status: 409, body: { error: 'reasons-missing' } })
  // Each figure leads to its orders; one that lies where it was received is given its reason there.
  expect(sum.behind['withoutReason']?.map(c => c.id)).toEqual([late.id])
  expect(sum.behind['carried']?.map(c => c.number)).toEqual([early.number])
  expect(late.state).toBe('sent')
  expect(await act(head, late.id, 'defer', { reason: '等客户在家' })).toMatchObject({ status: 200 })
  expect((await full(head, next)).behind['withoutReason']).toEqual([])
  expect((await full(head, today)).behind['received']?.map(c => c.id)).toEqual([early.id])
})

it('what is owed by the 5th is handed in from the end of its month, not only on the 5th (T34)', async () => {
  await boss.post('/settings/preset', { preset: 'apartments' })
  const ofMonth = async (from: string) =>
    until('the summary of visits', async () =>
      (await head.get<DutyView[]>(`/duties?from=${from}-01&to=${from}-31`)).body.find(d => d.routine === 'visit-month'),
    )
  const december = await ofMonth('2026-12')
  expect(new Date(december.limitAt).toISOString().slice(0, 10)).toBe('2026-12-05')
  // It is the 1st.
  expect(await done(head, december, '十一月')).toMatchObject({ status: 204 })
  expect((await full(head, december)).stretch).toEqual({
    from: Date.parse('2026-11-01T00:00:00+08:00'),
    to: Date.parse('2026-12-01T00:00:00+08:00'),
  })
  await boss.post('/settings/preset', { preset: 'office' })
})

it('a duty stands on the day of the posts that the site has named for it, and only they are told that it is late', async () => {
  const name = (posts: string[]) => boss.call('PUT', '/routines/rounds/posts', { posts, reason: '分工调整' })
  const onDay = async (who: Person) => (await who.get<MyDay>('/my-day')).body.duties.some(d => d.routine === 'rounds')
  await duty(head, 'rounds')
  expect(await onDay(head)).toBe(true)
  expect(await name(['fd'])).toMatchObject({ status: 400, body: { error: 'post-cannot', field: 'posts' } })
  expect(await head.call('PUT', '/routines/rounds/posts', { posts: ['crs'], reason: 'x' })).toMatchObject({ status: 403 })
  expect(await name(['eng-head'])).toMatchObject({ status: 200 })
  expect(await onDay(head)).toBe(false)
  await stack.kill('console')
  stack.setClock(Date.parse('2026-12-01T17:40:00+08:00'))
  await stack.start('console')
  // Of the day on which the posts were already named: that of the day before was told to those who owed it then.
  const owed = await duty(boss, 'rounds', '2026-12-01')
  expect(owed.posts).toEqual([{ zh: '工程维修部主管', en: 'Engineering Supervisor' }])
  const told = async (who: Person) => (await who.get<Notice[]>('/notices')).body.some(n => n.record === owed.id)
  await until('the manager to hear that it is late', () => told(boss))
  expect(await told(head)).toBe(false)
  // Nobody named: every post that could.
  expect(await name([])).toMatchObject({ status: 200 })
  expect(await onDay(head)).toBe(true)
  expect((await duty(boss, 'rounds')).posts.map(p => p.en)).toEqual([
    'Customer Relations Supervisor',
    'Engineering Supervisor',
    'Security Manager',
  ])
})

it('a summary that was forgotten and is closed late takes nothing from the one that was signed before it, nor moves it', async () => {
  await stack.kill('console')
  stack.setClock(Date.parse('2026-12-02T17:35:00+08:00'))
  await stack.start('console')
  const ofDay = async (date: string) => {
    const found = (await head.get<DutyView[]>(`/duties?from=${date}&to=${date}`)).body.find(d => d.routine === 'repair-day')
    return found as DutyView
  }
  const [forgotten, today] = [await ofDay('2026-12-01'), await ofDay('2026-12-02')]
  for (const order of (await head.get<CaseFull[]>('/cases?procedure=repair&open=true')).body)
    await act(engineer, order.id, 'accept').then(() => act(engineer, order.id, 'finish', { result: '好' }))
  expect(await done(head, today)).toMatchObject({ status: 204 })
  const signed = (await full(head, today)).stretch
  expect(signed?.from).toBe(forgotten.limitAt)
  expect((await full(head, forgotten)).stretch?.to).toBe(signed?.from)
  expect(await done(head, forgotten, '补')).toMatchObject({ status: 204 })
  expect((await full(head, forgotten)).stretch?.to).toBe(signed?.from)
  expect((await full(head, today)).stretch).toEqual(signed)
  // It is handed in to whom the manual names.
  expect((await boss.get<Notice[]>('/notices')).body.filter(n => n.record === today.id).map(n => n.kind)).toContain('handed-in')
})

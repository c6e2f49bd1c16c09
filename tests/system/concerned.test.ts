import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CaseFull } from '#api/models/cases'
import type { DutyView, MyDay, Notice } from '#api/models/duties'
import type { Caller, Found, RegisterEntry } from '#api/models/registers'
import { type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

/** Who is complained of is the attacker here: 王建国, the supervisor, who otherwise sees and may do nearly everything. */
let stack: Stack
let desk: Person
let accused: Person
let boss: Person
let gm: Person
let operator: Person
let engineer: Person
beforeAll(async () => {
  stack = await startStack({ at: '2026-11-30T10:00:00+08:00', only: ['broker', 'console'] })
  const people = ['frontdesk', 'supervisor', 'manager', 'gm', 'operator', 'engineer'].map(name => signIn(stack.url, name))
  ;[desk, accused, boss, gm, operator, engineer] = (await Promise.all(people)) as [Person, Person, Person, Person, Person, Person]
  await boss.post('/settings/preset', { preset: 'apartments' })
  await accused.listen()
})
afterAll(async () => {
  accused?.close()
  await stack?.stop()
})

const secret = '主管收了好处费'
const complaint = {
  address: 'f5-w',
  content: secret,
  category: 'staff',
  against: '王建国',
  contact: '陈立秘',
  phone: '13900001111',
  way: 'phone',
}
const complain = async (more: object = {}, by = desk) =>
  by.post<CaseFull>('/cases', {
    procedure: 'complaint',
    form: { ...complaint, ...more },
    entry: { register: 'phone-record', form: { matter: secret, contact: '陈立秘' } },
  })
const act = (who: Person, id: string, verb: string, said: object = {}) => who.post<CaseFull>(`/cases/${id}/acts/${verb}`, said)
const read = async (who: Person, id: string) => (await who.get<CaseFull>(`/cases/${id}`)).body
const text = async (who: Person, path: string) =>
  (await fetch(`${stack.url}/api${path}`, { headers: { cookie: who.cookie } })).text()
const correct = async (who: Person, id: string, form: object) =>
  who.post<CaseFull>(`/cases/${id}/corrections`, { form, reason: '核对', revision: (await read(boss, id)).revision })

it('a case is not there for the person whom it is about: in no list, search, paper, sheet, notice, register, screen or step', async () => {
  const order = { address: 'f5-w', content: '漏水', contact: '陈立', phone: '138', kind: 'repair' }
  const repair = (await desk.post<CaseFull>('/cases', { procedure: 'repair', form: order })).body
  const form = { ...complaint, major: true }
  const file = (await desk.post<CaseFull>('/cases', { procedure: 'complaint', form, from: repair.id })).body
  const entry = { matter: secret, contact: '陈立秘' }
  const call = await desk.post<RegisterEntry>('/registers/phone-record/entries', { form: entry, caseId: file.id })
  await desk.post('/registers/phone-record/entries', { form: { ...entry, outcome: '更正' }, corrects: call.body.id })
  const handover = (
    await operator.post<CaseFull>('/cases', { procedure: 'handover', form: { shift: 'day', incoming: '王建国' } })
  ).body
  const duty = await until('the duty of the month', async () =>
    (await boss.get<DutyView[]>('/duties?from=2026-11-30&to=2026-11-30')).body.find(d => d.routine === 'complaint-month'),
  )
  const report = file.links.find(l => l.relation === 'corrective')
  const everywhere = [
    '/cases?procedure=complaint',
    '/cases?procedure=corrective',
    '/cases.csv?procedure=complaint&from=2026-11-20&to=2026-11-30',
    `/search?q=${encodeURIComponent('好处费')}`,
    `/search?q=${file.number}`,
    '/my-day',
    '/notices',
    '/registers/phone-record/entries',
    '/registers/phone-record/entries?month=2026-11',
    `/duties/${duty.id}`,
    `/cases/${handover.id}`,
    `/cases/${repair.id}`,
    `/callers?q=${encodeURIComponent('启衡')}`,
  ]
  const words = [secret, file.number, report?.number ?? '-', '陈立秘', '13900001111', file.id]
  // Others find it there.
  const others = (await Promise.all(everywhere.map(path => text(boss, path)))).join()
  for (const word of words) expect(others).toContain(word)
  for (const path of everywhere) {
    const seen = await text(accused, path)
    for (const word of words) if (!path.includes(word)) expect(seen, path).not.toContain(word)
  }
  const nothing = { status: 404, body: { error: 'unknown-case' } }
  for (const id of [file.id, report?.id]) {
    expect(await accused.get(`/cases/${id}`)).toMatchObject(nothing)
    expect(await accused.get(`/cases/${id}/attachments`)).toMatchObject(nothing)
    expect(await accused.post(`/cases/${id}/prints`)).toMatchObject(nothing)
    expect(await accused.post(`/cases/${id}/notes`, { note: '-' })).toMatchObject(nothing)
  }
  for (const verb of ['handle', 'answer', 'invalid', 'close', 'hear-complainant', 'pass-on'])
    expect(await act(accused, file.id, verb, { result: '-' }), verb).toMatchObject(nothing)
  expect(await correct(accused, file.id, { against: null, category: 'other' })).toMatchObject(nothing)
  expect(await accused.post('/registers/phone-record/entries', { form: entry, caseId: file.id })).toMatchObject(nothing)
  expect(await accused.post(`/registers/phone-record/entries/${call.body.id}/read`)).toMatchObject({ status: 404 })
  // What his screen was told, and what it is told when it connects.
  const again = await signIn(stack.url, 'supervisor')
  await again.listen()
  const told = JSON.stringify([accused.snapshot, accused.changes, again.snapshot])
  again.close()
  for (const word of words) expect(told).not.toContain(word)
  // The counts of the month stay what they are.
  expect((await accused.get<DutyView>(`/duties/${duty.id}`)).body.figures).toMatchObject({ received: 1 })
  expect((await accused.get<DutyView>(`/duties/${duty.id}`)).body.behind['received']).toEqual([])
})

it('whoever was named once stays guarded, whatever a correction says; one who is named now loses it from his screen', async () => {
  const file = (await complain({ category: 'equipment', against: undefined, content: '电梯' })).body
  await until('his screen to hear of it', () => accused.changes.some(c => c.kind === 'case' && c.head.id === file.id))
  expect(await read(accused, file.id)).toMatchObject({ id: file.id })
  expect(await correct(desk, file.id, { category: 'staff', against: '李娜' })).toMatchObject({
    status: 409,
    body: { error: 'about-oneself', field: 'against' },
  })
  await correct(desk, file.id, { category: 'staff', against: '王建国' })
  await until('it to go', () => accused.changes.some(c => c.kind === 'case-gone' && c.id === file.id))
  // That it is about somebody is not corrected away below, nor does emptying the name let him back in.
  expect(await correct(desk, file.id, { category: 'other', against: null })).toMatchObject({
    status: 403,
    body: { error: 'kept-above', field: 'category' },
  })
  expect(await correct(boss, file.id, { category: 'other', against: null })).toMatchObject({ status: 200 })
  expect(await accused.get(`/cases/${file.id}`)).toMatchObject({ status: 404 })
  expect(await complain({}, accused)).toMatchObject({ status: 409, body: { error: 'about-oneself' } })
})

it('he writes his own account where the site asks for it, on a form that shows nothing of who complained (C23)', async () => {
  const file = (await complain()).body
  const ask = (said = { matter: '11 月 28 日前台收费一事' }) => act(boss, file.id, 'ask-statement', said)
  expect(await ask()).toMatchObject({ status: 409 })
  await act(boss, file.id, 'hear-complainant', { account: '秘密的陈述' })
  const set = (value: boolean) => boss.call('PUT', '/settings/own-statement', { value, reason: 'C23' })
  await set(false)
  expect(await ask()).toMatchObject({ status: 409, body: { error: 'not-at-this-site' } })
  await set(true)
  const form = (await ask()).body.links.find(l => l.relation === 'statement')
  const his = await until('the form on his day', async () =>
    (await accused.get<MyDay>('/my-day')).body.open.find(c => c.procedure === 'statement'),
  )
  expect(his.id).toBe(form?.id)
  expect((await accused.get<Notice[]>('/notices')).body.some(n => n.record === his.id && n.kind === 'in-hand')).toBe(true)
  const shown = await text(accused, `/cases/${his.id}`)
  for (const word of [secret, file.number, file.id, '陈立秘', '13900001111', 'f5-w', '秘密的陈述'])
    expect(shown).not.toContain(word)
  // Nobody else reads or writes it, except those who ask.
  expect(await engineer.get(`/cases/${his.id}`)).toMatchObject({ status: 404 })
  expect((await engineer.get<CaseFull[]>('/cases?procedure=statement')).body).toEqual([])
  expect(await act(boss, his.id, 'write', { account: '我替他写' })).toMatchObject({ status: 403 })
  await act(boss, file.id, 'hear-employee', { account: '当面询问' })
  expect(await act(desk, file.id, 'handle', { result: '好' })).toMatchObject({ body: { error: 'statement-missing' } })
  expect(await act(accused, his.id, 'write', { account: '我没有收' })).toMatchObject({ status: 200, body: { state: 'written' } })
  expect((await read(boss, his.id)).facts['write']).toMatchObject({ signature: '王建国', account: '我没有收' })
  expect(await act(desk, file.id, 'handle', { result: '好' })).toMatchObject({ status: 200 })
})

it('a major complaint waits for the general manager, whose word it takes to call it less, and is visited by other hands', async () => {
  const file = (await complain({ category: 'equipment', against: undefined, major: true })).body
  expect((await gm.get<Notice[]>('/notices')).body.some(n => n.record === file.id && n.kind === 'major')).toBe(true)
  expect(await correct(boss, file.id, { major: false })).toMatchObject({
    status: 403,
    body: { error: 'kept-above', field: 'major' },
  })
  expect(await act(boss, file.id, 'invalid', { reason: '-' })).toMatchObject({ status: 409, body: { error: 'not-decided' } })
  await act(boss, file.id, 'handle', { result: '已修' })
  const answer = { by: 'person', words: '接受' }
  expect(await act(boss, file.id, 'answer', answer)).toMatchObject({ status: 409, body: { error: 'not-decided' } })
  expect(await act(boss, file.id, 'instruct', { instruction: '-' })).toMatchObject({ status: 403 })
  await act(gm, file.id, 'instruct', { instruction: '登门致歉' })
  const answered = (await act(boss, file.id, 'answer', answer)).body
  const visit = answered.links.find(l => l.relation === 'visit')?.id ?? ''
  const words = { way: 'phone', words: '满意' }
  expect(await act(boss, visit, 'satisfied', words)).toMatchObject({ status: 409, body: { error: 'other-hands' } })
  expect(await act(gm, visit, 'satisfied', words)).toMatchObject({ status: 200 })
})

it('the manager reads no line of the audit about a case that is about him', async () => {
  const file = (await complain({ category: 'manager', against: '林峰' })).body
  expect(file.department).toBe('management')
  expect(await text(gm, '/audit?limit=50')).toContain(file.number)
  const his = await text(boss, '/audit?limit=50')
  for (const word of [file.number, file.id]) expect(his).not.toContain(word)
})

it('a signature inside the house is whoever is signed in; a name that is sent instead is refused', async () => {
  const file = (await complain({ category: 'equipment', against: undefined })).body
  expect(await act(engineer, file.id, 'handle', { result: '好', signature: '林峰' })).toMatchObject({ status: 400 })
  await act(engineer, file.id, 'handle', { result: '好' })
  expect((await read(boss, file.id)).facts['handle']).toMatchObject({ signature: '周强', by: '周强' })
})

it('an order is sent with its opening, and whoever gets it into his hands is told, by a correction too', async () => {
  const form = { address: 'f7-e', content: '灯', contact: '谢宁', phone: '138', kind: 'repair' }
  const told = async (who: Person, id: string) =>
    (await who.get<Notice[]>('/notices')).body.filter(n => n.record === id).map(n => n.kind)
  const order = (await desk.post<CaseFull>('/cases', { procedure: 'repair', form })).body
  expect(order.state).toBe('sent')
  expect(await told(engineer, order.id)).toEqual(['passed-on'])
  expect(await told(desk, order.id)).toEqual([])
  await act(desk, order.id, 'assign', { handler: '周强' })
  expect(await told(engineer, order.id)).toEqual(['in-hand', 'passed-on'])
  const { revision } = await read(boss, order.id)
  await desk.post(`/cases/${order.id}/corrections`, { form: {}, urgent: true, reason: '渗到楼下', revision })
  expect(await told(engineer, order.id)).toEqual(['urgent', 'in-hand', 'passed-on'])
  // A complaint that turns out to be another department's.
  const file = (await complain({ category: 'cleaning', against: undefined })).body
  expect(await told(engineer, file.id)).toEqual([])
  await correct(desk, file.id, { category: 'equipment' })
  expect(await told(engineer, file.id)).toEqual(['passed-on'])
})

it('finds as before what is about nobody', async () => {
  const found = (await accused.get<Found[]>(`/search?q=${encodeURIComponent('灯')}`)).body
  expect(found.map(f => f.kind)).toContain('repair')
  const [caller] = (await accused.get<Caller[]>(`/callers?q=${encodeURIComponent('启衡')}`)).body
  expect(caller?.last.length).toBeGreaterThan(0)
})

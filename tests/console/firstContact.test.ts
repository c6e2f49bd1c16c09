import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CaseFull } from '#api/models/cases'
import type { MyDay, Notice } from '#api/models/duties'
import type { Alarm } from '#api/models/live'
import type { RegisterEntry } from '#api/models/registers'
import { openMoment } from '#store/openStore'
import { proveBooks } from '../../console/server/books/chain/proveBooks.ts'
import type { Books } from '../../console/server/books/schema.ts'
import { answerTicket } from '../harness/answerTicket.ts'
import { type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'

/** Whoever is called first stays responsible, and every promise has its clock: enquiries, repairs, complaints. */
const start = Date.parse('2026-11-20T10:00:00+08:00')
const hour = 3_600_000
let stack: Stack
let desk: Person
let head: Person
let boss: Person
let engineer: Person
let guard: Person
let finance: Person
let gm: Person
beforeAll(async () => {
  stack = await startStack({ at: new Date(start).toISOString(), only: ['broker', 'console'] })
  const people = ['frontdesk', 'supervisor', 'manager', 'engineer', 'guard', 'finance', 'gm'].map(name => signIn(stack.url, name))
  ;[desk, head, boss, engineer, guard, finance, gm] = (await Promise.all(people)) as [
    Person,
    Person,
    Person,
    Person,
    Person,
    Person,
    Person,
  ]
})
afterAll(() => stack?.stop())

const act = (who: Person, id: string, verb: string, said: object = {}) => who.post<CaseFull>(`/cases/${id}/acts/${verb}`, said)
const open = async (who: Person, procedure: string, form: object, more: object = {}) =>
  who.post<CaseFull>('/cases', { procedure, form, ...more })
const read = async (id: string, who = head) => (await who.get<CaseFull>(`/cases/${id}`)).body
const clock = async (id: string, key: string) => (await read(id)).deadlines.find(d => d.key === key)
const told = async (who: Person, id: string) =>
  (await who.get<Notice[]>('/notices')).body.filter(n => n.record === id).map(n => n.kind)
const onDay = async (who: Person, id: string) => (await who.get<MyDay>('/my-day')).body.open.some(c => c.id === id)
const set = (key: string, value: unknown) => boss.call('PUT', `/settings/${key}`, { value, reason: 'test' })
const correct = (who: Person, c: CaseFull, change: object) =>
  who.post<CaseFull>(`/cases/${c.id}/corrections`, { form: {}, reason: '听错了', revision: c.revision, ...change })

const enquiry = { contact: '陈立', phone: '138', kind: 'enquiry', content: '车位月租多少' }
const repair = { address: 'f7-e', content: '灯不亮', contact: '谢宁', phone: '138', kind: 'repair' }
const complaint = { address: 'f5-w', content: '噪音', category: 'equipment', contact: '陈立', phone: '138', way: 'phone' }

describe('an enquiry', () => {
  it('that is answered at once is over with its opening, and stands in the phone record in the same breath', async () => {
    const entry = { register: 'phone-record', form: { matter: enquiry.content, contact: '陈立', answer: 'in-time' } }
    const made = await open(desk, 'enquiry', { ...enquiry, answer: '每月 1000 元' }, { entry })
    expect(made).toMatchObject({ status: 200, body: { state: 'answered', owner: '李娜' } })
    expect(made.body.endedAt).not.toBeNull()
    const entries = (await desk.get<RegisterEntry[]>('/registers/phone-record/entries')).body
    expect(entries.find(e => e.caseId === made.body.id)?.form).toMatchObject({ outcome: made.body.number, answer: 'in-time' })
  })
  it('that is not stays with whoever took it, is passed on to somebody by name, and has the clock of what was promised', async () => {
    const made = (await open(desk, 'enquiry', { ...enquiry, promised: start + 2 * hour })).body
    expect(await clock(made.id, 'promised')).toMatchObject({ limitAt: start + 2 * hour, metAt: null })
    expect(await onDay(desk, made.id)).toBe(true)
    expect(await onDay(finance, made.id)).toBe(false)
    expect(await act(desk, made.id, 'pass-on', { department: 'finance' })).toMatchObject({
      status: 400,
      body: { field: 'handler' },
    })
    const finances = (await finance.get<{ display: string }>('/me')).body.display
    await act(desk, made.id, 'pass-on', { department: 'finance', handler: finances })
    // Passing it on keeps no promise.
    expect((await clock(made.id, 'promised'))?.metAt).toBeNull()
    expect(await told(finance, made.id)).toContain('passed-on')
    expect([await onDay(finance, made.id), await onDay(desk, made.id)]).toEqual([true, true])
    const answered = await act(finance, made.id, 'answer', { answer: '每月 1000 元' })
    expect(answered.body).toMatchObject({ state: 'answered', owner: '李娜' })
    expect((await clock(made.id, 'promised'))?.metAt).not.toBeNull()
  })
  it('that is a view or a wish goes to the general manager in writing and comes back with an instruction (R9)', async () => {
    const made = (await open(desk, 'enquiry', { ...enquiry, kind: 'opinion', category: 'facilities', content: '大堂太暗' })).body
    await act(desk, made.id, 'submit', { opinion: '建议加灯' })
    expect(await told(boss, made.id)).toContain('submitted')
    expect(await onDay(boss, made.id)).toBe(true)
    expect((await act(boss, made.id, 'instruct', { instruction: '照办' })).body).toMatchObject({ state: 'passed' })
    const plain = (await open(desk, 'enquiry', enquiry)).body
    expect(await act(desk, plain.id, 'submit', { opinion: '…' })).toMatchObject({ status: 409 })
  })
})

describe('what was promised', () => {
  it('is not kept by putting a repair off, but by another promise in its place', async () => {
    const made = (await open(desk, 'repair', { ...repair, promised: start + 3 * hour })).body
    await act(engineer, made.id, 'accept')
    await act(engineer, made.id, 'defer', { reason: '缺料' })
    expect(await clock(made.id, 'promised')).toMatchObject({ metAt: null, limitAt: start + 3 * hour })
    await act(engineer, made.id, 'defer', { reason: '缺料', promised: start + 9 * hour })
    expect((await clock(made.id, 'promised'))?.metAt).not.toBeNull()
    expect(await clock(made.id, 'promised-again')).toMatchObject({ metAt: null, limitAt: start + 9 * hour })
    expect((await read(made.id)).dueAt).toBe(start + 9 * hour)
  })
  it('to a complainant gives way to the time that is agreed with him later (T27)', async () => {
    const made = (await open(desk, 'complaint', { ...complaint, promised: start + hour })).body
    await act(desk, made.id, 'agree-time', { promised: start + 20 * hour })
    expect((await clock(made.id, 'promised'))?.metAt).not.toBeNull()
    expect(await clock(made.id, 'agreed')).toMatchObject({ metAt: null, limitAt: start + 20 * hour })
  })
  it('is dropped when a correction takes it away, moved when it moves it, and left alone once it is met', async () => {
    const made = (await open(desk, 'repair', { ...repair, promised: start + 3 * hour })).body
    const moved = (await correct(desk, made, { form: { promised: start + 5 * hour } })).body
    expect(await clock(made.id, 'promised')).toMatchObject({ limitAt: start + 5 * hour })
    await correct(desk, moved, { form: { promised: null } })
    expect(await clock(made.id, 'promised')).toBeUndefined()
    expect((await read(made.id)).dueAt).toBeNull()
    const kept = (await open(desk, 'repair', { ...repair, promised: start + 3 * hour })).body
    await act(engineer, kept.id, 'accept')
    const put = (await act(engineer, kept.id, 'defer', { reason: '缺料', promised: start + 9 * hour })).body
    await correct(desk, put, { form: { promised: start + 4 * hour } })
    expect((await clock(kept.id, 'promised'))?.metAt).not.toBeNull()
  })
})

it('an order becomes 急 afterwards by a correction, and its clock with it (R45)', async () => {
  await set('urgent-response', 30)
  const made = (await open(desk, 'repair', repair)).body
  expect(await clock(made.id, 'response')).toBeUndefined()
  const urgent = await correct(desk, made, { urgent: true })
  expect(urgent.body).toMatchObject({ urgent: true })
  expect(await clock(made.id, 'response')).toMatchObject({ metAt: null })
  await correct(desk, urgent.body, { urgent: false })
  expect(await clock(made.id, 'response')).toBeUndefined()
  expect((await read(made.id)).events[0]?.detail).toMatchObject({ urgent: { before: true, after: false } })
})

describe('a complaint', () => {
  it('runs from its receipt, not from when somebody wrote it down, and was not received tomorrow', async () => {
    await set('complaint-limit', 1440)
    const made = (await open(desk, 'complaint', { ...complaint, receivedAt: start - 10 * hour })).body
    expect(await clock(made.id, 'answer')).toMatchObject({ startedAt: start - 10 * hour, limitAt: start + 14 * hour })
    expect(await open(desk, 'complaint', { ...complaint, receivedAt: start + 10 * hour })).toMatchObject({
      status: 409,
      body: { error: 'in-the-future', field: 'receivedAt' },
    })
    await set('complaint-limit', null)
  })
  it('that is corrected to have come another way leaves no clock behind that nobody can stop', async () => {
    await set('forwarded-report', 720)
    const made = (await open(desk, 'complaint', { ...complaint, way: 'company' })).body
    const handled = (await act(engineer, made.id, 'handle', { result: '已修' })).body
    expect(await clock(made.id, 'forwarded')).toMatchObject({ metAt: null })
    await correct(desk, handled, { form: { way: 'phone' } })
    expect(await clock(made.id, 'forwarded')).toBeUndefined()
  })
  it('is told to the department that answers for it and stands on its day; a collective one is told to the manager at once (R23)', async () => {
    const made = (await open(desk, 'complaint', { ...complaint, category: 'security', collective: true })).body
    expect(await told(guard, made.id)).toEqual(['passed-on'])
    expect(await told(engineer, made.id)).toEqual([])
    expect([await onDay(guard, made.id), await onDay(engineer, made.id)]).toEqual([true, false])
    expect(await told(boss, made.id)).toContain('collective')
    // Also after it has been handled, and by the director who took it himself.
    await act(guard, made.id, 'handle', { result: '已劝离' })
    expect((await act(boss, made.id, 'tell-director')).body).toMatchObject({ state: 'handled' })
    expect((await act(boss, made.id, 'tell-company')).body).toMatchObject({ state: 'handled' })
  })
  it('that cannot be solved below is reported upwards with its reason', async () => {
    const made = (await open(desk, 'complaint', complaint)).body
    expect((await act(engineer, made.id, 'escalate', { reason: '要业主同意' })).body).toMatchObject({ state: 'received' })
    expect(await told(boss, made.id)).toContain('escalated')
  })
  it('about a person is never read by that person, not even by one whose role may read it (R29)', async () => {
    const accused = (await head.get<{ display: string }>('/me')).body.display
    const made = (await open(desk, 'complaint', { ...complaint, category: 'staff', against: accused })).body
    await act(boss, made.id, 'hear-complainant', { account: '他骂人' })
    expect(JSON.stringify(await read(made.id, boss))).toContain('他骂人')
    expect(await head.get(`/cases/${made.id}`)).toMatchObject({ status: 404 })
  })
  it('by letter is answered in person or in writing; a major one ends after its report', async () => {
    const made = (await open(desk, 'complaint', { ...complaint, way: 'letter', major: true })).body
    await act(engineer, made.id, 'handle', { result: '已修' })
    const answer = { words: '满意', visitBy: start + 48 * hour }
    expect(await act(desk, made.id, 'answer', { ...answer, by: 'phone' })).toMatchObject({ body: { error: 'answer-the-letter' } })
    expect(await act(desk, made.id, 'answer', { ...answer, by: 'writing' })).toMatchObject({ body: { error: 'not-decided' } })
    await act(gm, made.id, 'instruct', { instruction: '登门致歉' })
    const answered = (await act(desk, made.id, 'answer', { ...answer, by: 'writing' })).body
    const visit = answered.links.find(l => l.procedure === 'return-visit')?.id ?? ''
    // T30: visited by a time that fits what it is about.
    expect(await clock(visit, 'visit')).toMatchObject({ limitAt: start + 48 * hour, metAt: null })
    expect(await act(desk, visit, 'satisfied', { way: 'phone', words: '满意' })).toMatchObject({ body: { error: 'other-hands' } })
    await act(head, visit, 'satisfied', { way: 'phone', words: '满意' })
    expect(await act(head, made.id, 'close')).toMatchObject({ status: 409, body: { error: 'corrective-open' } })
    const report = answered.links.find(l => l.procedure === 'corrective')?.id ?? ''
    await act(head, report, 'analyse', { cause: '老化', measures: '更换' })
    await act(head, report, 'verify', { result: '好' })
    await act(boss, report, 'report', { reaction: '满意' })
    expect((await read(made.id)).state).toBe('closed')
  })
})

describe('registers', () => {
  it('a form that is sent twice is one entry; one that was changed in between is not thrown away unseen', async () => {
    const sentAs = '01KAGD0000000000000000ENTR'
    const send = (matter: string) => desk.post<RegisterEntry>('/registers/duty-record/entries', { form: { matter }, sentAs })
    const first = await send('巡查')
    expect((await send('巡查')).body.id).toBe(first.body.id)
    expect(await send('巡查二次')).toMatchObject({
      status: 409,
      body: { error: 'sent-otherwise', detail: { number: first.body.number } },
    })
    const key = '01KAGD0000000000000000CASE'
    const made = await open(desk, 'repair', repair, { sentAs: key })
    expect((await open(desk, 'repair', repair, { sentAs: key })).body.id).toBe(made.body.id)
    expect(await open(desk, 'repair', { ...repair, address: 'f3-w' }, { sentAs: key })).toMatchObject({
      status: 409,
      body: { error: 'sent-otherwise' },
    })
  })
  it('nobody signs as read what he wrote himself (R64)', async () => {
    const own = (await head.post<RegisterEntry>('/registers/duty-record/entries', { form: { matter: '查岗' } })).body
    const read = (who: Person) => who.post(`/registers/duty-record/entries/${own.id}/read`)
    expect(await read(head)).toMatchObject({ status: 409, body: { error: 'own-entry' } })
    expect(await read(boss)).toMatchObject({ status: 204 })
  })
})

it('something major that no alarm has raised has its ticket, is told upwards, and is one with what is reported after it', async () => {
  const report = (what: string, place: string | null = 'f3-w') =>
    desk.post<CaseFull>('/emergencies', { kind: 'other', place, what })
  const first = await report('水管爆裂')
  expect(first).toMatchObject({
    status: 200,
    body: { procedure: 'emergency', state: 'active', owner: '李娜', form: { level: 2 } },
  })
  expect(await told(boss, first.body.id)).toContain('major')
  expect((await report('水已到走廊')).body.id).toBe(first.body.id)
  // The control room sees and hears it, until the ticket is closed.
  const alarms = async () => (await guard.get<Alarm[]>('/alarms')).body.filter(a => a.ticket === first.body.id)
  expect((await alarms()).map(a => [a.level, a.returnedAt, a.ackedAt])).toEqual([
    [2, null, null],
    [2, null, null],
  ])
  // Two matters at no one place are two.
  const [theft, pipe] = [await report('失窃', null), await report('管裂', null)]
  expect(theft.body.id).not.toBe(pipe.body.id)
  expect(await report('在哪里', 'nowhere')).toMatchObject({ status: 400, body: { error: 'unknown-place', field: 'place' } })
  expect(await finance.post('/emergencies', { kind: 'other', place: null, what: 'x' })).toMatchObject({ status: 403 })
  const over = { reason: '已关阀', outcome: 'real' }
  expect(await act(head, first.body.id, 'close', over)).toMatchObject({ status: 409, body: { error: 'alarms-unacked' } })
  await answerTicket(head, first.body.id)
  expect((await act(head, first.body.id, 'close', over)).body).toMatchObject({ state: 'closed', form: { outcome: 'real' } })
  expect((await alarms()).every(a => a.returnedAt !== null)).toBe(true)
})

it('half a character in a note is written as what it is stored as, and the proof of the history holds', async () => {
  const made = (await open(desk, 'repair', repair)).body
  expect((await guard.post(`/cases/${made.id}/notes`, { note: 'x' })).status).toBe(403)
  expect((await desk.post(`/cases/${made.id}/notes`, { note: 'half \ud83d emoji' })).status).toBe(204)
  const { read: db, close } = await openMoment<Books>(join(stack.data, 'console', 'books.db'))
  try {
    expect((await proveBooks(db)).faults).toEqual([])
  } finally {
    await close()
  }
})

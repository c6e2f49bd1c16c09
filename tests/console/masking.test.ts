import { afterAll, beforeAll, expect, it } from 'vitest'
import { numbersShownTo } from '#api/masking'
import { mayDo, roles } from '#api/rights'
import type { RouteSpec } from '#api/route'
import { routes } from '#api/routes/all'
import { manualOf } from '../../console/server/engine/manual.ts'
import { subjects } from '../../console/subjects/all.ts'
import { type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

/** Telephone numbers of customers: whole for those who call, and for nobody else, by whatever way they come. */
const number = '13812345678'
let stack: Stack
let desk: Person
let finance: Person
beforeAll(async () => {
  stack = await startStack({ at: '2026-11-20T09:00:00+08:00', only: ['broker', 'console'] })
  ;[desk, finance] = (await Promise.all(['frontdesk', 'finance'].map(n => signIn(stack.url, n)))) as [Person, Person]
})
afterAll(() => stack?.stop())

it('is kept under one key in every form and register, so that none is forgotten', () => {
  const manual = manualOf(subjects)
  const fields = [
    ...manual.procedures.flatMap(p => [...p.fields, ...p.transitions.flatMap(t => t.asks ?? [])]),
    ...manual.registers.flatMap(r => r.fields),
  ]
  expect(fields.filter(f => f.kind === 'phone').length).toBeGreaterThan(5)
  expect([...new Set(fields.filter(f => f.kind === 'phone').map(f => f.key))]).toEqual(['phone'])
  const deep = { a: [{ phone: number, was: { phone: [number, '6610'] } }], phones: 2 }
  expect(numbersShownTo({ roles: ['finance'] }, deep)).toEqual({
    a: [{ phone: '***78', was: { phone: ['***78', '***10'] } }],
    phones: 2,
  })
  const corrected = { phone: { before: number, after: '13900001111' } }
  expect(numbersShownTo({ roles: ['finance'] }, corrected)).toEqual({ phone: { before: '***78', after: '***11' } })
  expect(numbersShownTo({ roles: ['operator'] }, deep)).toBe(deep)
})

it('whoever has no call to make finds it in no answer, no table, no history and on no screen', async () => {
  const file = {
    ...{ id: 'T9', name: '测试公司', short: '测试', key: false, restriction: '', tenancies: [] },
    contacts: [{ name: '张伟', phone: number, may: ['urgent'] }],
  }
  expect((await (await signIn(stack.url, 'manager')).post('/tenant-files', file)).status).toBe(200)
  await finance.listen()
  const booking = { zone: 'f12-e', from: Date.parse('2026-11-20T20:00:00+08:00'), to: Date.parse('2026-11-20T21:00:00+08:00') }
  const quote = await desk.get<{ fen: number }>(`/overtime/quote?zone=${booking.zone}&from=${booking.from}&to=${booking.to}`)
  const form = { ...booking, contact: '张伟', phone: number, quotedFen: quote.body.fen }
  const opened = await desk.post<{ id: string }>('/cases', { procedure: 'overtime', form })
  expect(opened.status, JSON.stringify(opened.body)).toBe(200)
  await until('the screen to be told', () => JSON.stringify(finance.changes).includes(opened.body.id))
  expect(JSON.stringify(finance.changes)).not.toContain(number)

  const ids: Record<string, string> = { id: opened.body.id, kind: 'csv', register: 'phone-record' }
  const day = 'from=2026-11-01&to=2026-11-30&month=2026-11&date=2026-11-20&language=zh&procedure=overtime&q=测试'
  let masked = 0
  let whole = 0
  for (const [key, spec] of Object.entries<RouteSpec>(routes)) {
    const [method = '', path = ''] = key.split(' ')
    if (method !== 'GET' || path.startsWith('/sign-in') || path.startsWith('/demo')) continue
    const filled = path
      .replace('/tenant-files/:id', '/tenant-files/T9')
      .replaceAll(/:(\w+)/g, (_, name: string) => ids[name] ?? 'x')
    for (const query of ['', `?${day}`]) {
      const text = async (who: Person) =>
        (await fetch(`${stack.url}/api${filled}${query}`, { headers: { cookie: who.cookie } })).text()
      const [his, hers] = await Promise.all([text(finance), text(desk)])
      expect(his, `${key}${query} ${spec.summary}`).not.toContain(number)
      if (his.includes('***78')) masked++
      if (hers.includes(number)) whole++
    }
  }
  expect(masked).toBeGreaterThan(4)
  expect(whole).toBeGreaterThan(4)
})

it('a person takes out so many tables in a day, and the next one is refused', async () => {
  const boss = await signIn(stack.url, 'manager')
  await boss.call('PUT', '/settings/exports-a-day', { value: 2, reason: '客户资料' })
  const supervisor = await signIn(stack.url, 'supervisor')
  const take = () =>
    fetch(`${stack.url}/api/cases.csv?procedure=overtime&from=2026-11-01&to=2026-11-30&language=zh`, {
      headers: { cookie: supervisor.cookie },
    })
  const noted = async (n: number) => (await boss.get<{ what: string }[]>('/audit?what=exported&q=supervisor')).body.length === n
  for (const n of [1, 2]) {
    expect((await take()).status).toBe(200)
    await until('it to stand in the audit', () => noted(n))
  }
  const refused = await take()
  expect(refused.status).toBe(429)
  expect(await refused.json()).toMatchObject({ error: 'exports-over', detail: { number: 2 } })
  // It is his own day: others go on.
  expect((await boss.get('/cases?procedure=overtime')).status).toBe(200)
})

it('some see it and some do not', () => {
  expect(roles.filter(r => !mayDo([r], 'see-numbers'))).toEqual(['finance', 'security', 'auditor'])
})

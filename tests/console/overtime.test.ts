import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CaseFull, CaseHead } from '#api/models/cases'
import type { Notice } from '#api/models/duties'
import type { Alarm } from '#api/models/live'
import type { Booking, Quote } from '#api/models/money'
import { type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

const minute = 60_000
const start = Date.parse('2026-11-24T19:00:00+08:00')
let stack: Stack
let desk: Person
let operator: Person
beforeAll(async () => {
  stack = await startStack({ at: new Date(start).toISOString(), only: ['broker', 'console'] })
})
afterAll(() => stack?.stop())

it('a booking whose zone is out of reach is said not to run, and told once each, also when the console is killed', async () => {
  const everybody = async () => {
    desk = await signIn(stack.url, 'frontdesk')
    operator = await signIn(stack.url, 'operator')
    const boss = await signIn(stack.url, 'manager')
    expect(await boss.call('PUT', '/settings/overtime-start-limit', { value: 1, reason: 'test' })).toMatchObject({ status: 200 })
  }
  const book = async (zone: string, from: number) => {
    const times = { zone, from, to: from + 600 * minute }
    const { body } = await desk.get<Quote>(`/overtime/quote?zone=${zone}&from=${times.from}&to=${times.to}`)
    const form = { ...times, contact: '张伟', phone: '138', quotedFen: body.fen }
    const made = await desk.post<CaseFull>('/cases', { procedure: 'overtime', form })
    expect(made, JSON.stringify(made.body)).toMatchObject({ status: 200 })
    await desk.post(`/cases/${made.body.id}/acts/accept`, {})
    expect(await desk.post(`/cases/${made.body.id}/acts/sign`, { signature: '张伟' })).toMatchObject({ status: 200 })
    return { id: made.body.id, from }
  }
  const told = async ({ id }: { id: string }) => {
    const alarms = (await operator.get<Alarm[]>('/alarms')).body.filter(a => a.key === `overtime/${id}`)
    const notices = (await desk.get<Notice[]>('/notices')).body.filter(n => n.record === id && n.kind === 'not-started')
    const file = (await desk.get<CaseFull>(`/cases/${id}`)).body
    const orders = file.links.filter(l => l.relation === 'not-started')
    return { alarms: alarms.length, notices: notices.length, orders: orders.length }
  }
  const once = { alarms: 1, notices: 1, orders: 1 }
  await everybody()
  const first = await book('f12-e', start + 30 * minute)
  await stack.pass(first.from + 2 * minute)
  await until('the first to be told', async () => (await told(first)).alarms > 0)
  expect(await told(first)).toEqual(once)
  const order = (await desk.get<CaseHead[]>('/cases?procedure=repair')).body.find(c => c.form['kind'] === 'equipment')
  expect(order).toMatchObject({ urgent: true, state: 'sent', place: 'f12-e' })
  const [row] = (await desk.get<Booking[]>(`/overtime/bookings?from=${start}&to=${start + 1440 * minute}`)).body
  expect(row).toMatchObject({ id: first.id, state: 'signed', confirmedAt: null, startBy: first.from + minute })

  await stack.kill('console')
  await stack.start('console')
  await everybody()
  // One that begins after: when it has been told, the other has been looked at again.
  const second = await book('f14-e', start + 60 * minute)
  await stack.pass(second.from + 2 * minute)
  await until('the second to be told', async () => (await told(second)).alarms > 0)
  expect([await told(first), await told(second)]).toEqual([once, once])
})

import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CaseFull } from '#api/models/cases'
import type { RouteSpec } from '#api/route'
import { routes } from '#api/routes/all'
import { type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

let stack: Stack
let operator: Person
let supervisor: Person
let administrator: Person
beforeAll(async () => {
  stack = await startStack({ at: '2026-11-20T09:00:00+08:00', only: ['broker', 'console'] })
  operator = await signIn(stack.url, 'operator')
  supervisor = await signIn(stack.url, 'supervisor')
  administrator = await signIn(stack.url, 'admin')
})
afterAll(async () => {
  operator?.close()
  await stack?.stop()
})

const compartment = 'c12'
const command = (who: Person, act: object, secret?: string) => who.once('POST', '/commands', { act, reason: 'test' }, secret)
const repair = (content: string) =>
  supervisor.post<CaseFull>('/cases', {
    procedure: 'repair',
    form: { address: 'f5-w', content, contact: '谢宁', phone: '138', kind: 'repair' },
  })

it('a locked station shows alarms and takes no act but those of an emergency', async () => {
  await operator.listen()
  expect(operator.snapshot?.locked).toBe(false)
  expect((await operator.post('/lock')).status).toBe(204)
  await until('the screen to know', () => operator.snapshot?.locked === true)
  expect(operator.snapshot?.cases).toEqual([])
  for (const [key, spec] of Object.entries<RouteSpec>(routes)) {
    const [method = '', path = ''] = key.split(' ')
    if (spec.whileLocked || path.startsWith('/demo') || spec.open) continue
    const body = method === 'GET' ? undefined : {}
    expect(await operator.once(method, path.replaceAll(/:\w+/g, 'x'), body), key).toMatchObject({
      status: 423,
      body: { error: 'locked' },
    })
  }
  const hold = { kind: 'hold', point: 'ahu-1/fan_cmd', value: true, level: 8, until: Date.parse('2026-11-20T10:00:00+08:00') }
  expect(await command(operator, hold)).toMatchObject({ status: 423 })
  // What people write is not for a station that nobody may sit at.
  const before = operator.changes.length
  await repair('灯不亮')
  expect((await operator.once('POST', '/emergencies', { kind: 'other', place: 'f5', what: '有人受伤' })).status).toBe(200)
  await until(
    'the alarm or nothing',
    async () => (await administrator.get<unknown[]>('/audit?what=emergency-reported')).body.length > 0,
  )
  expect(operator.changes.slice(before).filter(c => c.kind === 'case')).toEqual([])
  const [line] = (await administrator.get<{ detail: object }[]>('/audit?what=emergency-reported')).body
  expect(line?.detail).toEqual({ locked: true })
  // Whoever sees a fire acts.
  expect((await command(operator, { kind: 'start-fire', compartment })).status).toBe(200)
  expect((await operator.once('POST', '/unlock', { secret: 'not this one' })).body).toMatchObject({
    error: 'wrong-password',
    field: 'proof',
  })
  expect(await operator.once('POST', '/unlock', { secret: 'demo-operator' })).toMatchObject({
    status: 200,
    body: { locked: false },
  })
  await until('the screen to know', () => operator.snapshot?.locked === false)
  expect((await administrator.get<{ what: string }[]>('/audit?q=operator')).body.map(l => l.what)).toEqual(
    expect.arrayContaining(['locked', 'unlocked']),
  )
})

it('the end of a fire asks for the person again, by PIN or password, and nothing else will do', async () => {
  const release = { kind: 'release-fire', compartment }
  expect((await command(supervisor, release)).body).toMatchObject({ error: 'prove-again' })
  expect((await command(supervisor, release, 'not this one')).body).toMatchObject({ error: 'wrong-password', field: 'proof' })
  expect((await supervisor.post('/pin', { password: 'demo-supervisor', pin: '4711' })).status).toBe(204)
  expect((await command(supervisor, release, '4711')).status).toBe(200)
  // The one whose right it is not gains nothing by a proof.
  expect((await command(operator, release, 'demo-operator')).body).toMatchObject({ error: 'not-your-role' })
})

it('so do the prices and the sheet of the month', async () => {
  const finance = await signIn(stack.url, 'finance')
  const price = {
    name: { zh: '价', en: 'price' },
    days: 'any',
    fenPerHour: 1,
    roundingMinutes: 1,
    minimumMinutes: 0,
    from: '2030-01-01',
    to: null,
    zones: [],
  }
  expect((await finance.once('POST', '/tariffs', price)).body).toMatchObject({ error: 'prove-again' })
  expect((await finance.once('POST', '/tariffs', price, 'demo-finance')).status).not.toBe(428)
})

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import type { CaseFull } from '#api/models/cases'
import type { DemoDeviceFull, DemoState } from '#api/models/demo'
import { packageRoot } from '#program/environment'
import { readPace, writePace } from '#program/paceFile'
import { answerTicket } from '../harness/answerTicket.ts'
import { firstSignIn, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

const folder = mkdtempSync(join(tmpdir(), 'zhiban-demo-'))
let stack: Stack
afterEach(async () => {
  await stack?.stop()
  rmSync(folder, { recursive: true, force: true })
})

it('a site that is no demo has none of its routes, and takes no clock but the real one', async () => {
  const site = join(folder, 'tower.yaml')
  writeFileSync(
    site,
    readFileSync(join(packageRoot, 'simulators/sites/demo.yaml'), 'utf8').replace(/^demo: true$/m, 'demo: false'),
  )
  stack = await startStack({ site, only: ['broker', 'console'] })
  const admin = await firstSignIn(stack.url, stack.firstPassword)
  for (const [method, path] of [
    ['GET', '/demo'],
    ['PUT', '/demo/pace'],
    ['POST', '/demo/scenarios/fire-floor-12'],
    ['GET', '/demo/devices/ahu-5'],
    ['PUT', '/demo/devices/ahu-5/fault'],
    ['DELETE', '/demo/devices/ahu-5/fault'],
  ] as const)
    expect(await admin.call(method, path, method === 'GET' ? undefined : {}), path).toMatchObject({ status: 404 })
  const document = (await (await fetch(`${stack.url}/api/openapi.json`)).json()) as { paths: object }
  expect(Object.keys(document.paths).filter(p => p.startsWith('/api/demo'))).toEqual([])
  expect((await admin.get<{ demo: boolean }>('/site')).body.demo).toBe(false)
  await stack.kill('console')
  const file = join(folder, 'clock.json')
  writePace(file, { rate: 1, sinceReal: 0, sinceSimulated: 0, why: 'set' })
  stack.env['ZHIBAN_CLOCK_FILE'] = file
  await expect(stack.start('console')).rejects.toThrow('ZHIBAN_CLOCK_FILE are refused')
})

it('an engineer changes the pace of a running demo and breaks its devices; an emergency brings the clock back to real time', async () => {
  const file = join(folder, 'clock.json')
  const begin = Date.parse('2026-11-21T15:00:00+08:00')
  writePace(file, { rate: 60, sinceReal: Date.now(), sinceSimulated: begin, why: 'set' })
  stack = await startStack({ env: { ZHIBAN_CLOCK_FILE: file } })
  const engineer = await signIn(stack.url, 'engineer')
  const supervisor = await signIn(stack.url, 'supervisor')
  await supervisor.listen()
  const pace = (rate: number) => engineer.call('PUT', '/demo/pace', { rate })
  const told = () => supervisor.changes.flatMap(c => (c.kind === 'pace' ? [c.pace] : []))
  expect(supervisor.snapshot?.pace).toEqual({ rate: 60, simulated: true, slowed: false, changeable: true })
  expect(await supervisor.call('PUT', '/demo/pace', { rate: 1 })).toMatchObject({ status: 403 })
  expect(await pace(4000)).toMatchObject({ status: 400 })
  expect(await pace(240)).toMatchObject({ status: 204 })
  await until('every screen to hear of it', () => told().at(-1)?.rate === 240)
  expect(readPace(file)).toMatchObject({ rate: 240, why: 'set' })

  // What is broken is broken at the device, and goes back to normal.
  const device = async () => (await engineer.get<DemoDeviceFull>('/demo/devices/ahu-5')).body
  for (const kind of ['silent', 'slow', 'wrong', 'refusing', 'frozen'])
    expect(await engineer.call('PUT', '/demo/devices/ahu-5/fault', { kind })).toMatchObject({ status: 204 })
  expect(await engineer.call('PUT', '/demo/devices/ahu-5/points/sat', { value: 30 })).toMatchObject({ status: 204 })
  expect(await device()).toMatchObject({ fault: 'frozen', forced: 1 })
  expect((await engineer.get<DemoState>('/demo')).body.devices.find(d => d.id === 'ahu-5')).toMatchObject({ forced: 1 })
  expect((await device()).points.find(p => p.key === 'sat')).toMatchObject({
    value: 30,
    forced: true,
    name: { zh: expect.any(String) },
  })
  expect(await engineer.call('DELETE', '/demo/devices/ahu-5/fault')).toMatchObject({ status: 204 })
  expect(await device()).toMatchObject({ fault: null, forced: 0 })
  expect(await engineer.post('/demo/scenarios/none')).toMatchObject({ status: 404, body: { error: 'unknown-scenario' } })

  // A fire at 240 times the pace: its times are those of a fire in real time.
  await until('the air handler to run', () => stack.point('ahu-3', 'fan_fb'))
  expect(await engineer.post('/demo/scenarios/fire-floor-12')).toMatchObject({ status: 204 })
  await until('the clock to be real again', () => told().at(-1)?.slowed)
  expect(readPace(file)).toMatchObject({ rate: 1, why: 'emergency' })
  const ticket = await until('nine linkages', async () => {
    const [open] = (await supervisor.get<CaseFull[]>('/cases?procedure=emergency&open=true')).body
    const full = open && (await supervisor.get<CaseFull>(`/cases/${open.id}`)).body
    return full && full.linkages.length === 9 && full.linkages.every(l => l.feedbackMs !== null) ? full : undefined
  })
  const air = ticket.linkages.find(l => l.linkage === 'air')
  process.stdout.write(
    `linkages (start/feedback ms): ${ticket.linkages.map(l => `${l.linkage} ${l.startMs}/${l.feedbackMs}`).join(', ')}\n`,
  )
  // A fan runs down in four seconds, an arm rises in two: not in a sixtieth of them.
  expect(air?.feedbackMs).toBeGreaterThan(3000)
  for (const l of ticket.linkages) expect(l.feedbackMs).toBeLessThan(l.feedbackLimitMs ?? 0)
  const first = ticket.steps.find(s => s.dueAt !== null)
  expect((first?.dueAt ?? 0) - (first?.startedAt ?? 0)).toBe((first?.withinS ?? 0) * 1000)
  expect(await pace(60)).toMatchObject({ status: 409, body: { error: 'clock-is-real' } })

  // A console that is killed meanwhile finds the clock as it was; nothing was said of a clock that was put.
  await stack.restart('console')
  expect(await pace(60)).toMatchObject({ status: 409 })
  expect(await engineer.post('/demo/scenarios/panel-reset')).toMatchObject({ status: 204 })
  await until('the release', async () => {
    await supervisor.post('/commands', { act: { kind: 'release-fire', compartment: 'c12' }, reason: '演练' })
    return (await supervisor.get<CaseFull>(`/cases/${ticket.id}`)).body.events.some(e => e.verb === 'released')
  })
  await answerTicket(supervisor, ticket.id)
  await until('the ticket to be closed', async () => {
    for (const a of (await supervisor.get<{ id: string; ackedAt: number | null }[]>('/alarms')).body)
      if (a.ackedAt === null) await supervisor.post(`/alarms/${a.id}/ack`, {})
    return (await supervisor.post(`/cases/${ticket.id}/acts/close`, { reason: '演练', outcome: 'drill' })).status === 200
  })
  expect(await pace(60)).toMatchObject({ status: 204 })
  const alarms = (await supervisor.get<{ key: string }[]>('/alarms')).body.map(a => a.key)
  expect(alarms.filter(k => k.startsWith('clock/'))).toEqual([])
})

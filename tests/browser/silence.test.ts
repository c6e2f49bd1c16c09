import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Alarm } from '#api/models/live'
import { closePages, openBrowser, openPage, signedIn } from '../harness/browser.ts'
import { linkAlarms } from '../harness/linkAlarms.ts'
import { signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

let stack: Stack
let browser: Browser
beforeAll(async () => {
  stack = await startStack({ at: '2026-11-21T10:00:00+08:00' })
  browser = await openBrowser()
})
afterEach(() => closePages(browser))
afterAll(async () => {
  await browser?.close()
  await stack?.stop()
})

it('story 3: a device goes silent, and comes back', async () => {
  const page = await signedIn(browser, stack.url, 'engineer')
  const api = await signIn(stack.url, 'engineer')
  await stack.sim('PUT', '/devices/ahu-5/points/belt_flt', { value: true })
  await until('an alarm of the device', async () => (await api.get<Alarm[]>('/alarms')).body.some(x => x.key === 'ahu-5/belt'))
  await openPage(page, '/devices/ahu-5')
  await page.waitForSelector('[data-point="sat"][data-quality="good"]')
  await stack.sim('PUT', '/devices/ahu-5/fault', { kind: 'silent' })
  await page.waitForSelector('[data-point="sat"][data-quality="stale"]')
  await page.waitForSelector('.chip >> text=从站无应答')
  // One alarm for the link; the other units of the bus go on.
  const links = () => linkAlarms(api)
  expect((await until('the alarm', async () => ((await links()).length > 0 ? links() : undefined))).map(a => a.key)).toEqual([
    'link/ahu-5',
  ])
  expect(await page.isDisabled('[data-hold="true"]')).toBe(true)
  // What it had reported before stands beneath the alarm of its link, unverified; without it nothing is known of its return.
  await stack.sim('PUT', '/devices/ahu-5/points/belt_flt', { value: false })
  const alarmsPage = await signedIn(browser, stack.url, 'operator')
  await openPage(alarmsPage, '/alarms')
  await alarmsPage.waitForSelector('[data-alarm="link/ahu-5"] + [data-alarm="ahu-5/belt"][data-under] >> text=未核实')
  await alarmsPage.waitForSelector('[data-alarm="link/ahu-5"] >> text=其下 1 条报警未核实')
  await page.waitForSelector('text=设备失联，不能手动')
  // The agent refuses it too, whatever a screen would let through.
  const { body } = await api.post<{ id: string }>('/commands', {
    act: { kind: 'hold', point: 'ahu-5/fan_cmd', value: true, level: 8, until: Date.parse('2026-11-21T12:00:00+08:00') },
    reason: 't',
  })
  const refused = await until('the refusal', async () =>
    (await api.get<{ id: string; step: string; reason: string }[]>('/commands?device=ahu-5')).body.find(
      c => c.id === body.id && c.step === 'refused',
    ),
  )
  expect(refused.reason).toBe('link-lost')

  await stack.sim('DELETE', '/devices/ahu-5/fault')
  await page.waitForSelector('[data-point="sat"][data-quality="good"]')
  await until('the alarm to return', async () => (await links()).length === 0)
  await alarmsPage.waitForSelector('[data-alarm="ahu-5/belt"]:not([data-under])')
  await until('what was unverified to return by itself', async () =>
    (await api.get<Alarm[]>('/alarms')).body.some(x => x.key === 'ahu-5/belt' && x.returnedAt !== null),
  )
})

it('a whole bus lost is one alarm of the bus, not one for each of its twenty units', async () => {
  const api = await signIn(stack.url, 'engineer')
  await stack.sim('PUT', '/buses/bus-low/fault', { kind: 'silent' })
  const standing = () => linkAlarms(api)
  await until('the bus alarm', async () => (await standing()).some(a => a.key === 'link/bus-low'))
  expect((await standing()).map(a => a.key)).toEqual(['link/bus-low'])
  await api.listen(['zc-3w/temp', 'zc-12w/temp'])
  await until('values behind the bus to be stale', () => api.values.get('zc-3w/temp')?.q === 'stale')
  expect(api.values.get('zc-12w/temp')?.q).toBe('good')
  await stack.sim('DELETE', '/buses/bus-low/fault')
  await until('all of them to be good again', () => api.values.get('zc-3w/temp')?.q === 'good')
  await until('the alarm to return', async () => (await standing()).length === 0)
  api.close()
})

it('registers that answer nonsense are never shown, never acted on, and never kill the agent', async () => {
  const api = await signIn(stack.url, 'engineer')
  await api.listen(['ahu-4/sat', 'em-3w/kw'])
  await until('good values', () => api.values.get('ahu-4/sat')?.q === 'good')
  for (const device of ['ahu-4', 'em-3w']) await stack.sim('PUT', `/devices/${device}/fault`, { kind: 'nonsense' })
  await until('all of it to be bad', () => ['ahu-4/sat', 'em-3w/kw'].every(r => api.values.get(r)?.q === 'bad'))
  expect((await api.get<Alarm[]>('/alarms')).body.filter(a => a.kind === 'fire')).toEqual([])
  for (const device of ['ahu-4', 'em-3w']) await stack.sim('DELETE', `/devices/${device}/fault`)
  await until('good again', () => api.values.get('ahu-4/sat')?.q === 'good')
  expect(stack.alive('edge-agent')).toBe(true)
  api.close()
})

it('what came while the broker stood still is a flood when it goes on: each alarm once, in its order, at its own time', async () => {
  const page = await signedIn(browser, stack.url, 'operator')
  const api = await signIn(stack.url, 'engineer')
  await openPage(page, '/alarms')
  const keys = [1, 2, 3, 4, 5].flatMap(n => [`ahu-${n}/trip`, `ahu-${n}/frost`])
  const mine = async () => (await api.get<Alarm[]>('/alarms')).body.filter(a => keys.includes(a.key))
  const points = [1, 2, 3, 4, 5].flatMap(n => ['vfd_flt', 'frost'].map(p => `/devices/ahu-${n}/points/${p}`))
  expect(await page.locator('[data-flood]').count()).toBe(0)
  process.kill(stack.pid('broker'), 'SIGSTOP')
  try {
    const stoppedAt = stack.now()
    for (const point of points) await stack.sim('PUT', point, { value: true })
    const metrics = async () => (await fetch(`http://127.0.0.1:${stack.env['ZHIBAN_EDGE_PORT']}/metrics`)).text()
    await until(
      'the agent to have written them down',
      async () => Number(/zhiban_edge_journal_pending\S* (\d+)/.exec(await metrics())?.[1] ?? 0) >= keys.length,
    )
    // Nothing is invented meanwhile: what nobody has told stands nowhere, and the page says that it does not hear the agent.
    expect(await mine()).toEqual([])
    await page.waitForSelector('text=/代理.*(失联|联系不上|离线)/')
    const wentOnAt = stack.now()
    process.kill(stack.pid('broker'), 'SIGCONT')
    await page.waitForSelector('[data-flood]')
    const all = await until('all of them', async () => ((await mine()).length === keys.length ? mine() : undefined))
    expect(all.map(a => a.key).toSorted()).toEqual(keys.toSorted())
    for (const a of all) {
      expect(a.raisedAt).toBeGreaterThanOrEqual(stoppedAt - 1000)
      expect(a.raisedAt).toBeLessThan(wentOnAt)
      expect(a.times).toBe(1)
    }
    const past = (await api.get<{ key: string }[]>('/alarms/history?q=/trip')).body
    expect(past.filter(a => keys.includes(a.key))).toHaveLength(5)
  } finally {
    process.kill(stack.pid('broker'), 'SIGCONT')
  }
  for (const point of points) await stack.sim('PUT', point, { value: false })
  await until('them to return', async () => (await mine()).every(a => a.returnedAt !== null))
  await page.waitForSelector('text=实时')
})

it('the screen says loudly that it is not live when its server is gone, and catches up afterwards', async () => {
  const page = await signedIn(browser, stack.url, 'operator')
  await page.waitForSelector('text=实时')
  await stack.kill('console')
  await page.waitForSelector('text=画面不是实时')
  expect(await page.locator('.frame.lost').count()).toBe(1)
  await stack.start('console')
  await page.waitForSelector('text=画面不是实时', { state: 'detached' })
  await page.waitForSelector('text=实时')
})

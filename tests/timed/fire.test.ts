import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { CaseFull } from '#api/models/cases'
import { answerTicket } from '../harness/answerTicket.ts'
import { closePages, openBrowser, proves, signedIn } from '../harness/browser.ts'
import { signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

let stack: Stack
let browser: Browser
beforeAll(async () => {
  stack = await startStack({ at: '2026-11-21T15:00:00+08:00' })
  browser = await openBrowser()
})
afterEach(() => closePages(browser))
afterAll(async () => {
  await browser?.close()
  await stack?.stop()
})

it('story 1: a fire on floor 12, from the smoke detector to the closed ticket', async () => {
  const page = await signedIn(browser, stack.url, 'supervisor')
  const api = await signIn(stack.url, 'supervisor')
  await page.waitForSelector('.bar .lead')
  // The air of floor 12 runs before the fire, so that its stop is seen.
  await until(
    'AHU-3 to run',
    async () =>
      ((await stack.sim('GET', '/devices/ahu-3')) as { points: { key: string; value: unknown }[] }).points.find(
        p => p.key === 'fan_fb',
      )?.value === true,
  )
  await page.click('text=启用声音')
  await page.waitForSelector('text=声音正常')

  await stack.sim('POST', '/scenarios/fire-floor-12?followAfterS=3')
  // Without a reload: the bar, and the sound of level 1 until acknowledged or silenced.
  await page.waitForSelector('.lead.fire >> text=12F 东感烟 3 火警', { timeout: 5000 })
  await page.waitForSelector('text=1 级鸣响中')
  await page.click('.lead.fire >> text=应急单')
  await page.waitForSelector('[data-step="1"]')
  expect(await page.locator('ol li .box').count()).toBe(8)
  await page.waitForSelector('text=联动条件未成立')

  // The call point follows; the rule is met and each linkage shows its two measured times.
  await page.waitForSelector('[data-linkage="air"]', { timeout: 15_000 })
  await until('nine linkages on time', async () => (await page.locator('[data-linkage] >> text=按时').count()) === 9, 40_000)
  const ticket = await until('the ticket', async () => {
    const { body } = await api.get<CaseFull[]>('/cases?procedure=emergency&open=true')
    return body.length === 1 ? body[0] : undefined
  })
  const read = async () => (await api.get<CaseFull>(`/cases/${ticket.id}`)).body
  const measured = (await read()).linkages
  for (const l of measured) {
    expect(l.startMs, l.linkage).toBeLessThan(3000)
    expect(l.feedbackMs, l.linkage).toBeLessThan(l.feedbackLimitMs ?? 0)
  }
  // A running air handler takes its time to stop: the figure is measured, not assumed.
  expect(measured.find(l => l.linkage === 'air')?.feedbackMs).toBeGreaterThan(1000)
  const point = (device: string, key: string) => stack.point(device, key)
  expect(await point('ahu-3', 'fan_fb')).toBe(false)
  expect(await point('d-12', 'locked')).toBe(false)
  expect(await point('gate-in-a', 'raised')).toBe(true)

  // Acknowledge both alarms from the bar, tick a step, write a note.
  await page.click('.lead.fire button.solid')
  await page.waitForSelector('.lead.fire >> text=12F 东感烟 3 火警')
  await page.click('.lead.fire button.solid')
  await page.waitForSelector('.lead.fire', { state: 'detached' })
  await page.click('[data-step="1"]')
  await page.waitForSelector('text=完成 1 / 8')
  await page.fill('input[placeholder*="写一句记录"]', '茶水间有烟')
  await page.keyboard.press('Enter')
  await page.waitForSelector('text=茶水间有烟')

  // Neither released nor closed while the panel is in alarm.
  await page.fill('footer input', '控制器已复位，现场已核实')
  expect(await page.isDisabled('[data-release-fire]')).toBe(true)
  expect(await page.isDisabled('[data-close]')).toBe(true)
  await page.waitForSelector('text=控制器仍有 2 点报警')
  expect(await api.post(`/cases/${ticket.id}/acts/close`, { reason: 'x', outcome: 'false-alarm' })).toMatchObject({
    status: 409,
    body: { error: 'still-in-alarm' },
  })

  // After the panel's reset nothing restarts or relocks by itself.
  await stack.sim('POST', '/scenarios/panel-reset')
  await page.waitForSelector('[data-state="verify"]')
  expect(await api.post(`/cases/${ticket.id}/acts/close`, { reason: 'x', outcome: 'false-alarm' })).toMatchObject({
    status: 409,
    body: { error: 'not-released' },
  })
  expect(await point('ahu-3', 'fan_cmd')).toBe(false)
  expect(await point('d-12', 'lock_cmd')).toBe(false)
  expect(await point('gate-in-a', 'arm_cmd')).toBe(true)

  // Only the authorised release from the ticket ends it; a guard may not.
  const guard = await signIn(stack.url, 'guard')
  expect(await guard.post('/commands', { act: { kind: 'release-fire', compartment: 'c12' } })).toMatchObject({ status: 403 })
  await page.click('[data-release-fire]')
  await proves(page, 'demo-supervisor')
  await until('the doors to lock again', async () => (await point('d-12', 'locked')) === true)
  await until('the air handler to run again', async () => (await point('ahu-3', 'fan_fb')) === true, 40_000)
  await until('the barrier to come down', async () => (await point('gate-in-a', 'raised')) === false)
  await page.waitForSelector('[data-linkage="air"] >> text=已解除')

  // Released and acknowledged: what is still missing is named, and each step gets its answer.
  expect(await api.post(`/cases/${ticket.id}/acts/close`, { reason: 'x', outcome: 'false-alarm' })).toMatchObject({
    status: 409,
    body: { error: 'steps-open', detail: { n: 7 } },
  })
  await page.waitForSelector('[data-lacks] >> text=步骤未完成或搁置：2、3、4、5、6、7、8')
  await page.click('[data-set-aside="2"]')
  await page.fill('input[name="aside-reason"]', '误报，已在现场')
  await page.keyboard.press('Enter')
  await page.waitForSelector('[data-aside="2"] >> text=误报，已在现场')
  await answerTicket(api, ticket.id)
  await page.selectOption('select[name="outcome"]', 'false-alarm')
  await page.fill('footer input', '误报，茶水间蒸汽')
  await page.click('[data-close]')
  await until('the ticket to be closed', async () => (await read()).state === 'closed')
  const verbs = (await read()).events.map(e => e.verb)
  for (const verb of ['open', 'alarm', 'rule-met', 'alarm-acked', 'step-done', 'note', 'returned', 'released', 'close'])
    expect(verbs).toContain(verb)
  expect(await page.evaluate('window.__xss')).toBeUndefined()
})

it('an intrusion opens a level-2 ticket with its own plan and its one-minute clock (R67)', async () => {
  const api = await signIn(stack.url, 'operator')
  await stack.sim('POST', '/scenarios/intrusion-b1')
  const ticket = await until('the ticket', async () => {
    const { body } = await api.get<CaseFull[]>('/cases?procedure=emergency&open=true')
    const found = body.find(c => c.form['kind'] === 'intrusion')
    return found && (await api.get<CaseFull>(`/cases/${found.id}`)).body
  })
  expect(ticket).toMatchObject({ place: 'b1', form: { level: 2 } })
  const guardStep = ticket.steps.find(s => s.source?.includes('R67') && s.withinS === 60)
  expect(guardStep).toMatchObject({ after: 1, startedAt: null })
  // The minute runs from being told, so its clock starts when the first step is ticked.
  await api.post(`/cases/${ticket.id}/steps/1/done`)
  const after = (await api.get<CaseFull>(`/cases/${ticket.id}`)).body.steps.find(s => s.n === guardStep?.n)
  expect((after?.dueAt ?? 0) - (after?.startedAt ?? 0)).toBe(60_000)
})

it('a tripped air handler opens an urgent repair order, which ends with the return of the alarm and a person', async () => {
  const api = await signIn(stack.url, 'operator')
  await stack.sim('POST', '/scenarios/ahu-trip')
  const alarm = await until('the alarm', async () =>
    (await api.get<{ key: string; level: number; ticket: string | null }[]>('/alarms')).body.find(a => a.key === 'ahu-2/trip'),
  )
  expect(alarm.level).toBe(3)
  const engineer = await signIn(stack.url, 'engineer')
  const order = async () => (await engineer.get<CaseFull>(`/cases/${alarm.ticket}`)).body
  expect(await order()).toMatchObject({
    procedure: 'repair',
    urgent: true,
    state: 'sent',
    place: 'ahu-2',
    form: { kind: 'equipment' },
  })
  for (const verb of ['accept', 'arrive'])
    expect(await engineer.post(`/cases/${alarm.ticket}/acts/${verb}`, {})).toMatchObject({ status: 200 })
  const finish = () => engineer.post(`/cases/${alarm.ticket}/acts/finish`, { result: '变频器复位，试运行正常' })
  expect(await finish()).toMatchObject({ status: 409, body: { error: 'still-in-alarm' } })
  await stack.sim('POST', '/scenarios/ahu-reset')
  await until('the order to be finished', async () => (await finish()).status === 200)
  expect((await order()).state).toBe('done')
})

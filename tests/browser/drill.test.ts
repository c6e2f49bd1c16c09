import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { CaseFull } from '#api/models/cases'
import type { Alarm } from '#api/models/live'
import { answerTicket } from '../harness/answerTicket.ts'
import { closePages, openBrowser, signedIn } from '../harness/browser.ts'
import { type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

let stack: Stack
let browser: Browser
let operator: Person
beforeAll(async () => {
  stack = await startStack({ at: '2026-11-24T15:00:00+08:00' })
  browser = await openBrowser()
  operator = await signIn(stack.url, 'operator')
})
afterEach(() => closePages(browser))
afterAll(async () => {
  await browser?.close()
  await stack?.stop()
})

const ticket = async (id: string) => (await operator.get<CaseFull>(`/cases/${id}`)).body
const idIn = (url: string) => url.split('/').at(-1) ?? ''
const open = async () => (await operator.get<CaseFull[]>('/cases?procedure=emergency&open=true')).body
const drillByCommand = async (...args: string[]) => {
  const run = promisify(execFile)('npx', ['tsx', '--conditions=source', 'console/subjects/emergency/drill.ts', ...args], {
    env: {
      ...process.env,
      ...{ ZHIBAN_HTTP_PORT: new URL(stack.url).port, ZHIBAN_DRILL_USER: 'engineer', ZHIBAN_DRILL_PASSWORD: 'demo-engineer' },
    },
  })
  return run.then(
    ({ stdout }) => ({ code: 0, stdout }),
    (e: { code: number; stdout: string; stderr: string }) => ({ code: e.code, stdout: e.stdout + e.stderr }),
  )
}

it('a shadow drill says what would not happen now, goes the way of an emergency, moves no device, and ends as a drill', async () => {
  await stack.sim('PUT', '/devices/d-12/fault', { kind: 'silent' })
  await until('the door to be out of reach', async () =>
    (await operator.get<Alarm[]>('/alarms')).body.some(a => a.key === 'link/d-12' && a.returnedAt === null),
  )
  const page = await signedIn(browser, stack.url, 'supervisor')
  await page.goto(`${stack.url}/drills/c12`)
  await page.waitForSelector('[data-shadow=c12]')
  await page.waitForSelector('text=/此刻 9 项联动中 1 项不会发生：12F 疏散门释放.*连不上/')
  expect(await page.locator('[data-would=no]').count()).toBe(1)
  // The same from a command line, which a cron can call.
  const told = await drillByCommand('c12')
  expect(told.stdout).toContain('9 项联动中 1 项不会发生')
  expect(told.code).toBe(1)
  expect((await drillByCommand('c99')).code).toBe(2)

  const fan = async () => (await stack.sim('GET', '/devices/ahu-3')) as { points: { key: string; value: unknown }[] }
  const before = (await fan()).points.find(p => p.key === 'fan_cmd')?.value
  await page.click('[data-begin-shadow]')
  await page.waitForSelector('[data-drill=shadow]')
  await page.waitForSelector('text=【演习】')
  const id = idIn(page.url())
  // Its shadow stays as it was; there is nothing to start by hand on a drill.
  await stack.sim('DELETE', '/devices/d-12/fault')
  expect(await page.locator('[data-would=no]').count()).toBe(1)
  expect(await page.locator('[data-start-fire]').count()).toBe(0)
  expect((await fan()).points.find(p => p.key === 'fan_cmd')?.value).toBe(before)
  expect(await ticket(id)).toMatchObject({ form: { drill: 'shadow', kind: 'fire' }, linkages: [] })
  expect(await page.locator('select[name=outcome]').isDisabled()).toBe(true)

  // Who has a step answers for it, also who acts on no alarms; nobody else but the lead does.
  const desk = await signIn(stack.url, 'frontdesk')
  const guard = await signIn(stack.url, 'guard')
  expect(await guard.post(`/cases/${id}/steps/8/done`)).toMatchObject({ status: 403, body: { error: 'not-your-step' } })
  expect((await desk.post(`/cases/${id}/steps/8/done`)).status).toBe(204)
  expect((await ticket(id)).steps[7]).toMatchObject({ doneBy: '李娜', doneAs: 'own' })
  const lead = await signIn(stack.url, 'supervisor')
  await answerTicket(lead, id)
  await page.fill('footer input', '演练完成')
  await page.click('[data-close]')
  await until('the drill to be over', async () => (await ticket(id)).state === 'closed')
  expect(await ticket(id)).toMatchObject({ form: { outcome: 'drill' } })
})

it('a drill against the simulators, as code: the ticket is marked, every linkage is measured; a fire elsewhere beside it is a fire', async () => {
  const page = await signedIn(browser, stack.url, 'operator', { language: 'en' })
  await page.goto(`${stack.url}/emergency`)
  const drilled = await drillByCommand('c12', '--simulators')
  expect(drilled.stdout).toMatch(/9 of 9 in time/)
  expect(drilled.code).toBe(0)
  await page.waitForSelector('[data-drill=simulators]')
  const [drill] = await open()
  expect(drill?.form).toMatchObject({ drill: 'simulators' })
  const file = await ticket(drill?.id ?? '')
  expect(file.alarms.filter(a => a.kind === 'fire' && a.source !== 'reported')).toHaveLength(2)
  expect(file.linkages).toHaveLength(9)
  // Its paper says that it is one, and each measured time beside its limit.
  const paper = await signedIn(browser, stack.url, 'supervisor')
  await paper.goto(`${stack.url}/form/${file.id}`)
  await paper.waitForSelector('h1 >> text=应急处置单 【演习】')
  expect(await paper.locator('[data-sheet-linkages] tbody tr').count()).toBe(9)
  expect(await paper.locator('[data-sheet-linkages] tbody tr').first().textContent()).toMatch(
    /AHU-3 停机.*\d+\.\d \/ 3.*\d+\.\d \/ 30.*按时/,
  )
  await paper.close()

  // It burns on the floor below: unmarked, and in front of the drill.
  await stack.sim('PUT', '/devices/fire-panel/points/l11_w1_fire', { value: true })
  await page.waitForSelector('h1 >> text=11F compartment')
  expect(await page.locator('[data-drill]').count()).toBe(0)
  const real = (await open()).find(c => c.place === 'c11')
  expect(real?.form).not.toHaveProperty('drill')
  expect(await operator.post(`/cases/${real?.id}/merge`, { into: drill?.id, reason: '试试' })).toMatchObject({
    status: 409,
    body: { error: 'is-a-drill' },
  })
})

it('two fires that are one are merged by hand: the alarms go on with the one, the other names it', async () => {
  const real = (await open()).find(c => c.place === 'c11')
  await stack.sim('PUT', '/devices/fire-panel/points/l10_w1_fire', { value: true })
  const other = await until('the second fire', async () => (await open()).find(c => c.place === 'c10'))
  const page = await signedIn(browser, stack.url, 'supervisor')
  await page.goto(`${stack.url}/emergency/${other.id}`)
  await page.click('details:has([data-merge]) summary')
  // The drill is not among those that it may go on as.
  expect(await page.locator('[data-merge] option').count()).toBe(2)
  await page.selectOption('[data-merge] select', real?.id ?? '')
  await page.fill('[data-merge] input', '烟从 10F 上来')
  await page.click('[data-merge] button')
  await page.waitForURL(`**/emergency/${real?.id}`)
  await page.waitForSelector(`text=${other.number} 并入 ${real?.number}`)
  // It is at both places now, and says so.
  await page.waitForSelector('h1 >> text=/11F.*10F/')
  await page.waitForSelector(`a >> text=${other.number}`)
  const goesOn = await ticket(real?.id ?? '')
  expect(goesOn.alarms.map(a => a.place).toSorted()).toEqual(['c10', 'c11'])
  expect((await ticket(other.id)).events.map(e => e.verb)).toEqual(expect.arrayContaining(['merge', 'merged-into', 'open']))
})

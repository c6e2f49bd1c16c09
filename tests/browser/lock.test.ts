import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Staff } from '#api/models/staff'
import { axeSource, openBrowser, proves, signedIn } from '../harness/browser.ts'
import { signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'

let stack: Stack
let browser: Browser
let page: Page
beforeAll(async () => {
  stack = await startStack({ at: '2026-11-21T20:00:00+08:00' })
  browser = await openBrowser()
  page = await signedIn(browser, stack.url, 'operator')
})
afterAll(async () => {
  await browser?.close()
  await stack?.stop()
})

it('a station that is locked by its key shows an alarm that comes, and asks before it is acknowledged', async () => {
  await page.keyboard.press('Alt+KeyL')
  await page.waitForSelector('[data-locked]')
  expect(await page.locator('nav').count()).toBe(0)
  await stack.sim('POST', '/scenarios/fire-floor-12?followAfterS=0')
  await page.waitForSelector('.lead.fire')
  await page.waitForSelector('[data-locked] tbody tr.pick')
  await page.evaluate(axeSource)
  const found = (await page.evaluate("axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'] })")) as AxeResults
  expect(found.violations.map(v => `${v.id} ${v.nodes[0]?.html}`)).toEqual([])
  // Reloaded, it is as it was: what people have written does not come to it.
  await page.reload()
  await page.waitForSelector('[data-locked] tbody tr.pick')
  await page.click('.lead button.solid')
  await page.fill('[data-proof] input[name=proof]', 'not this one')
  await page.click('[data-proof] button[type=submit]')
  await page.waitForSelector('[data-proof] .wrong:not(:empty)')
  await page.keyboard.press('Escape')
  await page.waitForSelector('[data-proof]', { state: 'detached' })
  await page.waitForSelector('.lead .why:not(:empty)')
  await page.click('.lead button.solid')
  await proves(page, 'demo-operator')
  // It is unlocked by that, and where it was.
  await page.waitForSelector('nav')
  await page.waitForSelector('.tower .z')
  // It began locked, and hears all the same who works here when that changes.
  const asked = page.waitForRequest(r => r.url().endsWith('/api/people'))
  const admin = await signIn(stack.url, 'admin')
  const { people } = (await admin.get<Staff>('/staff')).body
  const guard = people.find(p => p.name === 'guard')
  await admin.call('PUT', `/staff/${guard?.id}`, { display: '新名字', post: guard?.postId })
  await asked
})

it('an emergency is reported from a locked station without any secret, and the PIN opens it again', async () => {
  await page.goto(`${stack.url}/password`)
  await page.fill('input[name=pin-password]', 'demo-operator')
  await page.fill('input[name=pin]', '4711')
  await page.click('form[data-pin] button[type=submit]')
  await page.waitForSelector('form[data-pin="chosen"]')
  await page.click('.who')
  await page.click('[data-lock]')
  await page.waitForSelector('[data-locked]')
  await page.click('[data-report] >> xpath=../summary')
  await page.fill('[data-report] input[name=what]', '大堂有人倒地')
  await page.click('[data-report] button[type=submit]')
  const supervisor = await signedIn(browser, stack.url, 'supervisor')
  await supervisor.waitForSelector('text=大堂有人倒地')
  await page.fill('[data-locked] input[name=secret]', '4711')
  await page.click('[data-locked] form button[type=submit]')
  await page.waitForSelector('nav')
})

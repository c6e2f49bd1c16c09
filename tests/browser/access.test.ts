import type { AxeResults } from 'axe-core'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeSource, openBrowser, openPage, signedIn } from '../harness/browser.ts'
import { type Stack, startStack } from '../harness/stack.ts'

let stack: Stack
let browser: Browser
beforeAll(async () => {
  stack = await startStack({ at: '2026-11-21T20:00:00+08:00' })
  browser = await openBrowser()
  await stack.sim('PUT', '/devices/ahu-5/fault', { kind: 'silent' })
  await stack.sim('POST', '/scenarios/fire-floor-12?followAfterS=0')
})
afterAll(async () => {
  await browser?.close()
  await stack?.stop()
})

const pages: [string, string][] = [
  ['/overview', '.tower .z'],
  ['/alarms', 'tbody tr.pick'],
  ['/emergency', '[data-linkage]'],
  ['/overtime', '[data-zone]'],
  ['/repair', 'table'],
  ['/charges', 'table'],
  ['/today', 'main table'],
  ['/call', 'input[name=caller]'],
  ['/enquiry', 'table'],
  ['/handover', 'table'],
  ['/roster', 'table'],
  ['/registers', 'table'],
  ['/calendar', '[data-day]'],
  ['/settings', '[data-setting]'],
  ['/search', 'input[name=q]'],
  ['/devices', 'tbody tr.pick'],
  ['/engineering', '[data-journal]'],
  ['/devices/ahu-3', '[data-point]'],
  ['/devices/ahu-5', '[data-quality="stale"]'],
  ['/tenants', '[data-tenant]'],
  ['/prices', '[data-price]'],
  ['/gate', '[data-register-visitor]'],
  ['/customer-links', '[data-make-plate]'],
  ['/moving-in', '[data-missing="ahu-5"]'],
]
/** With which an engineer runs a demo. */
const demoPages: typeof pages = [
  ['/demo', '[data-sim-device]'],
  ['/demo/ahu-5', '[data-sim-point]'],
]

/** With which whoever administers lets people in. */
const administratorPages: typeof pages = [
  ['/staff', '[data-account="engineer"]'],
  ['/password', 'input[name=old]'],
  ['/audit', '[data-audit="sign-in"]'],
]

describe.concurrent('every page is free of WCAG A and AA findings, in both themes', () => {
  for (const [user, theme, seen] of [
    ['supervisor', 'day', pages],
    ['supervisor', 'night', pages],
    ['engineer', 'day', demoPages],
    ['engineer', 'night', demoPages],
    ['admin', 'day', administratorPages],
    ['admin', 'night', administratorPages],
  ] as const)
    it(`${user}, ${theme}`, async ({ expect }) => {
      const page = await signedIn(browser, stack.url, user, { theme, language: theme === 'day' ? 'zh' : 'en' })
      const findings: string[] = []
      // Once for all pages: reading it in costs as much as a page's findings. The page forbids scripts of others; the inspector may.
      await page.evaluate(axeSource)
      // The structure is the same in both themes; its colours are not.
      const runOnly =
        theme === 'day'
          ? { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }
          : { type: 'rule', values: ['color-contrast'] }
      const asked = { resultTypes: ['violations'], runOnly }
      for (const [path, ready] of seen) {
        await openPage(page, path)
        await page.waitForSelector(ready).catch(async e => {
          throw new Error(`${path} does not show ${ready}: ${await page.locator('#app').textContent()}`, { cause: e })
        })
        const { violations } = (await page.evaluate(`axe.run(${JSON.stringify(asked)})`)) as AxeResults
        for (const v of violations)
          findings.push(
            `${path} ${v.id}: ${v.nodes
              .slice(0, 3)
              .map(n => `${n.target.join(' ')} ${n.failureSummary?.split('\n')[1]?.trim() ?? ''}`)
              .join(' | ')}`,
          )
      }
      await page.context().close()
      expect(findings).toEqual([])
    })
})

it('an operator works by keyboard alone: from sign-in to an acknowledged alarm', async () => {
  const context = await browser.newContext()
  context.setDefaultTimeout(90_000)
  await context.addInitScript('localStorage.setItem("language", "en")')
  const page = await context.newPage()
  await page.goto(stack.url)
  await page.waitForSelector('input[name=name]')
  await page.keyboard.press('Tab')
  await page.keyboard.type('operator')
  await page.keyboard.press('Tab')
  await page.keyboard.type('demo-operator')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.frame')
  // To the alarms by the navigation, then J, A.
  await page.waitForSelector('a[href="/alarms"]')
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab')
    if ((await page.evaluate('document.activeElement.getAttribute("href")')) === '/alarms') break
  }
  await page.keyboard.press('Enter')
  // Other pages have rows and panels as well.
  await page.waitForSelector('tr[data-alarm]')
  const title = page.locator('aside h2.big')
  await page.keyboard.press('j')
  await title.waitFor()
  const name = await title.textContent()
  await page.keyboard.press('a')
  // The selection has gone on; the row says it.
  await page.waitForSelector(':is(tr, li).acked:has-text("acked")').catch(async e => {
    throw new Error(`${name} was not acknowledged: ${await page.locator('main').textContent()}`, { cause: e })
  })
  expect(name).toContain('fire')
  await context.close()
})

it('language and theme change at once, without a reload, and stay', async () => {
  const page = await signedIn(browser, stack.url, 'operator')
  await page.evaluate('window.__same = true')
  await page.click('.who')
  await page.click('text=English')
  await page.waitForSelector('nav >> text=Overview')
  await page.click('text=Night')
  expect(
    await page.evaluate('[window.__same, document.documentElement.dataset.theme, document.documentElement.lang].join()'),
  ).toBe('true,night,en-GB')
})

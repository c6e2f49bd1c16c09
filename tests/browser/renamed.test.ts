import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser, openPage, signedIn } from '../harness/browser.ts'
import { renamedBuilding } from '../harness/renamedBuilding.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

/** Screens and simulators ask for the roles of points: what a profile or a point is called is its own affair. */
let folder = ''
let stack: Stack
let browser: Browser
let page: Page
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zhiban-renamed-'))
  const { site, profiles } = renamedBuilding(folder, 'zc-12w')
  stack = await startStack({ at: '2026-11-24T15:00:00+08:00', site, env: { ZHIBAN_PROFILES: profiles } })
  browser = await openBrowser()
  page = await signedIn(browser, stack.url, 'operator')
})
afterAll(async () => {
  await browser?.close()
  await stack?.stop()
  rmSync(folder, { recursive: true, force: true })
})

it('a building whose points all have other names, with a device type that nobody knew, stands on the overview as any other', async () => {
  await openPage(page, '/overview')
  await page.waitForSelector('[data-site-live=true]')
  const texts = (selector: string) => page.locator(selector).allInnerTexts()
  // Every zone with its temperature, the new type among them; and no number anywhere that is not known.
  const zones = () => page.locator('.z').evaluateAll(all => all.map(z => z.getAttribute('aria-label') ?? ''))
  await until('a temperature in each of the forty tiles', async () => {
    const read = await zones()
    return read.length === 40 && read.every(label => /: \d+\.\d ℃/.test(label))
  })
  await until('numbers on the air handlers and the plant', async () => {
    const read = [...(await texts('.ahu dd')), ...(await texts('.plant .v'))]
    return read.length === 5 * 3 + 6 && read.every(text => !text.includes('—'))
  })
  await until('doors and gates as they stand', async () => {
    const labels = await page
      .locator('.drs button, .gates button')
      .evaluateAll(all => all.map(b => b.getAttribute('aria-label') ?? ''))
    return labels.length > 20 && labels.every(l => /门锁|门释放|已落杆|已起杆|动作中/.test(l))
  })
  expect(await page.locator('.lp.ok').count()).toBe(20)
})

it('and is switched from there: the coil of a zone, and a barrier', async () => {
  await page.click('.z[aria-label^="12F 西"]')
  await page.fill('.pick .why input', '太热')
  await page.click('.pick [data-hold=false]')
  await page.waitForSelector('.z.hold[aria-label^="12F 西"]')
  await page.click('.gates button >> nth=0')
  await page.fill('.pick .why input', '访客')
  await page.click('.pick [data-preset="0"]')
  await page.waitForSelector('.gates button[aria-label*="已起杆"] >> nth=0')
})

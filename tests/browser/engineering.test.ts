import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Engineering } from '#api/models/live'
import { openBrowser, signedIn } from '../harness/browser.ts'
import { signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

let stack: Stack
let browser: Browser
beforeAll(async () => {
  stack = await startStack({ at: '2026-11-20T12:00:00+08:00' })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await stack?.stop()
})

it('an engineer sees the array of any point, the programme of the week, the journal at both ends and the last linkages', async () => {
  const api = await signIn(stack.url, 'engineer')
  const booked = await api.get<Engineering>('/engineering?from=2026-11-20')
  expect(booked.body.programme.days.map(d => d.date)).toEqual(Array.from({ length: 7 }, (_, i) => `2026-11-${20 + i}`))
  const hours = booked.body.programme.zones.find(z => z.zone === 'f8-w')?.stretches ?? []
  expect(hours).toHaveLength(7)
  expect(hours[0]).toMatchObject({
    from: Date.parse('2026-11-20T07:00+08:00'),
    to: Date.parse('2026-11-20T19:00+08:00'),
    booked: false,
  })
  expect(await api.get('/engineering?from=yesterday')).toMatchObject({ status: 400, body: { field: 'from' } })

  await stack.sim('POST', '/scenarios/fire-floor-12?followAfterS=0')
  const page = await signedIn(browser, stack.url, 'engineer')
  await page.click('a[href="/engineering"]')
  await page.waitForSelector('[data-week-zone="f8-w"] i')
  await page.waitForSelector('[data-last-linkage="c12/gate-in-a"] >> text=/\\d+\\.\\d \\/ 10 s/')

  await page.selectOption('select[name=device]', 'ahu-3')
  await page.waitForSelector('select[name=point] option[value=fan_cmd]', { state: 'attached' })
  await page.selectOption('select[name=point]', 'fan_cmd')
  await page.waitForSelector('li.best >> text=12F 防火分区火警')
  await page.waitForSelector('li.filled >> text=15 日程')

  // The journal at both ends: what is on the agent's disk is in the books, nothing is waiting.
  await until('the journal to be in the books', async () => {
    const cells = await page.locator('[data-journal=tower] td').allInnerTexts()
    const [, onDisk, received, pending, gaps, quarantine] = cells.map(c => Number.parseInt(c, 10))
    return (onDisk ?? 0) > 10 && onDisk === received && pending === 0 && gaps === 0 && quarantine === 0
  })
})

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FloorPlanView } from '#api/models/floorPlans'
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

it('an engineer places a device on the plan of a floor by mouse and by keys; others see it there, live', async () => {
  const page = await signedIn(browser, stack.url, 'engineer')
  await page.goto(`${stack.url}/floor-plans/f11`)
  await page.waitForSelector('[data-spot=zc-11w]')
  expect(await page.locator('[data-spot^="fire-panel/"]').count()).toBe(10)
  const spot = async (ref: string) =>
    (await signIn(stack.url, 'operator').then(o => o.get<FloorPlanView>('/floors/f11/plan'))).body.spots.find(s => s.ref === ref)
  // Whoever only looks moves nothing.
  expect(await page.locator('[data-to-place]').count()).toBe(0)
  const still = await spot('zc-11w')
  await page.click('[data-spot=zc-11w]')
  await page.click('[data-placing]')
  // Nor does a mere touch.
  await page.click('[data-spot=zc-11w]')
  await page.click('[data-to-place=em-11w]')
  const sheet = (await page.locator('[data-floor-plan]').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
  await page.mouse.click(sheet.x + sheet.width * 0.25, sheet.y + sheet.height * 0.75)
  await page.waitForSelector('[data-spot=em-11w]')
  const placed = await until('the meter to be stored', () => spot('em-11w'))
  expect(Math.abs(placed.x - 2500) + Math.abs(placed.y - 7500)).toBeLessThan(100)
  expect(await spot('zc-11w')).toEqual(still)
  // By hand to another place, then a step by key, then off again.
  await page.hover('[data-spot=em-11w]')
  await page.mouse.down()
  await page.mouse.move(sheet.x + sheet.width * 0.5, sheet.y + sheet.height * 0.5, { steps: 4 })
  await page.mouse.up()
  await until('it to be moved', async () => Math.abs(((await spot('em-11w'))?.x ?? 0) - 5000) < 100)
  await page.focus('[data-spot=em-11w]')
  const before = await spot('em-11w')
  await page.keyboard.press('ArrowRight')
  await until('it to be a step to the right', async () => (await spot('em-11w'))?.x === (before?.x ?? 0) + 100)
  await page.focus('[data-spot=em-11w]')
  await page.keyboard.press('Delete')
  await page.waitForSelector('[data-to-place=em-11w]')
  expect(await spot('em-11w')).toBeUndefined()

  const guard = await signIn(stack.url, 'guard')
  expect(await guard.call('PUT', '/floors/f11/spots', { ref: 'd-11', x: 1, y: 1 })).toMatchObject({ status: 403 })
  const api = await signIn(stack.url, 'engineer')
  expect(await api.call('PUT', '/floors/f11/spots', { ref: 'd-99', x: 1, y: 1 })).toMatchObject({
    status: 404,
    body: { field: 'ref' },
  })
  expect(await api.call('PUT', '/floors/f99/spots', { ref: 'd-11', x: 1, y: 1 })).toMatchObject({ status: 400 })
  expect(await api.call('PUT', '/floors/f11/spots', { ref: 'd-11', x: 10_001, y: 1 })).toMatchObject({ status: 400 })
  // The fire of the story before stands on its floor, for whoever only looks.
  const watch = await signedIn(browser, stack.url, 'guard')
  await watch.goto(`${stack.url}/floor-plans/f12`)
  await watch.waitForSelector('[data-spot="fire-panel/l12_e3_fire"][data-state=alarm]')
  expect(await watch.locator('[data-to-place]').count()).toBe(0)
})

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CommandView } from '#api/models/live'
import { openBrowser, openPage, signedIn } from '../harness/browser.ts'
import { signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

let stack: Stack
let browser: Browser
beforeAll(async () => {
  stack = await startStack({ at: '2026-11-21T22:00:00+08:00' })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await stack?.stop()
})

const point = (device: string, key: string) => stack.point(device, key)
const confirmed = (page: Page) => page.waitForSelector('.pick [data-step="confirmed"]', { timeout: 20_000 })

/** What each of them moves no other one looks at, and most of their time is a device's own. */
describe.concurrent('by hand', () => {
  it('story 4: a hand on a zone, a barrier and a door', async () => {
    const page = await signedIn(browser, stack.url, 'operator')
    const api = await signIn(stack.url, 'operator')
    await until('8F West to be off', async () => (await point('zc-8w', 'on_fb')) === false)

    // 8F West on until a chosen time: accepted, written, confirmed by read-back, visible on the control.
    await page.click('button[aria-label^="8F 西:"]')
    await page.waitForSelector('.pick [data-hold="true"]')
    await page.fill('.pick input[name=until]', '23:30')
    await page.click('.pick [data-hold="true"]')
    await confirmed(page)
    expect(await point('zc-8w', 'on_fb')).toBe(true)
    await until('its air handler', async () => (await point('ahu-2', 'fan_fb')) === true)
    // Who holds it, until when, and what comes next.
    await page.waitForSelector('.pick .now >> text=值班手动')
    await page.waitForSelector('.pick .now >> text=至 23:30')
    await page.waitForSelector('.pick .now >> text=日程 停')
    await page.waitForSelector('button.hold >> text=何敏')
    const [command] = (await api.get<CommandView[]>('/commands?device=zc-8w')).body.filter(c => c.kind === 'hold')
    expect(command?.steps.map(s => s.step)).toEqual(['accepted', 'written', 'confirmed'])

    // Release falls back to the schedule.
    await page.click('.pick [data-release]')
    await until('8F West to be off again', async () => (await point('zc-8w', 'on_fb')) === false)
    // The air handler has just started: it runs for its minimum time, then stops by itself.
    await until('the air handler to stop', async () => (await point('ahu-2', 'fan_fb')) === false, 60_000)

    // A barrier for thirty seconds.
    await page.click('.gates button[aria-label^="入口 A"]')
    await page.click('.pick [data-preset="0"]')
    await confirmed(page)
    expect(await point('gate-in-a', 'raised')).toBe(true)

    // A door: dangerous, so the button is held for a second; a short press does nothing.
    await page.click('.core button[aria-label^="12F 疏散门"]')
    await page.waitForSelector('.pick [data-preset="0"]')
    await page.click('.pick [data-preset="0"]')
    expect(await point('d-12', 'locked')).toBe(true)
    const box = await page.locator('.pick [data-preset="0"]').boundingBox()
    await page.mouse.move((box?.x ?? 0) + 10, (box?.y ?? 0) + 10)
    await page.mouse.down()
    await until('the door to be released', async () => (await point('d-12', 'locked')) === false)
    await page.mouse.up()
    await until('the door to lock by itself', async () => (await point('d-12', 'locked')) === true, 25_000)
  })

  it('on a phone the hand is in sight as soon as something is picked', async () => {
    const page = await signedIn(browser, stack.url, 'operator', { width: 390, height: 844 })
    await page.click('button[aria-label^="8F 西:"]')
    await page.waitForSelector('.pick [data-hold="true"]')
    const box = await page.locator('.pick').boundingBox()
    expect(box?.y).toBeGreaterThan(200)
    expect((box?.y ?? 0) + (box?.height ?? 900)).toBeLessThan(790)
  })

  it('a device that does not follow is a failed command, and its hold is withdrawn', async () => {
    const api = await signIn(stack.url, 'operator')
    await stack.sim('PUT', '/devices/zc-7w/points/on_fb', { value: false })
    const until1 = Date.parse('2026-11-21T23:50:00+08:00')
    const { body } = await api.post<{ id: string }>('/commands', {
      act: { kind: 'hold', point: 'zc-7w/on_cmd', value: true, level: 8, until: until1 },
      reason: 'test',
    })
    const failed = await until(
      'the failure',
      async () =>
        (await api.get<CommandView[]>('/commands?device=zc-7w')).body.find(c => c.id === body.id && c.step === 'failed'),
      25_000,
    )
    expect(failed).toMatchObject({ reason: 'no-read-back', read: false })
    await until('the command to be taken back', async () => (await point('zc-7w', 'on_cmd')) === false)
  })

  it('the gate: a pass opens its door for seconds and no longer; an owner is confirmed and the barrier goes up (R71, R72)', async () => {
    const page = await signedIn(browser, stack.url, 'guard', { width: 1366, height: 768 })
    const guard = await signIn(stack.url, 'guard')
    const tells = (device: string, event: string, detail: string) =>
      stack.sim('POST', `/devices/${device}/events`, { event, detail })
    const visitor = {
      ...{ contact: '刘洋', kind: 'guest', document: 'identity', shown: true, place: 'f10-w', host: '陈立' },
      ...{ pass: 'K-17', door: 'd-10', until: Date.parse('2026-11-21T23:59:00+08:00') },
    }
    await guard.post('/registers/visitors/entries', { form: visitor })
    await openPage(page, '/gate')
    await page.waitForSelector('[data-visitor] >> text=刘洋')
    expect(await point('d-10', 'locked')).toBe(true)
    await tells('d-9', 'card', 'K-17')
    await page.waitForSelector('[data-visitor] [data-act=other-door]')
    expect(await point('d-9', 'locked')).toBe(true)
    await tells('d-10', 'card', 'K-17')
    await page.waitForSelector('[data-visitor] [data-act=let-pass][data-step=confirmed]')
    await until('the door to lock by itself', async () => (await point('d-10', 'locked')) === true, 25_000)
    await page.waitForSelector('[data-access=card] >> text=K-17')

    await tells('gate-out-a', 'plate', '示A0001')
    await page.waitForSelector('[data-car] >> text=示·A0001')
    await page.waitForSelector('[data-car] >> text=出口 A')
    await page.click('[data-car] [data-let=confirmed]')
    await page.waitForSelector('[data-dealt] [data-act=let-pass][data-step=confirmed]')
    await tells('gate-out-a', 'passed', '示A0001')
    await page.waitForSelector('[data-dealt] [data-act=passed]')
    await until('the barrier to come down by itself', async () => (await point('gate-out-a', 'raised')) === false, 40_000)
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    await page.context().close()
  })

  it('a guard may look but not touch; bad ends are refused by name', async () => {
    const guard = await signIn(stack.url, 'guard')
    const act = { kind: 'hold', point: 'zc-8w/on_cmd', value: true, level: 8, until: Date.parse('2026-11-21T23:50:00+08:00') }
    expect(await guard.post('/commands', { act })).toMatchObject({ status: 403, body: { error: 'not-your-role' } })
    const operator = await signIn(stack.url, 'operator')
    expect(await operator.post('/commands', { act: { ...act, until: 1 } })).toMatchObject({
      status: 400,
      body: { error: 'end-in-the-past', field: 'until' },
    })
    expect(await operator.post('/commands', { act: { ...act, level: 2 } })).toMatchObject({
      status: 400,
      body: { error: 'level-not-allowed', field: 'level' },
    })
    expect(await operator.post('/commands', { act: { ...act, point: 'nope/x' } })).toMatchObject({
      status: 404,
      body: { error: 'unknown-point' },
    })
  })
})

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Alarm } from '#api/models/live'
import type { PostCheck } from '#api/models/postChecks'
import { closePages, openBrowser, proves, signedIn } from '../harness/browser.ts'
import { type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

let stack: Stack
let browser: Browser
let manager: Person
beforeAll(async () => {
  stack = await startStack({ at: '2026-11-24T15:00:00+08:00', only: ['broker', 'console'] })
  browser = await openBrowser()
  manager = await signIn(stack.url, 'manager')
})
afterEach(() => closePages(browser))
afterAll(async () => {
  await browser?.close()
  await stack?.stop()
})

const checks = async () => (await manager.get<{ open: PostCheck | null; latest: PostCheck[] }>('/post-checks')).body

it('a check is asked for on a page, stands above every page of the station, also a locked one, and is answered in person', async () => {
  const station = await signedIn(browser, stack.url, 'operator')
  const above = await signedIn(browser, stack.url, 'manager')
  await above.goto(`${stack.url}/post-checks`)
  await above.click('[data-ask-post]')
  await station.waitForSelector('[data-post-check] >> text=/林峰 .* 查岗/')
  await station.goto(`${stack.url}/devices`)
  await station.waitForSelector('[data-post-check]')
  // It is the station's to answer: whoever has asked has no such bar, and may not.
  expect(await above.locator('[data-post-check]').count()).toBe(0)
  const id = (await checks()).open?.id
  expect(await manager.post(`/post-checks/${id}/answer`)).toMatchObject({ status: 403 })

  await station.keyboard.press('Alt+KeyL')
  await station.waitForSelector('[data-locked]')
  await station.waitForSelector('[data-post-check]')
  expect((await checks()).open).not.toBeNull()
  await station.click('[data-answer-check]')
  await proves(station, 'demo-operator')
  await until('the check to be answered', async () => (await checks()).open === null)
  expect((await checks()).latest[0]).toMatchObject({ askedBy: '林峰', answeredBy: '何敏', toldAt: null })
  await station.waitForSelector('[data-post-check]', { state: 'detached' })
  await above.waitForSelector('[data-check] >> text=何敏')
})

it('by the console itself, and told upwards with an alarm when nobody answers, until somebody does', async () => {
  const admin = await signIn(stack.url, 'admin')
  const set = (key: string, value: number | null) =>
    admin.call('PUT', `/settings/${key}`, { value, reason: '试验' }).then(r => expect(r.status).toBe(200))
  await set('post-check-within', 1)
  expect((await manager.post('/post-checks')).status).toBe(204)
  const { open } = await checks()
  expect((open?.dueAt ?? 0) - (open?.askedAt ?? 0)).toBe(60_000)
  const alarm = async () => (await manager.get<Alarm[]>('/alarms')).body.find(a => a.key === 'post-check')
  const raised = await until('the alarm', async () => (await alarm()) ?? false, 90_000)
  expect(raised).toMatchObject({ level: 2, returnedAt: null })
  expect((await checks()).open?.toldAt).not.toBeNull()
  const guard = await signIn(stack.url, 'guard')
  expect((await guard.post(`/post-checks/${open?.id}/answer`)).status).toBe(204)
  await until('the alarm to return', async () => (await alarm())?.returnedAt !== null)
})

it('a person makes a secret address of his agenda, which a calendar program reads and a new one ends', async () => {
  const page = await signedIn(browser, stack.url, 'engineer')
  await page.goto(`${stack.url}/password`)
  await page.click('[data-make-address]')
  const shown = async () => ((await page.locator('[data-address]').textContent()) ?? '').trim()
  await page.waitForSelector('[data-address]')
  const address = await shown()
  const read = async (url: string) =>
    fetch(url).then(async r => ({ status: r.status, type: r.headers.get('content-type'), text: await r.text() }))
  const file = await read(address)
  expect(file).toMatchObject({ status: 200 })
  expect(file.type).toContain('text/calendar')
  expect(file.text).toContain('BEGIN:VCALENDAR')
  await page.click('[data-make-address]')
  await until('another address', async () => (await shown()) !== address)
  expect((await read(address)).status).toBe(404)
  await page.click('[data-address-off]')
  await page.waitForSelector('[data-agenda=off]')
})

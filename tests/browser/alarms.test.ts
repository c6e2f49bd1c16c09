import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Alarm } from '#api/models/live'
import { closePages, openBrowser, signedIn } from '../harness/browser.ts'
import { fieldVoice } from '../harness/fieldVoice.ts'
import { type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

const start = Date.parse('2026-11-24T15:00:00+08:00')
let stack: Stack
let browser: Browser
let field: Awaited<ReturnType<typeof fieldVoice>>
let api: Person
beforeAll(async () => {
  stack = await startStack({ at: new Date(start).toISOString(), only: ['broker', 'console'] })
  browser = await openBrowser()
  field = await fieldVoice(stack)
  await field.online()
  api = await signIn(stack.url, 'operator')
  // Raised by the console itself in its first seconds.
  await until('the alarm of the calendar', async () => (await api.get<Alarm[]>('/alarms')).body.length > 0)
})
afterEach(() => closePages(browser))
afterAll(async () => {
  await field?.end()
  await browser?.close()
  await stack?.stop()
})

const raise = (key: string, level: Alarm['level'] = 4) =>
  field.raise({ key, level, kind: level === 1 ? 'fire' : 'equipment', place: 'f12-w' }, stack.now())
const acknowledged = async (keys: readonly string[]) =>
  (await api.get<Alarm[]>('/alarms')).body.filter(a => a.ackedAt !== null && keys.includes(a.key)).length
/** The keys of the rows that are drawn, from the top. */
const shown = (page: Page) => page.locator('tr[data-alarm]').evaluateAll(all => all.map(r => r.getAttribute('data-alarm')))
const chosen = (page: Page) => page.getAttribute('tr[aria-selected=true]', 'data-alarm')
const lookAt = async (page: Page) => {
  await page.goto(`${stack.url}/alarms`)
  await page.waitForSelector('tr.pick')
  // One by one, also where it is a flood.
  if ((await page.locator('[data-by-root=true]').count()) > 0) {
    await page.click('[data-by-root]')
    await page.waitForSelector('[data-by-root=false]')
  }
}

it('J A, three times, and A, three times more, acknowledge six alarms while new ones come, and no row moves', async () => {
  const keys = ['a', 'b', 'c', 'd', 'e', 'f']
  for (const key of keys) await raise(key)
  const page = await signedIn(browser, stack.url, 'operator', { width: 1366, height: 768 })
  await lookAt(page)
  await page.waitForSelector('[data-alarm=f]')
  const before = await shown(page)
  expect(before).toEqual([...keys.toReversed(), 'calendar/2027'])
  for (let i = 0; i < 3; i++) {
    await page.keyboard.press('j')
    await raise(`new-${i}`, 3)
    await page.keyboard.press('a')
  }
  await until('three of them to be acknowledged', async () => (await acknowledged(keys)) === 3)
  await page.waitForSelector('[data-waiting="3"]')
  expect(await shown(page)).toEqual(before)
  // The selection went on to the next by itself.
  expect(await chosen(page)).toBe('c')
  for (let i = 0; i < 3; i++) await page.keyboard.press('a')
  await until('all six to be acknowledged', async () => (await acknowledged(keys)) === 6)
  expect(await shown(page)).toEqual(before)
  // What is over stays in its place as well.
  const over = (await api.get<Alarm[]>('/alarms')).body.find(a => a.key === 'e')
  await field.returned(over?.id ?? '', stack.now())
  await page.waitForSelector('tr.gone[data-alarm=e]')

  // Danger is in the bar at once, and among what waits.
  await raise('danger', 1)
  await page.waitForSelector('.lead.fire >> text=报警 danger')
  await page.waitForSelector('[data-waiting="4"] >> text=4 条新报警')
  expect(await shown(page)).toEqual(before)
  await page.keyboard.press('r')
  await page.waitForSelector('tr[data-alarm=danger]')
  expect((await shown(page)).slice(0, 4)).toEqual(['danger', 'new-2', 'new-1', 'new-0'])
  expect(await page.locator('[data-waiting]').count()).toBe(0)
})

it('a key that is held down acknowledges one alarm, and a refusal names its alarm', async () => {
  for (const key of ['held-1', 'held-2', 'held-3']) await raise(key, 3)
  const page = await signedIn(browser, stack.url, 'operator')
  await lookAt(page)
  await page.click('[data-alarm=held-3]')
  for (let i = 0; i < 5; i++) await page.keyboard.down('a')
  await page.keyboard.up('a')
  await until('one of them', async () => (await acknowledged(['held-1', 'held-2', 'held-3'])) === 1)
  await page.waitForSelector('tr.acked[data-alarm=held-3]')
  expect(await chosen(page)).toBe('held-2')

  // Acknowledged by somebody else, of which this screen hears too late.
  await page.route('**/api/alarms/*/ack', route => route.fulfill({ status: 409, json: { error: 'already-acked' } }))
  await page.keyboard.press('a')
  await page.waitForSelector('[role=alert] >> text=报警 held-2')
  await page.waitForSelector('tr.active[data-alarm=held-2]')
})

it('of 1,500 alarms only the rows in sight are drawn, each is reached by key, and how each stands can be read at 1366 px', async () => {
  const many = Array.from({ length: 1500 }, (_, i) =>
    field.factOf({ key: `many-${String(i).padStart(4, '0')}`, level: 4, kind: 'equipment', place: 'f12-w' }, stack.now() + i),
  )
  await field.standing(many)
  const page = await signedIn(browser, stack.url, 'operator', { width: 1366, height: 768, language: 'en' })
  await lookAt(page)
  await page.waitForSelector('table[aria-rowcount="1501"], table[aria-rowcount="1502"], tr[data-alarm=many-1499]')
  await until('all of them', async () => Number(await page.getAttribute('table', 'aria-rowcount')) > 1500)
  expect(await page.locator('tr[data-alarm]').count()).toBeLessThan(60)
  for (let i = 0; i < 40; i++) await page.keyboard.press('j')
  const row = page.locator('tr[aria-selected=true]')
  const box = await row.boundingBox()
  expect(box && box.y > 0 && box.y + box.height <= 768).toBe(true)
  expect(Number(await row.getAttribute('aria-rowindex'))).toBe(41)
  // One that returns says so in two lines, and no row is higher than another: the sight is reckoned by that.
  const key = await row.getAttribute('data-alarm')
  await field.standing(many.filter(a => a.key !== key))
  await page.waitForSelector('tr.returned[aria-selected=true]')
  const heights = await page.locator('tr[data-alarm]').evaluateAll(all => all.map(r => r.getBoundingClientRect().height))
  expect([...new Set(heights)]).toEqual([42])
  // Nothing of these two cells is cut off.
  for (const cell of ['state', 'owner']) {
    const cut = await page
      .locator(`tr[data-alarm] td.${cell}, tr[data-alarm] td.${cell} > *`)
      .evaluateAll(all => all.filter(c => c.scrollWidth > c.clientWidth || c.scrollHeight > c.clientHeight).length)
    expect(cut, cell).toBe(0)
  }
  expect(await page.locator('tr.active td.state').first().textContent()).toBe('unacknowledged')
  const edge = await page.locator('th.owner').boundingBox()
  expect((edge?.x ?? 9999) + (edge?.width ?? 0)).toBeLessThanOrEqual(1366)
})

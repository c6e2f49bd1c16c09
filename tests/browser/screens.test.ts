import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { readSheet } from 'read-excel-file/node'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { openConnection } from '#store/sqlite'
import { closePages, openBrowser, openPage, signedIn } from '../harness/browser.ts'
import { signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'

/** What is in sight at the two smallest screens, by what people read there. */
const small = { width: 1366, height: 768 }
const phone = { width: 390, height: 844 }
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

/** Elements below that are cut off, or wider than what shows them. */
const clipped = (page: Page, selector: string): Promise<string[]> =>
  page.locator(selector).evaluateAll(all =>
    (
      all as {
        textContent: string
        scrollWidth: number
        clientWidth: number
        getBoundingClientRect(): { left: number; right: number; width: number }
      }[]
    )
      .filter(e => {
        const r = e.getBoundingClientRect()
        return e.scrollWidth > e.clientWidth + 1 || r.width < 24 || r.left < 0 || r.right > 391
      })
      .map(e => e.textContent.trim()),
  )
const inSight = async (page: Page, selector: string, width: number) => {
  const box = await page.locator(selector).first().boundingBox()
  expect(box, selector).not.toBeNull()
  expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= width, `${selector} ${JSON.stringify(box)}`).toBe(true)
}

it('Excel, CSV and print are in sight at 1366 and at 390, and give the same rows in the language of the screen', async () => {
  const desk = await signIn(stack.url, 'frontdesk')
  const wrote = await desk.post('/registers/phone-record/entries', { form: { phone: '138 0000 2001', matter: '问加班空调' } })
  expect(wrote.status).toBe(200)
  for (const [language, look] of [
    ['zh', small],
    ['en', phone],
    ['en', small],
    ['zh', phone],
  ] as const) {
    const page = await signedIn(browser, stack.url, 'supervisor', { language, ...look })
    for (const path of ['/registers/phone-record', '/repair']) {
      await openPage(page, path)
      await page.waitForSelector('[data-export]')
      for (const kind of ['csv', 'xlsx']) await inSight(page, `[data-export="${kind}"]`, look.width)
    }
    await openPage(page, '/registers/phone-record')
    await page.waitForSelector('[data-entry]')
    await inSight(page, '[data-print]', look.width)
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-export="csv"]')])
    const csv = await readFile(await download.path(), 'utf8')
    expect(csv.split('\r\n')[0]).toContain(language === 'zh' ? '来电内容' : 'What the call is about')
    expect(csv).toContain('问加班空调')
    await page.context().close()
  }
  const sheet = (kind: string) =>
    fetch(`${stack.url}/api/registers/phone-record/sheet.${kind}?month=2026-11`, { headers: { cookie: desk.cookie } })
  const csv = (await (await sheet('csv')).text()).replace('\uFEFF', '').trim().split('\r\n')
  const file = await sheet('xlsx')
  expect([file.status, file.headers.get('content-type')]).toEqual([200, expect.stringContaining('spreadsheetml')])
  const [title, columns, ...rows] = (await readSheet(Buffer.from(await file.arrayBuffer()))).filter(r => r.some(c => c !== null))
  expect(title?.[0]).toContain('电话')
  expect(columns?.join()).toBe(csv[0]?.replaceAll('"', ''))
  expect(rows.map(r => r.includes('问加班空调'))).toEqual([true])
  expect(rows).toHaveLength(csv.length - 1)
})

it('a date is yyyy-mm-dd in both languages, typed or picked by keyboard, and what is none keeps the form from being sent', async () => {
  for (const language of ['zh', 'en'] as const) {
    const page = await signedIn(browser, stack.url, 'supervisor', { language, ...small })
    await openPage(page, '/registers/phone-record')
    await openPage(page, '/charges')
    expect(await page.inputValue('input[name=month]')).toBe('2026-11')
    await openPage(page, '/repair')
    await page.click('[data-create]')
    const field = page.locator('input[name=appointment]')
    await field.fill('20261124 1930')
    await field.blur()
    expect(await field.inputValue()).toBe('2026-11-24 19:30')
    await field.press('ArrowUp')
    expect(await field.inputValue()).toBe('2026-11-25 19:30')
    await field.press('Alt+ArrowDown')
    await page.waitForSelector('[data-day="2026-11-25"]:focus')
    await page.keyboard.press('ArrowDown')
    await page.waitForSelector('[data-day="2026-12-02"]:focus')
    await page.keyboard.press('Enter')
    expect(await field.inputValue()).toBe('2026-12-02 19:30')
    await field.fill('2026-02-30 10:00')
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    expect(await field.evaluate(e => (e as unknown as { checkValidity(): boolean }).checkValidity())).toBe(false)
    expect(await page.locator('input[type=date], input[type=datetime-local], input[type=month]').count()).toBe(0)
    await page.context().close()
  }
})

it('technical names, addresses and raw registers are for engineers', async () => {
  for (const [user, technical] of [
    ['operator', 0],
    ['engineer', 3],
  ] as const) {
    const page = await signedIn(browser, stack.url, user, small)
    await openPage(page, '/devices')
    await page.waitForSelector('tbody tr.pick')
    expect(await page.locator('tbody tr.pick >> nth=0').locator('.mono').count()).toBe(technical)
    await openPage(page, '/devices/ahu-3')
    await page.waitForSelector('[data-point="sat"][data-quality="good"]')
    expect(await page.locator('[data-point="sat"] .mono').count()).toBe(technical === 0 ? 0 : 2)
    expect((await page.locator('main').textContent())?.includes('ahu')).toBe(technical > 0)
    await page.context().close()
  }
})

it('while a fire stands that has no ticket yet, the page says so, and not that there is nothing', async () => {
  const page = await signedIn(browser, stack.url, 'supervisor', small)
  await openPage(page, '/emergency')
  await page.waitForSelector('text=没有进行中的应急单')
  // Another program has the books, so no ticket can be opened.
  const other = await openConnection(join(stack.data, 'console', 'books.db'))
  await other.exec('begin immediate')
  try {
    await stack.sim('POST', '/scenarios/fire-floor-12?followAfterS=1')
    await page.waitForSelector('[data-standing] >> text=12F 东感烟 3 火警')
    await page.waitForSelector('[data-standing] >> text=尚未入库')
    expect(await page.locator('text="没有进行中的应急单"').count()).toBe(0)
    await page.click('[data-open-for] >> nth=0')
    await page.waitForSelector('details[open] select[name=kind]')
    expect(await page.inputValue('select[name=kind]')).toBe('fire')
    expect(await page.inputValue('input[name=what]')).toContain('火警')
  } finally {
    await other.exec('rollback')
    await other.close()
  }
  await page.waitForSelector('[data-standing]', { state: 'detached' })
})

it('on a phone the plant can be read, and the bar has the alarm’s words and its buttons', async () => {
  const page = await signedIn(browser, stack.url, 'supervisor', phone)
  await openPage(page, '/overview')
  await page.waitForSelector('.plant .pl')
  expect(await clipped(page, '.plant .pl, .plant .pl > *, .gates button, .gates b')).toEqual([])
  expect(await clipped(page, '.ahu, .ahu > b, .ahu dd:not(:first-of-type), .ahu .aw')).toEqual([])
  await page.waitForSelector('.bar .lead button.solid')
  await page.waitForSelector('.bar .lead:has-text("火警")')
  await inSight(page, '.bar .lead > b', 390)
  // Also what came while the line was cut.
  expect(await clipped(page, '.bar .lead > b, .bar .lead .btn')).toEqual([])
  for (const button of ['.bar .lead button.solid', '.bar .lead a.btn']) await inSight(page, button, 390)
  expect((await page.locator('.bar .lead button.solid').boundingBox())?.height).toBeGreaterThanOrEqual(40)
})

it('a page that is loaded while nothing answers says so, asks for no password, and goes on by itself', async () => {
  const page = await signedIn(browser, stack.url, 'operator')
  let answers = false
  await page.route('**/api/procedures', route => (answers ? route.continue() : route.fulfill({ status: 503, body: '{}' })))
  await page.reload()
  await page.waitForSelector('[role=alert]:has-text("服务器没有回答")')
  expect(await page.locator('input[name=password]').count()).toBe(0)
  answers = true
  await page.waitForSelector('.frame')
})

it('a list that had no answer is asked for again by itself, and what nobody looks at any more is not', async () => {
  const page = await signedIn(browser, stack.url, 'admin')
  let answers = false
  let asked = 0
  await page.route('**/api/audit?*', route => {
    asked++
    return answers ? route.continue() : route.abort()
  })
  await openPage(page, '/audit')
  await page.waitForSelector('main .wrong:has-text("没有连上")')
  answers = true
  await page.waitForSelector('[data-audit]')
  expect(await page.locator('main .wrong').textContent()).toBe('')
  answers = false
  await openPage(page, '/password')
  await openPage(page, '/audit')
  await page.waitForSelector('main .wrong:has-text("没有连上")')
  await openPage(page, '/password')
  await page.waitForSelector('input[name=old]')
  const before = asked
  // Longer than the page waits before it asks again.
  await page.waitForTimeout(6000)
  expect(asked).toBe(before)
})

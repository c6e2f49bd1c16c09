import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { CaseFull, CaseHead } from '#api/models/cases'
import type { Notice } from '#api/models/duties'
import type { Alarm } from '#api/models/live'
import { textIn } from '#api/words/text'
import { closePages, openBrowser, openPage, proves, signedIn } from '../harness/browser.ts'
import { fieldVoice } from '../harness/fieldVoice.ts'
import { type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

let stack: Stack
let browser: Browser
let field: Awaited<ReturnType<typeof fieldVoice>>
let api: Person
beforeAll(async () => {
  stack = await startStack({ at: '2026-11-24T15:00:00+08:00', only: ['broker', 'console'] })
  browser = await openBrowser()
  field = await fieldVoice(stack)
  await field.online()
  api = await signIn(stack.url, 'operator')
})
afterEach(() => closePages(browser))
afterAll(async () => {
  await field?.end()
  await browser?.close()
  await stack?.stop()
})

const open = async () => (await api.get<Alarm[]>('/alarms')).body
const unacked = async () => (await open()).filter(a => a.ackedAt === null).length
const seen = async (page: Page) => Number(await page.getAttribute('[data-seen]', 'data-seen'))

it('what is shelved goes over to the next shift by name, reason and end, and calls whoever has it then', async () => {
  await field.raise({ key: 'pump', level: 4, kind: 'advisory', place: 'f5-w' }, stack.now())
  const page = await signedIn(browser, stack.url, 'operator')
  await openPage(page, '/alarms')
  await page.click('tr[data-alarm=pump]')
  await page.keyboard.press('s')
  await page.click('[data-set-aside] >> text=/^4 h$/')
  await page.fill('[data-set-aside] input[name=why]', '件已订，今晚到')
  await page.keyboard.press('Enter')
  await page.waitForSelector('tr.shelved[data-alarm=pump]')

  await openPage(page, '/handover')
  await page.click('[data-create]')
  await page.selectOption('select[name=shift]', 'day')
  await page.fill('input[name=incoming]', '赵磊')
  await page.click('form button[type=submit]')
  await page.waitForSelector('[data-handover="preparing"]')
  await page.waitForSelector('[data-item] >> text=/pump.* 搁置至 11-24 19:00.*何敏.*件已订，今晚到/')
  const [head] = (await api.get<CaseHead[]>('/cases?procedure=handover&open=true')).body
  const file = (await api.get<CaseFull>(`/cases/${head?.id}`)).body
  for (const i of file.items.filter(x => x.needsRemark && !x.over)) {
    await page.fill(`[data-remark="${i.n}"]`, '待跟进')
    await page.keyboard.press('Enter')
    const said = async () => (await api.get<CaseFull>(`/cases/${file.id}`)).body.items.find(x => x.n === i.n)?.remark
    await until('the remark', async () => (await said()) === '待跟进')
  }
  await page.click('[data-verb="ready"]')
  await page.click('[data-act] button[type=submit]')
  await proves(page, 'demo-operator')
  await page.waitForSelector('[data-handover="ready"]')
  await page.click('[data-verb="state-fit"]')
  await page.selectOption('[data-act] select[name=fit]', 'clear')
  await page.click('[data-act] button[type=submit]')
  const next = await signedIn(browser, stack.url, 'guard')
  await openPage(next, `/handover/${file.id}`)
  for (const i of file.items.filter(x => !x.over)) {
    await next.click(`[data-check="${i.n}"]`)
    await next.waitForSelector(`[data-check="${i.n}"]`, { state: 'detached' })
  }
  await next.click('[data-verb="take-over"]')
  await next.click('[data-act] button[type=submit]')
  await proves(next, 'demo-guard')
  await next.waitForSelector('[data-handover="signed"]')

  // Whoever has set it aside has gone home; at its end it calls at the next one's station.
  await page.close()
  await openPage(next, '/alarms')
  await next.click('[data-tab=aside]')
  await next.waitForSelector('tr.shelved[data-alarm=pump]')
  stack.setClock(Date.parse('2026-11-24T18:52:00+08:00'))
  await until('the reminder', async () =>
    (await api.get<Notice[]>('/notices')).body.some(n => n.kind === 'ends-soon' && textIn('zh', n.text).includes('19:00')),
  )
  stack.setClock(Date.parse('2026-11-24T19:00:01+08:00'))
  await next.click('[data-tab=standing]')
  await next.waitForSelector('tr.active[data-alarm=pump]')
  expect((await open()).find(a => a.key === 'pump')).toMatchObject({ suppressed: null, ackedAt: null, rings: 2 })
})

it('shelving: S, a reason, and it is silent in its own list until it is given back and calls anew', async () => {
  await field.raise({ key: 'filter', level: 4, kind: 'advisory', place: 'f12-w' }, stack.now())
  await field.raise({ key: 'danger', level: 1, kind: 'fire', place: 'f12-w' }, stack.now())
  const page = await signedIn(browser, stack.url, 'operator', { width: 1366, height: 768 })
  await page.goto(`${stack.url}/alarms`)
  await page.click('tr[data-alarm=danger]')
  await page.keyboard.press('s')
  expect(await page.locator('[data-set-aside]').count()).toBe(0)
  await page.waitForSelector('text=1 级不能搁置')
  await page.click('tr[data-alarm=filter]')
  await page.keyboard.press('s')
  await page.fill('[data-set-aside] input[name=why]', '已约厂家，明早到')
  await page.keyboard.press('Enter')
  await page.waitForSelector('tr.shelved[data-alarm=filter] >> text=搁置')
  await page.click('[data-tab=aside]')
  await page.click('tr[data-alarm=filter]')
  await page.waitForSelector('dd >> text=已约厂家，明早到')
  const [shelved] = (await open()).filter(a => a.key === 'filter')
  expect(shelved?.suppressed).toMatchObject({ kind: 'shelved', why: '已约厂家，明早到' })
  await page.click('[data-give-back]')
  await until('it to be back and unacknowledged', async () => {
    const now = (await open()).find(a => a.key === 'filter')
    return now?.suppressed === null && now.ackedAt === null && now.rings === 2
  })
  await page.click('[data-tab=standing]')
  await page.waitForSelector('tr.active[data-alarm=filter]')
})

it('a flood stands by its roots with level 1 on top; what was seen is acknowledged together, level 1 and what was not seen never', async () => {
  const page = await signedIn(browser, stack.url, 'operator')
  const at = stack.now()
  const lost = Array.from({ length: 60 }, (_, i) => ({
    ...field.factOf({ key: `ahu-1/part-${i}`, level: 3, kind: 'link', place: 'f12-w' }, at + 10 + i),
    device: 'ahu-1',
  }))
  const bus = {
    ...field.factOf({ key: 'link/bus-hvac', level: 3, kind: 'link', place: null }, at),
    name: { zh: '空调总线 通信中断', en: 'bus' },
  }
  await field.standing([bus, ...lost])
  await page.goto(`${stack.url}/alarms`)
  await page.waitForSelector('[data-flood]')
  const group = page.locator('[data-group="bus/bus-hvac"]')
  await group.waitFor()
  expect(await page.locator('.pinned [data-alarm=danger]').count()).toBe(1)
  // Folded away they have not been seen.
  expect(await page.locator('tr[data-alarm^="ahu-1"]').count()).toBe(0)
  await group.locator('.fold').click()
  await page.waitForSelector('tr[data-alarm^="ahu-1"]')
  expect(await page.locator('tr[data-alarm^="ahu-1"]').count()).toBeLessThan(60)
  await until('all of the group to be seen', async () => (await seen(page)) >= 61)
  // One that comes now is not, until it has been on the screen.
  const before = await unacked()
  await page.keyboard.press('Shift+A')
  await until('what was seen to be acknowledged', async () => (await unacked()) <= before - 61)
  const left = (await open()).filter(a => a.ackedAt === null).map(a => a.key)
  expect(left).toContain('danger')
  expect((await open()).filter(a => a.key.startsWith('ahu-1') && a.ackedAt === null)).toEqual([])
  // At rest the list asks for nothing.
  await page.click('[data-by-root]')
  await page.waitForSelector('table[aria-rowcount]')
  expect(await page.locator('[data-flood]').count()).toBe(0)
})

it('a flood stays where it is scrolled to while alarms come, and one by one shows those that stand then', async () => {
  const at = stack.now()
  const many = Array.from({ length: 80 }, (_, i) =>
    field.factOf({ key: `many-${i}`, level: 4, kind: 'advisory', place: 'f12-w' }, at + i),
  )
  await field.standing(many)
  const page = await signedIn(browser, stack.url, 'operator', { width: 1366, height: 768 })
  await page.goto(`${stack.url}/alarms`)
  await page.waitForSelector('[data-flood]')
  await page.waitForSelector('tr[data-alarm^=many]')
  await page.locator('tr[data-alarm^=many]').first().click()
  const list = page.locator('.list')
  const total = async () => Number(await page.getAttribute('main table', 'aria-rowcount'))
  const before = await total()
  await list.evaluate(box => box.scrollTo(0, 1500))
  for (let i = 0; i < 3; i++) await field.raise({ key: `late-${i}`, level: 4, kind: 'advisory', place: 'f12-w' }, stack.now())
  await until('those that come', async () => (await total()) >= before + 3)
  expect(await list.evaluate(box => box.scrollTop)).toBe(1500)
  await page.click('[data-by-root]')
  await page.waitForSelector('tr[data-alarm=late-2]')
  expect(await page.locator('[data-waiting]').count()).toBe(0)
})

it('of a hundred dangers to life on top those in sight are drawn, and each is reached by scrolling', async () => {
  const at = stack.now()
  const many = Array.from({ length: 100 }, (_, i) =>
    field.factOf({ key: `danger-${i}`, level: 1, kind: 'fire', place: 'f12-w' }, at + i),
  )
  await field.standing(many)
  const page = await signedIn(browser, stack.url, 'operator', { width: 1366, height: 768 })
  await page.goto(`${stack.url}/alarms`)
  // The newest is on top.
  await page.waitForSelector('.pinned [data-alarm=danger-99]')
  const rows = page.locator('.pinned li')
  expect(await rows.count()).toBeLessThan(40)
  expect(Number(await rows.first().getAttribute('aria-setsize'))).toBeGreaterThanOrEqual(100)
  await page.locator('.pinned .rows').evaluate(box => box.scrollTo(0, box.scrollHeight))
  await page.waitForSelector('.pinned [data-alarm=danger-0]')
  expect(await rows.count()).toBeLessThan(40)
})

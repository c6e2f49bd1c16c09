import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CaseFull } from '#api/models/cases'
import type { MonthView } from '#api/models/months'
import type { RegisterEntry } from '#api/models/registers'
import { openBrowser, openPage, proves, signedIn } from '../harness/browser.ts'
import { type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

/** Moving out, a key, a lift and a month, as people do them on their screens. */
const start = Date.parse('2026-11-30T10:00:00+08:00')
const hour = 3_600_000
const laptop = { width: 1366, height: 768 }
const photo = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
)
let stack: Stack
let browser: Browser
let api: Person
let desk: Page
beforeAll(async () => {
  stack = await startStack({ at: new Date(start).toISOString(), only: ['broker', 'console'] })
  browser = await openBrowser()
  api = await signIn(stack.url, 'supervisor')
  desk = await signedIn(browser, stack.url, 'frontdesk', laptop)
})
afterAll(async () => {
  await browser?.close()
  await stack?.stop()
})
const file = async (id: string) => (await api.get<CaseFull>(`/cases/${id}`)).body
/** Takes a step of a row, with what it asks for. */
const take = async (page: Page, list: string, line: number, verb: string, said: Record<string, string> = {}) => {
  await page.click(`[data-lines=${list}] [data-line="${line}"] [data-line-verb=${verb}]`)
  for (const [name, value] of Object.entries(said)) await page.fill(`[data-line-form] [name=${name}]`, value)
  if (Object.keys(said).length > 0) await page.click('[data-line-form] button[type=submit]')
}

it('who moves out signs first, three departments clear it side by side on their own screens, then it is over and on paper', async () => {
  await openPage(desk, '/move-out')
  await desk.click('[data-create]')
  const form = desk.locator('form[data-procedure="move-out"]')
  await form.locator('[name=address]').selectOption('f6-w')
  for (const [name, value] of [
    ['company', '明川律师事务所'],
    ['contact', '周岚'],
    ['phone', '138'],
    ['leaseEnds', '2026-12-31'],
    ['leaves', '2026-12-05'],
  ] as const)
    await form.locator(`input[name=${name}]`).fill(value)
  await form.locator('button[type=submit]').click()
  // Two weeks ahead, says the manual; the form says so beside the field.
  await desk.waitForSelector('.wrong >> text=退租日期太近')
  await form.locator('input[name=leaves]').fill('2026-12-25')
  await form.locator('button[type=submit]').click()
  await desk.waitForSelector('[data-case=filled] [data-lines=commitments]')
  const id = new URL(desk.url()).pathname.split('/').at(-1) ?? ''
  expect(await desk.locator('[data-verb=begin]').isDisabled()).toBe(true)
  await desk.waitForSelector('.say >> text=业主书面承诺 0/2')
  for (const n of [1, 2]) await take(desk, 'commitments', n, 'sign', { signature: '业主' })
  await desk.click('[data-verb=begin]:enabled')
  await desk.waitForSelector('[data-case=clearing]')
  for (const [user, n] of [
    ['finance', 1],
    ['engineer', 2],
    ['guard', 3],
  ] as const) {
    const page = await signedIn(browser, stack.url, user, user === 'engineer' ? { width: 390, height: 844 } : laptop)
    await openPage(page, `/move-out/${id}`)
    // His own department's row alone.
    await page.waitForSelector('[data-line-verb=clear]')
    expect(await page.locator('[data-line-verb=clear]').count()).toBe(1)
    await take(page, 'clearances', n, 'clear')
    await page.waitForSelector(`[data-line="${n}"][data-line-state=cleared]`)
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    await page.context().close()
  }
  await desk.waitForSelector('[data-lines=clearances] [data-settled] >> text=3 / 3')
  await desk.click('[data-verb=leave]')
  await desk.fill('[data-act=leave] input[name=keys]', '2 把')
  await desk.click('[data-act=leave] button[type=submit]')
  await until('it to be over', async () => (await file(id)).state === 'left')
  await openPage(desk, `/form/${id}`)
  await desk.waitForSelector('[data-paper-lines=clearances] >> text=赵磊')
})

it('a key is lent once, and taken back with one tick', async () => {
  await openPage(desk, '/registers/key-register')
  const lend = async (card: string) => {
    await desk.click('[data-create]')
    const form = desk.locator('form[data-register="key-register"]')
    await form.locator('select[name=key]').selectOption({ label: '设-01 B1 冷站' })
    for (const [name, value] of [
      ['contact', '周强'],
      ['department', '工程部'],
      ['card', card],
    ] as const)
      await form.locator(`input[name=${name}]`).fill(value)
    await form.locator('textarea[name=work]').fill('检修')
    await form.locator('input[name=due]').fill('2026-11-30 15:00')
    await form.locator('button[type=submit]').click()
  }
  await lend('1')
  await desk.waitForSelector('[data-entry][data-open=true]')
  await lend('2')
  await desk.waitForSelector('.wrong >> text=尚未归还')
  await desk.click('form[data-register="key-register"] button:has-text("不存")')
  await desk.check('[data-choose]')
  await desk.selectOption('[data-closing] [name=outcome]', 'returned')
  await desk.click('[data-closing] button[type=submit]')
  await desk.waitForSelector('[data-entry][data-open=false]')
  const entries = (await api.get<RegisterEntry[]>('/registers/key-register/entries')).body
  expect(entries.map(e => [e.closedBy, e.closing['signature']])).toEqual([['李娜', '李娜']])
})

it('a lift that is taken is refused by name, and engineering confirms the time', async () => {
  const form = { what: 'goods', address: 'f7-e', contact: '陈立', phone: '138', cargo: '复印机', lift: 'lift-goods-1' }
  const times = { from: start + 27 * hour, to: start + 28 * hour }
  const first = (await api.post<CaseFull>('/cases', { procedure: 'goods-lift', form: { ...form, ...times } })).body
  const clash = await api.post('/cases', { procedure: 'goods-lift', form: { ...form, ...times, cargo: '文件柜' } })
  expect(clash).toMatchObject({ status: 409, body: { error: 'reserved-already', detail: { number: first.number } } })
  const engineer = await signedIn(browser, stack.url, 'engineer', laptop)
  await openPage(engineer, `/goods-lift/${first.id}`)
  await engineer.click('[data-verb=agree]')
  await engineer.click('[data-act=agree] button[type=submit]')
  await engineer.waitForSelector('[data-case=agreed]')
  await engineer.context().close()
  // The same day's timeline has it beneath the zones.
  await openPage(desk, '/overtime')
  await desk.click('button[aria-label="后一天"]')
  const bar = desk.locator(`[data-resource="lift-goods-1"] [data-number="${first.number}"]`)
  expect(await bar.textContent()).toContain('时间已定')
  await bar.click()
  await desk.waitForSelector('[data-case=agreed]')
})

it('a procedure is counted by its own form, and each number opens its records', async () => {
  const form = { address: 'f7-e', content: '门锁', contact: '陈立', phone: '138', kind: 'repair' }
  const file = (await api.post<CaseFull>('/cases', { procedure: 'repair', form })).body
  await openPage(desk, '/repair')
  await desk.click('[data-figures-tab]')
  const side = desk.locator('[data-figures-by="form.kind"]')
  await side.locator('[data-figure=repair]').click()
  await side.locator(`[data-behind] a:text-is("${file.number}")`).click()
  await desk.waitForSelector('[data-case=sent]')
  const n = Number(await side.locator('[data-figure=repair]').textContent())
  const all = (await api.get<CaseFull[]>('/cases?procedure=repair')).body.filter(c => c.form['kind'] === 'repair')
  expect(n).toBe(all.length)
})

it('a month is checked and handed to Finance, and what comes afterwards is said to go into the next', async () => {
  const serve = async (priceFen: number) => {
    const wish = { address: 'f12-e', contact: '张伟', phone: '138', wishes: '地毯清洗' }
    const { id } = (await api.post<CaseFull>('/cases', { procedure: 'special-cleaning', form: wish })).body
    await api.post(`/cases/${id}/acts/agree`, { when: start, priceFen })
    await api.post(`/cases/${id}/acts/serve`, {})
    expect(await api.post(`/cases/${id}/acts/sign`, { satisfied: 'good', signature: '张伟' })).toMatchObject({ status: 200 })
  }
  await serve(35_000)
  const head = await signedIn(browser, stack.url, 'supervisor', laptop)
  await openPage(head, '/charges')
  await head.waitForSelector('[data-total] >> text=¥350.00')
  await head.waitForSelector('text=叁佰伍拾元整')
  await head.click('[data-month-verb=check]')
  await proves(head, 'demo-supervisor')
  await head.waitForSelector('[data-month=checked]')
  await openPage(desk, '/charges')
  await desk.click('[data-month-verb=hand]')
  await proves(desk, 'demo-frontdesk')
  await desk.waitForSelector('[data-month=handed]')
  await serve(9_900)
  await head.waitForSelector('[data-later] >> text=¥99.00')
  await head.waitForSelector('[data-total] >> text=¥350.00')
  const finance = await signedIn(browser, stack.url, 'finance', laptop)
  await openPage(finance, '/charges')
  for (const [verb, state] of [
    ['audit', 'audited'],
    ['lock', 'locked'],
  ] as const) {
    await finance.click(`[data-month-verb=${verb}]`)
    await proves(finance, 'demo-finance')
    await finance.waitForSelector(`[data-month=${state}]`)
  }
  expect((await api.get<MonthView>('/months/2026-11')).body).toMatchObject({
    state: 'locked',
    totalFen: 35_000,
    later: { fen: 9_900 },
  })
  const month = await api.get<MonthView>('/months/2026-12')
  expect(month.body.lines.map(l => [l.kind, l.fen])).toEqual([['carried', 9_900]])
})

it('a fee is found while the customer speaks, with how it is worked out; what is written now is found at once (R7)', async () => {
  const page = await signedIn(browser, stack.url, 'frontdesk', laptop)
  await openPage(page, '/call')
  await page.fill('input[name=price]', '超时')
  await page.waitForSelector('[data-price-item="超时空调"] >> text=¥120.00 / 区·小时')
  await page.waitForSelector('[data-price-item="超时空调"] >> text=按回读核实的运行时间计')
  // Also by a word of the explanation.
  await page.fill('input[name=price]', '提前二周')
  await page.waitForSelector('[data-price-item="退租"]')
  await page.fill('input[name=price]', '没有的事')
  await page.waitForSelector('text=没有这一项')
  const box = await page.locator('input[name=price]').boundingBox()
  expect((box?.y ?? 1000) + (box?.height ?? 0)).toBeLessThanOrEqual(768)
  await page.context().close()
})

it('an urgent repair is with engineering after one click and six keys beside the words, its button in sight, and a double is hinted at', async () => {
  const page = await signedIn(browser, stack.url, 'frontdesk', laptop)
  await page.click('a[href="/call"]')
  await page.waitForSelector('input[name=caller]:focus')
  await page.keyboard.type('2008')
  await page.waitForSelector('[data-caller="baiyu"]')
  await page.keyboard.press('Enter')
  await page.waitForSelector('[data-known="baiyu"]')
  await page.keyboard.press('r')
  // Where she speaks next.
  await page.waitForSelector('textarea[name=content]:focus')
  await page.keyboard.type('会议室漏水')
  await page.keyboard.press('Alt+KeyU')
  await page.waitForSelector('input[name=urgent]:checked')
  const box = await page.locator('form[data-procedure=repair] button[type=submit]').boundingBox()
  expect((box?.y ?? 1000) + (box?.height ?? 0)).toBeLessThanOrEqual(768)
  await page.keyboard.press('Control+Enter')
  await page.waitForSelector('[data-saved=repair]')
  const sent = async () =>
    (await api.get<CaseFull[]>('/cases?procedure=repair&open=true')).body.filter(c => c.form['content'] === '会议室漏水')
  expect(await sent()).toMatchObject([{ state: 'sent', urgent: true, department: 'engineering' }])
  // The next caller of the same place is told what is open there.
  await page.keyboard.press('r')
  await page.waitForSelector('textarea[name=content]:focus')
  await page.waitForSelector('[data-double] >> text=会议室漏水')
  await page.context().close()
})

it('what is still open goes over with what was said of it before, by one key each', async () => {
  const operator = await signIn(stack.url, 'operator')
  const open = async () =>
    (await operator.post<CaseFull>('/cases', { procedure: 'handover', form: { shift: 'day', incoming: '赵磊' } })).body
  for (const content of ['灯不亮', '门锁坏', '水龙头漏'])
    await api.post('/cases', {
      procedure: 'repair',
      form: { address: 'f9-w', content, contact: '苏晴', phone: '138', kind: 'repair' },
    })
  const first = await open()
  const owed = (c: CaseFull) => c.items.filter(i => i.needsRemark && !i.over && i.remark === null)
  expect(owed(first).length).toBeGreaterThanOrEqual(3)
  for (const i of owed(first)) await operator.post(`/cases/${first.id}/items/${i.n}/remark`, { remark: `等配件 ${i.n}` })
  await operator.post(`/cases/${first.id}/acts/call-off`, { reason: '改时间' })
  const second = await open()
  const page = await signedIn(browser, stack.url, 'operator', laptop)
  await openPage(page, `/handover/${second.id}`)
  const one = page.locator('[data-owed=true]').first()
  await one.focus()
  for (const k of owed(second).keys()) {
    // By itself the next one has the keys, once the page has the answer to the one before; and nothing is sent by a page that is not live.
    const ready = await page.waitForSelector('form:has(button[type=submit]:enabled) > [data-owed=true]:focus')
    const n = await ready.getAttribute('data-remark')
    await page.keyboard.press('Enter')
    await until('the remark', async () => {
      if (owed((await operator.get<CaseFull>(`/cases/${second.id}`)).body).length < owed(second).length - k) return true
      // Whoever is told that there was no answer presses again.
      const unanswered = (await page.locator('[data-handover] > .wrong:not(:empty)').count()) > 0
      if (unanswered) await page.press(`[data-remark="${n}"]`, 'Enter')
      return false
    })
  }
  const { items } = (await operator.get<CaseFull>(`/cases/${second.id}`)).body
  const said = (c: { items: CaseFull['items'] }) => c.items.filter(i => i.needsRemark).map(i => i.remark)
  expect(said({ items })).toEqual(said((await operator.get<CaseFull>(`/cases/${first.id}`)).body))
  await page.context().close()
})

it("on the engineer's phone one step is under the thumb, with customer, camera and what the devices say; what he began outlives the line", async () => {
  const form = { address: 'f18-e', content: '闷热', contact: '唐敏', phone: '139 0000 1812', kind: 'repair' }
  const { body: order } = await api.post<CaseFull>('/cases', { procedure: 'repair', form })
  const phone = await signedIn(browser, stack.url, 'engineer', { width: 390, height: 844 })
  await openPage(phone, `/repair/${order.id}`)
  await phone.waitForSelector('[data-place-now]')
  expect(await phone.getAttribute('[data-call]', 'href')).toBe('tel:13900001812')
  const inSight = () => phone.locator('[data-verb]').filter({ visible: true }).count()
  expect(await inSight()).toBe(1)
  const box = await phone.locator('[data-verb=accept]').boundingBox()
  expect([box && box.y + box.height <= 784, (box?.height ?? 0) >= 56]).toEqual([true, true])
  await phone.click('[data-verb=accept]')
  await phone.waitForSelector('[data-verb=arrive]')
  await phone.click('[data-more]')
  expect(await inSight()).toBeGreaterThan(3)
  await phone.click('[data-verb=need-parts]')
  await phone.fill('[data-act=need-parts] input[name=reason]', '缺密封圈')
  await phone.reload()
  await phone.waitForSelector('[data-verb=arrive]')
  await phone.click('[data-more]')
  await phone.click('[data-verb=need-parts]')
  expect(await phone.inputValue('[data-act=need-parts] input[name=reason]')).toBe('缺密封圈')
  await phone.click('[data-act=need-parts] button[type=submit]')
  await phone.waitForSelector('[data-case=waiting-parts]')
  expect(await phone.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  // In a cellar: the photo waits in the phone, outlives its page, and arrives once when there is a line again.
  const context = phone.context()
  await context.setOffline(true)
  await phone.setInputFiles(`#attach-${order.id}`, { name: '阀门.png', mimeType: 'image/png', buffer: photo })
  await phone.waitForSelector('[data-waiting=waits]')
  await phone.close()
  await context.setOffline(false)
  const again = await context.newPage()
  await again.goto(`${stack.url}/repair/${order.id}`)
  await again.waitForSelector('[data-attachment="image/png"]')
  await again.waitForSelector('[data-waiting]', { state: 'detached' })
  expect(await again.locator('[data-attachment]').count()).toBe(1)
  await again.setInputFiles(`#attach-${order.id}`, { name: '不是图.png', mimeType: 'image/png', buffer: Buffer.from('text') })
  await again.waitForSelector('[data-waiting=refused]')
  await again.click('[data-waiting=refused] button')
  await again.waitForSelector('[data-waiting]', { state: 'detached' })
  await context.close()
  // Who promised it to the customer asks again.
  expect((await api.post<CaseFull>(`/cases/${order.id}/acts/urge`, {})).status).toBe(200)
})

it('a door reports with a photo and shows nothing; a contact follows his own matter by his link, and says how he found it', async () => {
  const page = await signedIn(browser, stack.url, 'supervisor', laptop)
  await openPage(page, '/customer-links')
  const link = async (kind: string, make: () => Promise<void>) => {
    await make()
    return (await page.textContent(`[data-shown] .url:has-text("/${kind}/")`)) ?? ''
  }
  const door = await link('door', async () => {
    await page.selectOption('select[name=unit]', { index: 1 })
    await page.click('[data-make-plate]')
  })
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  context.setDefaultTimeout(90_000)
  const phone = await context.newPage()
  await phone.goto(door)
  await phone.fill('textarea[name=content]', '门口地砖翘起')
  await phone.fill('input[name=contact]', '林女士')
  await phone.fill('input[name=phone]', '13900000000')
  await phone.setInputFiles('input[name=photo]', { name: 'a.png', mimeType: 'image/png', buffer: photo })
  await phone.click('button[type=submit]')
  await phone.waitForSelector('[data-door=sent] >> text=照片已送到')
  const orders = (await api.get<CaseFull[]>('/cases?procedure=repair&open=true')).body
  const order = orders.find(c => c.form['content'] === '门口地砖翘起')
  expect((await api.get<unknown[]>(`/cases/${order?.id}/attachments`)).body).toHaveLength(1)

  type File = { id: string; contacts: { name: string; phone: string }[]; tenancies: { unit: string }[] }
  const { files } = (await api.get<{ files: File[] }>('/tenant-files')).body
  const { units } = (await api.get<{ units: { id: string; zones: string[] }[] }>('/site')).body
  const his = files.find(f => f.contacts.length > 0 && f.tenancies.length > 0)
  const contact = his?.contacts[0]
  const place = units.find(u => u.id === his?.tenancies[0]?.unit)?.zones[0]
  const form = { address: place, content: '窗关不上', contact: contact?.name, phone: contact?.phone, kind: 'repair' }
  const { body: own } = await api.post<CaseFull>('/cases', { procedure: 'repair', form })
  const mine = await link('mine', async () => {
    await page.selectOption('select[name=tenant]', his?.id ?? '')
    await page.selectOption('select[name=contact]', contact?.name ?? '')
    await page.click('[data-make-link]')
  })
  await phone.goto(mine)
  await phone.waitForSelector(`[data-matter="${own.number}"] >> text=已送工程部`)
  await (await signIn(stack.url, 'engineer')).post(`/cases/${own.id}/acts/finish`, { result: '换锁扣' })
  await phone.reload()
  await phone.click(`[data-matter="${own.number}"] [data-appraise=satisfied]`)
  await phone.waitForSelector(`[data-matter="${own.number}"] >> text=您评价：满意`)
  expect(await phone.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  await context.close()
  await page.context().close()
})

it('vehicles come in from a table, shown before they are stored, and go out as one', async () => {
  const page = await signedIn(browser, stack.url, 'supervisor', laptop)
  await openPage(page, '/things/vehicle')
  await page.click('[data-import]')
  const table = '\ufeff车牌,车主\r\n沪A·70001,陈立\r\n沪A·70002,\r\n'
  const bring = (text: string) =>
    page.setInputFiles('input[name=table]', { name: '车辆.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await bring(table)
  await page.waitForSelector('[data-count=wrong] >> text=1')
  await bring(table.replace('70002,', '70002,林女士'))
  await page.click('[data-import-go]')
  await page.waitForSelector('[data-imported]')
  await page.waitForSelector('[data-thing="沪A·70002"] >> text=林女士')
  const file = await fetch(`${stack.url}/api/tables/things-vehicle.xlsx?language=zh`, { headers: { cookie: api.cookie } })
  expect([file.status, file.headers.get('content-type')]).toEqual([200, expect.stringContaining('spreadsheet')])
  const guard = await signIn(stack.url, 'operator')
  expect((await guard.get('/tables/things-vehicle.xlsx?language=zh')).status).toBe(403)
  await page.context().close()
})

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { CaseHead } from '#api/models/cases'
import type { ChargeLine, Evidence } from '#api/models/money'
import { closePages, openBrowser, openPage, signedIn } from '../harness/browser.ts'
import { signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

let stack: Stack
let browser: Browser
beforeAll(async () => {
  stack = await startStack({ at: '2026-11-21T18:50:00+08:00' })
  browser = await openBrowser()
})
afterEach(() => closePages(browser))
afterAll(async () => {
  await browser?.close()
  await stack?.stop()
})

const point = (device: string, key: string) => stack.point(device, key)

/** Draws on the pad of a page. */
const signByHand = async (page: Page) => {
  const pad = page.locator('[data-pad=drawn] canvas')
  await pad.scrollIntoViewIfNeeded()
  const sheet = await pad.boundingBox()
  const along = async (x: number, y: number) => page.mouse.move((sheet?.x ?? 0) + x, (sheet?.y ?? 0) + y, { steps: 4 })
  await along(40, 30)
  await page.mouse.down()
  for (const [x, y] of [
    [120, 70],
    [60, 80],
    [200, 40],
  ] as const)
    await along(x, y)
  await page.mouse.up()
  await page.waitForSelector('[data-pad=drawn][data-signed=true]')
}

/** Waits while the clock goes so fast; a machine that stalls loses its agent, and an emergency brings the clock back to real time. */
const at = (rate: number, what: string, look: () => Promise<boolean>) =>
  until(what, () => {
    stack.pace(rate)
    return look()
  })

it('story 2: overtime air for a tenant, from the quote to the month-end sheet (R41)', async () => {
  const page = await signedIn(browser, stack.url, 'frontdesk')
  const api = await signIn(stack.url, 'frontdesk')
  await page.click('a[href="/overtime"]')
  await page.waitForSelector('[data-zone="f12-e"]')
  await page.click('text=新预约')
  await page.selectOption('select[name=zone]', 'f12-e')
  await page.fill('input[name=from]', '19:00')
  await page.fill('input[name=to]', '2000')
  await page.press('input[name=to]', 'Tab')
  // The price is shown before anything is saved.
  await page.waitForSelector('[data-price] >> text=¥120.00')
  expect((await api.get<CaseHead[]>('/cases?procedure=overtime')).body).toEqual([])
  await page.click('form button[type=submit]')
  await page.waitForSelector('[data-booking="quoted"]')

  // Nothing reaches the programme before acceptance and signature.
  const [booking] = (await api.get<CaseHead[]>('/cases?procedure=overtime')).body
  expect(await api.post(`/cases/${booking?.id}/acts/sign`, { signature: '张伟' })).toMatchObject({
    status: 409,
    body: { error: 'not-in-this-state' },
  })
  await page.click('[data-verb=accept]')
  await page.waitForSelector('[data-booking="accepted"]')
  await page.fill('input[name=signature]', '张伟')
  await page.click('[data-verb=sign]')
  await page.waitForSelector('[data-booking="signed"]')

  // The engineering order appears.
  const order = await until('the order', async () => (await api.get<CaseHead[]>('/cases?procedure=repair')).body[0])
  expect(order).toMatchObject({ place: 'f12-e', state: 'sent', form: { kind: 'booked-air' } })

  // The form of the manual, with the signature on it; the second print is a reprint.
  await page.click('text=申请表')
  await page.waitForSelector('h1:has-text("超时空调申请表")')
  await page.waitForSelector('text=壹佰贰拾元整')
  expect(await page.locator('.sign >> text=张伟').count()).toBeGreaterThan(0)
  await page.evaluate('window.print = () => {}')
  await page.click('[data-print]')
  await page.waitForSelector('text=补打')
  // On paper: both copies on one A4 sheet, or each on its own slip of the dot-matrix printer.
  const sheets = async () => (await page.pdf({ preferCSSPageSize: true })).toString('latin1').match(/\/Type \/Page\b/g)?.length
  expect(await sheets()).toBe(1)
  await page.click('[data-slip]')
  expect(await sheets()).toBe(2)
  await page.goBack()

  // 19:00: the zone, its air handler and the plant run, and only they need to.
  await at(60, '19:00 to pass and 11F to stop', async () => (await point('zc-11e', 'on_fb')) === false)
  expect(await point('zc-12e', 'on_fb')).toBe(true)
  expect(await point('ahu-3', 'fan_fb')).toBe(true)
  expect(await point('plant', 'running')).toBe(true)
  await until('the air handler of 11F to be stopped', async () => (await point('ahu-2', 'fan_cmd')) === false)
  await openPage(page, '/overview')
  await page.waitForSelector('button.decided >> text=瑞丰科技')

  // 20:00: off again; the lobby still needs its own air handler and the plant.
  await at(
    120,
    '20:00 to pass',
    async () => (await point('zc-12e', 'on_fb')) === false && (await point('ahu-3', 'fan_fb')) === false,
  )
  stack.pace(1)
  expect(await point('ahu-1', 'fan_cmd')).toBe(true)
  expect(await point('plant', 'enable_cmd')).toBe(true)

  // The run becomes a charge line, once, with its evidence.
  const line = await until('the charge line', async () => (await api.get<ChargeLine[]>('/charges?month=2026-11')).body[0])
  // By whole quarters of an hour; a machine that stalls at this pace sees less of the run, and what was not seen is not charged.
  const quarters = Math.floor(line.confirmedMinutes / 15)
  expect(line).toMatchObject({ zone: 'f12-e', tenant: 'ruifeng', billableMinutes: quarters * 15, fen: quarters * 3000 })
  expect(quarters).toBeGreaterThanOrEqual(2)
  const proof = await until('the stop to be confirmed and among the evidence', async () => {
    const { body } = await api.get<Evidence>(`/charges/${line.id}/evidence`)
    return body.commands.some(c => c.point === 'zc-12e/on_cmd' && c.step === 'confirmed') ? body : undefined
  })
  expect(proof.runs[0]?.proof.map(p => p.point)).toContain('zc-12e/on_fb')

  await page.click('a[href="/charges"]')
  await page.click(`[data-charge="${line.number}"]`)
  await page.waitForSelector('[data-run]')
  await page.waitForSelector(`[data-total] >> text=¥${(line.fen / 100).toFixed(2)}`)
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('text=导出 Excel')])
  expect(file.suggestedFilename()).toBe('month-sheet-2026-11.xlsx')
  const sheet = await fetch(`${stack.url}/api/months/2026-11/sheet.xlsx?language=zh`, { headers: { cookie: api.cookie } })
  const bytes = Buffer.from(await sheet.arrayBuffer())
  expect(bytes.subarray(0, 2).toString()).toBe('PK')
  expect(bytes.length).toBeGreaterThan(2000)
})

it('what cannot be booked is refused by name, and nothing of it is stored', async () => {
  const desk = await signIn(stack.url, 'frontdesk')
  const before = (await desk.get<CaseHead[]>('/cases?procedure=overtime')).body.length
  const at = (text: string) => Date.parse(`${text}+08:00`)
  const form = {
    zone: 'f9-w',
    from: at('2026-11-22T20:00'),
    to: at('2026-11-22T22:00'),
    contact: '苏晴',
    phone: '138',
    quotedFen: 24_000,
  }
  const table: [string, object, string, string][] = [
    ['in the past', { ...form, from: at('2026-11-20T20:00'), to: at('2026-11-20T22:00') }, 'in-the-past', 'from'],
    ['ends before it starts', { ...form, to: form.from }, 'ends-before-start', 'to'],
    ['an unknown zone', { ...form, zone: 'f99-x' }, 'unknown-zone', 'zone'],
    ['a zone without a tariff', { ...form, zone: 'f2-w' }, 'no-tariff', 'zone'],
    ['a zone without a tenant', { ...form, zone: 'f1-w' }, 'no-tenant', 'zone'],
    [
      'within the centre hours',
      { ...form, from: at('2026-11-23T10:00'), to: at('2026-11-23T12:00'), quotedFen: 0 },
      'no-overtime',
      'from',
    ],
    ['at another price than was told', { ...form, quotedFen: 1 }, 'price-changed', 'quotedFen'],
    ['without a contact', { ...form, contact: ' ' }, 'invalid', 'contact'],
    ['with an unknown field', { ...form, discount: 5 }, 'invalid', 'discount'],
  ]
  for (const [name, bad, error, field] of table) {
    const answer = await desk.post('/cases', { procedure: 'overtime', form: bad })
    expect(answer.body, name).toMatchObject({ error, field })
  }
  expect((await desk.get<CaseHead[]>('/cases?procedure=overtime')).body).toHaveLength(before)
  expect(await desk.post('/cases', { procedure: 'overtime', form })).toMatchObject({ status: 200 })
  expect(
    await desk.post('/cases', {
      procedure: 'overtime',
      form: { ...form, from: at('2026-11-22T21:30'), to: at('2026-11-22T23:30') },
    }),
  ).toMatchObject({ status: 409, body: { error: 'overlaps', field: 'from' } })
  // A withdrawn booking takes its engineering order along, and its zone can be booked again.
  const open = (await desk.get<CaseHead[]>('/cases?procedure=overtime&open=true')).body.find(c => c.place === 'f9-w')
  await desk.post(`/cases/${open?.id}/acts/accept`, {})
  await desk.post(`/cases/${open?.id}/acts/sign`, { signature: '苏晴' })
  expect((await desk.post<{ state: string }>(`/cases/${open?.id}/acts/withdraw`, { reason: '客户取消' })).body.state).toBe(
    'cancelled',
  )
  expect((await desk.get<CaseHead[]>('/cases?procedure=repair&open=false')).body.find(c => c.place === 'f9-w')?.state).toBe(
    'void',
  )
  expect(await desk.post('/cases', { procedure: 'overtime', form })).toMatchObject({ status: 200 })
  const operator = await signIn(stack.url, 'operator')
  expect(await operator.post('/cases', { procedure: 'overtime', form: { ...form, zone: 'f10-w' } })).toMatchObject({
    status: 403,
  })
})

it('two zones in one booking; an hour more by its button, accepted by telephone and signed afterwards, is one form and one bill', async () => {
  const [desk, manager] = [await signIn(stack.url, 'frontdesk'), await signIn(stack.url, 'manager')]
  expect(await manager.call('PUT', '/settings/overtime-signed-later', { value: true, reason: '-' })).toMatchObject({
    status: 200,
  })
  const page = await signedIn(browser, stack.url, 'frontdesk', { width: 1366, height: 768 })
  await openPage(page, '/overtime')
  await page.waitForSelector('[data-zone="f12-e"]')
  const hour = 3_600_000
  const clock = (at: number) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit' }).format(at)
  const from = Math.ceil(stack.now() / 600_000) * 600_000
  await page.click('text=新预约')
  await page.selectOption('select[name=zone]', 'f12-w')
  await page.check('input[name=also][value=f12-e]')
  await page.fill('input[name=from]', clock(from))
  await page.fill('input[name=to]', clock(from + hour))
  await page.press('input[name=to]', 'Tab')
  await page.waitForSelector('[data-price] >> text=¥240.00')
  await page.click('form button[type=submit]')
  await page.click('[data-verb=accept]')
  await page.fill('input[name=signature]', '张伟')
  await page.click('[data-verb=sign]')
  await page.waitForSelector('[data-booking="signed"]')
  await at(60, 'both zones to run', async () => {
    return (await point('zc-12w', 'on_fb')) === true && (await page.locator('[data-phase=running]').count()) >= 2
  })
  stack.pace(1)
  // One click beside its bar, one to agree: what it adds is told before.
  await page.click('[data-more="f12-w"]')
  await page.waitForSelector('[data-more-fen] >> text=¥240.00')
  const box = await page.locator('[data-change] [data-verb=extend]').boundingBox()
  expect((box?.y ?? 1000) + (box?.height ?? 0)).toBeLessThanOrEqual(768)
  await page.click('[data-change] [data-verb=extend]')
  await page.waitForSelector('[data-owes]')
  const [booking] = (await desk.get<CaseHead[]>('/cases?procedure=overtime&open=true')).body.filter(c => c.form['also'])
  expect(booking?.form).toMatchObject({ to: from + 2 * hour, quotedFen: 48_000, owes: true })
  expect((await desk.get<unknown[]>(`/overtime/bookings/${booking?.id}`)).body).toMatchObject([
    { zone: 'f12-w', to: from + 2 * hour, fen: 24_000 },
    { zone: 'f12-e', to: from + 2 * hour, fen: 24_000 },
  ])
  await page.fill('input[name=countersign]', '张伟')
  await signByHand(page)
  await page.click('[data-verb=countersign]')
  await page.waitForSelector('[data-owes]', { state: 'detached' })
  // On its one form: both hours, and who signed what.
  await openPage(page, `/form/${booking?.id}`)
  await page.waitForSelector('.paper >> text=肆佰捌拾元整')
  await page.waitForSelector('.paper >> text=改时记录')
  const hands = page.locator('.paper [data-drawn]')
  await until('the signature to be on the paper', async () =>
    hands.first().evaluate(img => (img as unknown as { naturalWidth: number }).naturalWidth === 480),
  )
  // The next story has the zones to itself.
  expect(await desk.post(`/cases/${booking?.id}/acts/stop`, { reason: '-' })).toMatchObject({ status: 200 })
})

it('a tenant books on his phone by his own link, signs there, sees by read-back that it runs and what it costs, and takes half an hour more (R41)', async () => {
  const desk = await signIn(stack.url, 'frontdesk')
  const { body: made } = await desk.post<{ token: string }>('/customer-links', { tenant: 'ruifeng', contact: '张伟' })
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'zh-CN' })
  const phone = await context.newPage()
  await phone.goto(`${stack.url}/mine/${made.token}`)
  await phone.click('[data-air]')
  await phone.waitForSelector('[data-zone="f12-e"] >> text=℃')
  const clock = (at: number) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit' }).format(at)
  const { body: booked } = await desk.get<{ zone: string; to: number; state: string }[]>(
    `/overtime/bookings?from=${stack.now() - 3_600_000}&to=${stack.now() + 86_400_000}`,
  )
  // After what the other stories have booked there.
  const free = Math.max(stack.now(), ...booked.filter(b => b.zone === 'f12-e' && b.state !== 'finished').map(b => b.to))
  const from = Math.ceil(free / 1_800_000) * 1_800_000
  await phone.click('[data-new]')
  await phone.locator('input[name=zones]').evaluateAll(all => {
    for (const box of all as unknown as { value: string; checked: boolean; click(): void }[])
      if (box.checked !== (box.value === 'f12-e')) box.click()
  })
  await phone.fill('input[name=on]', clock(from))
  await phone.fill('input[name=off]', clock(from + 7_200_000))
  await phone.press('input[name=off]', 'Tab')
  await phone.waitForSelector('[data-price="24000"]')
  expect(await phone.locator('[data-confirm]').isDisabled()).toBe(true)
  await signByHand(phone)
  await phone.click('[data-confirm]')
  await phone.waitForSelector('[data-ahead], section[data-phase]')
  await at(60, 'his zone to run', async () => (await phone.locator('[data-phase=running]').count()) === 1)
  stack.pace(1)
  await phone.waitForSelector('[data-bill] >> text=¥240.00')
  await phone.waitForSelector('[data-more-fen] >> text=+¥120.00')
  await phone.click('[data-more]')
  await phone.waitForSelector('[data-order=hours] [data-price="36000"]')
  await signByHand(phone)
  await phone.click('[data-confirm]')
  await phone.waitForSelector('[data-bill] >> text=¥360.00')
  expect(await phone.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  await phone.click('[data-stop]')
  await phone.click('[data-sure]')
  await phone.waitForSelector('[data-phase=none]')
  await until('the zone to be off', async () => (await point('zc-12e', 'on_fb')) === false)
  const [own] = (await desk.get<CaseHead[]>('/cases?procedure=overtime')).body.filter(c => c.owner === 'customer')
  expect(own?.form).toMatchObject({ contact: '张伟', zone: 'f12-e', quotedFen: 36_000 })
  await context.close()
})

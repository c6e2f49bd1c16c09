import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CaseFull, CaseHead } from '#api/models/cases'
import type { ChargeLine, Quote } from '#api/models/money'
import { plainXlsx } from '../../console/server/export/xlsx.ts'
import { openBrowser, openPage, proves } from '../harness/browser.ts'
import { ForeignMeter } from '../harness/foreignMeter.ts'
import { npmTool } from '../harness/npmTool.ts'
import { firstSignIn, type Person, signIn } from '../harness/person.ts'
import { freePorts } from '../harness/stack.ts'
import { Starter } from '../harness/starter.ts'
import { until } from '../harness/wait.ts'

/** A small building moves in, by the README's own commands, beginning with an empty folder: one meter of another's make, one air handler. */
const siteOf = (port: number) => `site: house
name: { zh: 小楼, en: House }
timeZone: Asia/Shanghai
centreHours: { from: "08:00", to: "18:00" }
console: { user: console, password: env:ZHIBAN_CONSOLE_MQTT_PASSWORD }
agents:
  - { id: plant, name: { zh: 机房, en: Plant room }, user: agent-plant, password: env:ZHIBAN_AGENT_MQTT_PASSWORD }
floors:
  - { id: f1, name: { zh: 1F, en: 1F }, order: 1 }
zones:
  - { id: f1-e, name: { zh: 1F 东, en: 1F East }, floor: f1, side: east, controller: zc-1, areaM2: 400 }
units:
  - { id: u101, name: { zh: 101 室, en: Room 101 }, zones: [f1-e] }
buses:
  - { id: meters, name: { zh: 电表, en: Meters }, agent: plant, protocol: modbus-tcp, host: 127.0.0.1, port: ${port} }
  - { id: air, name: { zh: 空调, en: Air }, agent: plant, protocol: modbus-tcp, host: 127.0.0.1, port: env:ZHIBAN_BUS_AIR_PORT, simulated: true }
devices:
  - { id: meter-1, name: { zh: 总表, en: Main meter }, profile: eastron-sdm630, bus: meters, unit: 1, place: f1 }
  - { id: zc-1, name: { zh: 1F 东 控制器, en: 1F East controller }, profile: zone-controller, bus: air, unit: 1, place: f1-e }
  - { id: ahu-1, name: { zh: 空调箱, en: Air handler }, profile: ahu, bus: air, unit: 11, place: f1, feeds: [zc-1] }
  - { id: chillers, name: { zh: 冷站, en: Chiller plant }, profile: chiller-plant, bus: air, unit: 21, place: f1, feeds: [ahu-1] }
`
const folder = mkdtempSync(join(tmpdir(), 'zhiban-house-'))
const site = join(folder, 'house.yaml')
let meter: ForeignMeter
let starter: Starter
let browser: Browser
beforeAll(async () => {
  const [port = 0] = await freePorts(1)
  writeFileSync(site, siteOf(port))
  meter = new ForeignMeter(port, 1)
  starter = await Starter.start([], site)
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await starter?.stop()
  await meter?.close()
  rmSync(folder, { recursive: true, force: true })
})

const tool = (name: string, args: string[], data = starter.data) => npmTool(name, args, { ZHIBAN_SITE: site, ZHIBAN_DATA: data })
/** Not a word of his own name in it. */
const secretOf = (name: string) => `plain words, ${[...name].length} of them`
/** Signs in for the first time, with what whoever administers has handed over. */
const arrive = async (name: string, oneTime: string, size = { width: 1366, height: 768 }): Promise<Page> => {
  const page = await (await browser.newContext({ viewport: size })).newPage()
  page.setDefaultTimeout(90_000)
  await page.goto(starter.url)
  await page.fill('input[name=name]', name)
  await page.fill('input[name=password]', oneTime)
  await page.click('button[type=submit]')
  await page.fill('input[name=chosen]', secretOf(name))
  await page.fill('input[name=again]', secretOf(name))
  await page.click('button[type=submit]')
  await page.waitForSelector('.frame')
  return page
}
/** Brings a table in, looks at what it would change, and says so. */
const bring = async (page: Page, name: string, lines: string[][]) => {
  const path = join(folder, name)
  writeFileSync(path, await plainXlsx(lines))
  await page.click('[data-import]')
  await page.setInputFiles('input[name=table]', path)
  await page.waitForSelector(`dd[data-count=new] >> text=${lines.length - 1}`)
  await page.click('[data-import-go]')
}

const posts = { 经理: 'manager', 前台: 'front-desk', 消控室: 'operator', 工程: 'engineer' }
const names = ['manager', 'desk', 'watch', 'engineer']
let passwords: Record<string, string> = {}
let admin: Person
const as = (name: string) => signIn(starter.url, name, secretOf(name))

it('the meter is read; people and 300 tenants come in from Excel', async () => {
  admin = await firstSignIn(starter.url, /one-time password: (\S+)/.exec(starter.said())?.[1])
  await admin.listen(['meter-1/kwh', 'zc-1/on_fb'])
  await until('the meter to be read', () => admin.values.get('meter-1/kwh')?.q === 'good')
  await until('the simulated zone to be read', () => admin.values.get('zc-1/on_fb')?.q === 'simulated')
  for (const [zh, role] of Object.entries(posts)) await admin.post('/posts', { name: { zh, en: role }, roles: [role] })

  const page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage()
  page.setDefaultTimeout(90_000)
  await page.goto(starter.url)
  await page.fill('input[name=name]', 'admin')
  await page.fill('input[name=password]', admin.secret)
  await page.click('button[type=submit]')
  await page.waitForSelector('[data-step=people]')
  await page.click('[data-step=people] a')
  await page.waitForSelector('[data-pick-post]')
  const people = names.map((name, i) => [name, `员工${i}`, Object.keys(posts)[i] ?? ''])
  await bring(page, 'people.xlsx', [['用户名', '姓名', '岗位'], ...people])
  await page.waitForSelector(`[data-passwords="${names.length}"]`)
  const told = names.map(async name => [name, (await page.locator(`[data-one-time=${name}]`).textContent()) ?? ''])
  passwords = Object.fromEntries(await Promise.all(told))

  const desk = await arrive('desk', passwords['desk'] ?? '')
  await openPage(desk, '/tenants')
  await desk.waitForSelector('text=还没有租户')
  const tenants = Array.from({ length: 300 }, (_, i) => [
    `K${i}`,
    `第${i}有限公司`,
    i === 0 ? '101 室' : '',
    `联系人${i}`,
    `138${i}`,
  ])
  await bring(desk, 'tenants.xlsx', [['客户编号', '客户名称', '单元', '联系人', '电话'], ...tenants])
  await desk.waitForSelector('[data-imported]')
  await desk.waitForSelector('[data-let] >> text=1 / 1')
  // Whoever looks at what is not there yet is told so, wherever it stands.
  await openPage(desk, '/devices')
  await desk.waitForSelector('[data-simulated="zc-1"]')
  expect(await desk.locator('[data-simulated="meter-1"]').count()).toBe(0)
  await openPage(desk, '/overview')
  await desk.waitForSelector('button [data-simulated="zc-1"]')
})

it('the first overtime air is booked, signed and runs, and ends as a line of the bill', async () => {
  const manager = await arrive('manager', passwords['manager'] ?? '')
  await openPage(manager, '/prices')
  await manager.click('[data-add-price]')
  await manager.fill('input[name=zh]', '超时空调')
  await manager.fill('input[name=price]', '120')
  // A night belongs to the day on which it began.
  await manager.fill('input[name=from]', '2026-01-01')
  await manager.click('[data-all-zones]')
  await manager.click('[data-save]')
  await proves(manager, secretOf('manager'))
  await manager.waitForSelector('[data-unpriced="0"]')
  // Whatever hour it is where this runs: today the centre is closed.
  const boss = await as('manager')
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
  const closed = { date: today, kind: 'closed', name: { zh: '盘点', en: 'Stocktaking' } }
  expect((await boss.call('PUT', '/calendar', { days: [closed] })).status).toBe(204)

  const desk = await as('desk')
  const from = Math.floor(Date.now() / 60_000) * 60_000
  const times = { zone: 'f1-e', from, to: from + 30 * 60_000 }
  const { body } = await desk.get<Quote>(`/overtime/quote?zone=f1-e&from=${times.from}&to=${times.to}`)
  expect(body).toMatchObject({ fen: expect.any(Number) })
  const form = { ...times, contact: '联系人0', phone: '1380', quotedFen: body.fen }
  const made = await desk.post<CaseFull>('/cases', { procedure: 'overtime', form })
  expect(made, JSON.stringify(made.body)).toMatchObject({ status: 200 })
  await desk.post(`/cases/${made.body.id}/acts/accept`, {})
  expect(await desk.post(`/cases/${made.body.id}/acts/sign`, { signature: '联系人0' })).toMatchObject({ status: 200 })
  await until(
    'the zone to run, as its controller says itself',
    async () => (await starter.point('zc-1', 'on_fb')) === true,
    120_000,
  )
  await until('the booking to be confirmed', async () => {
    const rows = (await desk.get<{ confirmedAt: number | null }[]>(`/overtime/bookings?from=${from}&to=${times.to}`)).body
    return rows[0]?.confirmedAt
  })
  // The tenant has had enough of it.
  expect(await desk.post(`/cases/${made.body.id}/acts/stop`, { reason: '客户提前离开' })).toMatchObject({ status: 200 })
  await until('the zone to stop', async () => (await starter.point('zc-1', 'on_fb')) === false, 120_000)
  // Before the centre opens it is still the evening of the day before, which may be of another month.
  const evening = new Date(from).toISOString().slice(0, 7)
  const line = await until(
    'the charge line',
    async () => (await desk.get<ChargeLine[]>(`/charges?month=${evening}`)).body[0],
    180_000,
  )
  expect(line).toMatchObject({ zone: 'f1-e', tenant: 'K0' })
})

it('the first repair is done on a phone', async () => {
  const desk = await as('desk')
  const form = { address: 'f1-e', content: '灯不亮', contact: '联系人0', phone: '1380', kind: 'repair' }
  const order = (await desk.post<CaseFull>('/cases', { procedure: 'repair', form })).body
  const phone = await arrive('engineer', passwords['engineer'] ?? '', { width: 390, height: 844 })
  await openPage(phone, `/repair/${order.id}`)
  for (const verb of ['accept', 'arrive', 'finish']) await phone.click(`[data-verb="${verb}"]`)
  await phone.fill('[data-act="finish"] textarea[name=result]', '换灯管')
  await phone.click('[data-act] button[type=submit]')
  await until('the order to be done', async () => (await desk.get<CaseFull>(`/cases/${order.id}`)).body.state === 'done')
  expect(await phone.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
})

it('the shift is handed over, signed by both with their own secrets', async () => {
  await arrive('watch', passwords['watch'] ?? '')
  const [desk, watch] = [await as('desk'), await as('watch')]
  const file = (await desk.post<CaseFull>('/cases', { procedure: 'handover', form: { shift: 'day', incoming: '员工2' } })).body
  const act = (who: Person, verb: string, said: object = {}) => who.post<CaseFull>(`/cases/${file.id}/acts/${verb}`, said)
  const items = async () => (await desk.get<CaseFull>(`/cases/${file.id}`)).body.items
  for (const i of (await items()).filter(x => x.needsRemark && !x.over && x.remark === null))
    await desk.post(`/cases/${file.id}/items/${i.n}/remark`, { remark: '待下一班跟进' })
  expect(await act(desk, 'ready')).toMatchObject({ status: 200 })
  for (const i of (await items()).filter(x => !x.over)) await watch.post(`/cases/${file.id}/items/${i.n}/check`)
  await act(desk, 'state-fit', { fit: 'clear' })
  // Not while the air handler is still coming to rest.
  const asked = () => watch.once('POST', `/cases/${file.id}/acts/take-over`, {})
  await until(
    'everything to rest',
    async () => {
      const { status, body } = await asked()
      if (status === 409) throw new Error(JSON.stringify(body))
      return true
    },
    90_000,
  )
  expect((await asked()).status).toBe(428)
  expect(await act(watch, 'take-over')).toMatchObject({ status: 200, body: { state: 'signed' } })
  expect((await desk.get<CaseHead[]>('/cases?procedure=handover&open=true')).body).toEqual([])
})

it('it is backed up, restored elsewhere, and proves itself by what agent and backup have kept', async () => {
  const made = await tool('backup', [])
  expect(made).toMatchObject({ code: 0, err: '' })
  const verified = await tool('verify', [])
  expect(verified, verified.out).toMatchObject({ code: 0, err: '' })
  expect(verified.out).toMatch(/([3-9]|\d\d+) of \1 seals that were kept elsewhere hold/)
  const elsewhere = join(folder, 'elsewhere')
  const restored = await tool('restore', [made.out.split(':')[0] ?? ''], elsewhere)
  expect(restored, restored.err).toMatchObject({ code: 0, err: '' })
  expect((await tool('verify', [], elsewhere)).out).toContain('the books are as they were written')
  expect((await tool('doctor', [])).out).not.toContain('wrong')
})

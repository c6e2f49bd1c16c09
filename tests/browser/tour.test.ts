import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { CaseFull, CaseHead } from '#api/models/cases'
import type { ChargeLine } from '#api/models/money'
import { answerTicket } from '../harness/answerTicket.ts'
import { closePages, openBrowser, openPage, proves, signedIn } from '../harness/browser.ts'
import { linkAlarms } from '../harness/linkAlarms.ts'
import { signIn } from '../harness/person.ts'
import { Starter } from '../harness/starter.ts'
import { until } from '../harness/wait.ts'

/** The tour of the README, lived as it is written: `npm start -- --at 18:58 --rate 60`, on a Friday. */
const hour = 3_600_000
let demo: Starter
let browser: Browser
let engineer: Page
beforeAll(async () => {
  demo = await Starter.start(['--at', '2026-11-27T18:58:00+08:00', '--rate', '60'])
  browser = await openBrowser()
  engineer = await signedIn(browser, demo.url, 'engineer')
  await engineer.click('nav a[href="/demo"]')
})
afterEach(() => closePages(browser, engineer))
afterAll(async () => {
  await browser?.close()
  await demo?.stop()
})

const scenario = (name: string) => engineer.click(`[data-scenario="${name}"]`)
const pace = async (rate: number) => {
  await engineer.click(`button[data-rate="${rate}"]`)
  await engineer.waitForSelector(`[data-pace="${rate}"]`)
}

it('1 and 2: sound, and a fire in real seconds', async () => {
  const operator = await signedIn(browser, demo.url, 'operator')
  await operator.waitForSelector('text=仿真时间 ×60')
  await operator.click('text=启用声音')
  // "声音正常", or what sounds already.
  await operator.waitForSelector('[data-sound]')
  await scenario('fire-floor-12')
  const began = Date.now()
  await operator.waitForSelector('.lead.fire >> text=12F 东感烟 3 火警')
  await operator.waitForSelector('[data-slowed] >> text=时钟已回到实时')
  await operator.waitForSelector('.clock .sim[data-rate="1"]')
  await operator.click('.lead.fire >> text=应急单')
  await operator.waitForSelector('[data-linkage="air"]')
  // The call point follows after eight seconds of anybody's watch.
  expect(Date.now() - began).toBeGreaterThan(7000)
  await until('nine linkages on time', async () => (await operator.locator('[data-linkage] >> text=按时').count()) === 9)
  const api = await signIn(demo.url, 'supervisor')
  const [open] = (await api.get<CaseHead[]>('/cases?procedure=emergency&open=true')).body
  const ticket = async () => (await api.get<CaseFull>(`/cases/${open?.id}`)).body
  for (const l of (await ticket()).linkages) expect(l.feedbackMs, l.linkage).toBeGreaterThan(0)
  expect(await demo.point('d-12', 'locked')).toBe(false)
  expect(await demo.point('gate-in-a', 'raised')).toBe(true)

  await engineer.click('button[data-rate="60"]')
  await engineer.waitForSelector('[role=alert] >> text=有应急单未结')
  await scenario('panel-reset')
  const supervisor = await signedIn(browser, demo.url, 'supervisor')
  await openPage(supervisor, `/emergency/${open?.id}`)
  await supervisor.waitForSelector('[data-state="verify"]')
  expect(await demo.point('d-12', 'locked')).toBe(false)
  await supervisor.fill('footer input', '控制器已复位，现场已核实')
  await supervisor.click('[data-release-fire]')
  await proves(supervisor, 'demo-supervisor')
  await until('the doors to lock again', async () => (await demo.point('d-12', 'locked')) === true)
  await answerTicket(api, open?.id ?? '')
  await supervisor.selectOption('select[name="outcome"]', 'drill')
  await supervisor.fill('footer input', '演练结束')
  await supervisor.click('[data-close]')
  await until('the ticket to be closed', async () => (await ticket()).state === 'closed')
  await pace(60)
  await operator.waitForSelector('.clock .sim[data-rate="60"]')
  await operator.waitForSelector('[data-slowed]', { state: 'detached' })

  // A compartment under test: every page says so.
  await pace(1)
  await openPage(supervisor, '/engineering')
  await supervisor.selectOption('select[name="compartment"]', 'c12')
  await supervisor.fill('input[name="test-reason"]', '月检')
  await supervisor.click('[data-begin-test]')
  await operator.waitForSelector('[data-under-test="c12"]')
  await supervisor.click('[data-end-test]')
  await operator.waitForSelector('[data-under-test]', { state: 'detached' })
})

it('3: overtime air, from the drag to the charge line', async () => {
  const desk = await signedIn(browser, demo.url, 'frontdesk')
  const api = await signIn(demo.url, 'frontdesk')
  await desk.click('a[href="/overtime"]')
  // The whole day: what is past may be folded away.
  await desk.waitForSelector('[data-zone="f12-e"]')
  if ((await desk.locator('[data-unfold]').count()) > 0) await desk.click('[data-unfold]')
  const row = desk.locator('[data-zone="f12-e"]')
  await row.scrollIntoViewIfNeeded()
  const box = await row.boundingBox()
  if (!box) throw new Error('no row of 12F East')
  // The next full hour but one, on a grid of 24 hours from 06:00; the clock goes in real time meanwhile.
  await api.listen()
  const now = new Date((api.snapshot?.wall ?? 0) + 8 * hour)
  const from = now.getUTCHours() + (now.getUTCMinutes() < 45 ? 1 : 2)
  const x = (h: number) => box.x + (box.width * (h - 6)) / 24
  await desk.mouse.move(x(from) + 4, box.y + box.height / 2)
  await desk.mouse.down()
  await desk.mouse.move(x(from + 1) - 4, box.y + box.height / 2, { steps: 4 })
  await desk.mouse.up()
  await desk.waitForSelector('[data-price] >> text=¥120.00')
  await desk.fill('input[name=contact]', '张伟')
  await desk.click('form button[type=submit]')
  await desk.waitForSelector('[data-booking="quoted"]')
  await desk.click('[data-verb=accept]')
  await desk.waitForSelector('[data-booking="accepted"]')
  await desk.fill('input[name=signature]', '张伟')
  await desk.click('[data-verb=sign]')
  await desk.waitForSelector('[data-booking="signed"]')
  await desk.click('text=申请表')
  await desk.waitForSelector('h1:has-text("超时空调申请表")')

  await until('the zone to be off before its hour', async () => (await demo.point('zc-12e', 'on_fb')) === false)
  // Fast to a quarter before it, then at the pace of the README.
  await pace(240)
  const clock = async () => /\d\d:\d\d/.exec((await desk.locator('.clock').textContent()) ?? '')?.[0] ?? ''
  await until('a quarter before the hour', async () => (await clock()) >= `${from - 1}:45`, 280_000)
  const late = monitorEventLoopDelay({ resolution: 10 })
  late.enable()
  await pace(60)
  await until('the hour to come', async () => (await demo.point('zc-12e', 'on_fb')) === true, 280_000)
  await until('what feeds it to be told', async () => (await demo.point('ahu-3', 'fan_cmd')) && demo.point('plant', 'enable_cmd'))
  const line = await until(
    'the charge line',
    async () => (await api.get<ChargeLine[]>('/charges?month=2026-11')).body[0],
    200_000,
  )
  late.disable()
  // A second in which this machine confirms nothing is a minute of the tenant's hour: the bill follows what was confirmed, by
  // quarters, and most of the hour was.
  const quarters = Math.floor(line.confirmedMinutes / 15)
  expect(line).toMatchObject({ zone: 'f12-e', tenant: 'ruifeng', billableMinutes: quarters * 15, fen: quarters * 3000 })
  // A machine that kept even this process waiting for its own timers has kept the field waiting, too.
  if (late.percentile(99) / 1e6 < 100) expect(quarters).toBeGreaterThanOrEqual(3)
  await openPage(desk, '/charges')
  await desk.click(`[data-charge="${line.number}"]`)
  await desk.waitForSelector('[data-run]')
})

it('4: a device goes silent and comes back, from the page', async () => {
  await pace(1)
  const page = await signedIn(browser, demo.url, 'operator')
  const api = await signIn(demo.url, 'operator')
  await openPage(page, '/devices/ahu-5')
  await page.waitForSelector('[data-point="sat"][data-quality="good"]')
  await engineer.click('[data-sim-device="ahu-5"] a')
  await engineer.click('[data-fault="silent"]')
  await page.waitForSelector('[data-point="sat"][data-quality="stale"]')
  // Of this device: what a clock that ran fast has made of others is not told here.
  const links = async () => (await linkAlarms(api)).filter(a => a.device === 'ahu-5')
  await until('one alarm for the link', async () => {
    const all = await linkAlarms(api)
    if (all.flatMap(a => (a.device === 'ahu-5' ? [a.key] : [])).join() === 'link/ahu-5') return true
    throw new Error(`links that are lost: ${all.map(a => a.key).join()}`)
  })
  await engineer.click('[data-normal]')
  await page.waitForSelector('[data-point="sat"][data-quality="good"]')
  await until('the alarm to return', async () => (await links()).length === 0)
  // Forced from the page, seen on the other one.
  await engineer.fill('[data-sim-point="sat"] input', '31.5')
  await engineer.keyboard.press('Enter')
  await engineer.waitForSelector('[data-sim-point="sat"][data-forced="true"]')
  await page.waitForSelector('[data-point="sat"] .val >> text=31.5')
  await engineer.click('[data-normal]')
  await engineer.waitForSelector('[data-sim-point="sat"][data-forced="false"]')
})

it('5: a hand on a zone', async () => {
  const page = await signedIn(browser, demo.url, 'operator')
  await openPage(page, '/overview')
  await until('8F West to be off', async () => (await demo.point('zc-8w', 'on_fb')) === false)
  await page.click('button[aria-label^="8F 西:"]')
  await page.click('.pick [data-hold="true"]')
  await page.waitForSelector('.pick [data-step="confirmed"]')
  expect(await demo.point('zc-8w', 'on_fb')).toBe(true)
  await page.click('.pick [data-release]')
  await until('8F West to be off again', async () => (await demo.point('zc-8w', 'on_fb')) === false)
})

it('6: the desk', async () => {
  const desk = await signedIn(browser, demo.url, 'frontdesk')
  const api = await signIn(demo.url, 'manager')
  for (const caller of ['2008', 'bysj']) {
    // Afresh: the sheet of the call before is still on it.
    await desk.goto(`${demo.url}/call`)
    await desk.fill('input[name=caller]', caller)
    await desk.waitForSelector('[data-caller="baiyu"]')
    await desk.keyboard.press('Enter')
    await desk.waitForSelector('[data-known="baiyu"]')
    await desk.keyboard.press('r')
    await desk.fill('textarea[name=content]', `会议室灯不亮 ${caller}`)
    await desk.click('form button[type=submit]')
    await desk.waitForSelector('[data-saved="repair"]')
  }
  const [order] = (await api.get<CaseHead[]>('/cases?procedure=repair&open=true')).body.filter(c => c.tenant === 'baiyu')
  const phone = await signedIn(browser, demo.url, 'engineer', { width: 390, height: 844 })
  await openPage(phone, `/repair/${order?.id}`)
  for (const verb of ['accept', 'arrive', 'finish']) await phone.click(`[data-verb="${verb}"]`)
  await phone.fill('[data-act="finish"] textarea[name=result]', '换灯管')
  await phone.click('[data-act] button[type=submit]')
  await until('the order to be done', async () => (await api.get<CaseFull>(`/cases/${order?.id}`)).body.state === 'done')
  const supervisor = await signedIn(browser, demo.url, 'supervisor')
  await openPage(supervisor, '/calendar')
  await supervisor.waitForSelector('td.day a[href^="/today/"]')
  await desk.keyboard.press('Control+k')
  await desk.fill('input[name=q]', 'huiyishi')
  await desk.waitForSelector('[data-found="repair"]')
  await desk.keyboard.press('Escape')
  for (const page of ['handover', 'roster']) {
    await openPage(desk, `/${page}`)
    await desk.waitForSelector('main h1')
  }
})

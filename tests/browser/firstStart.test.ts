import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Quote } from '#api/models/money'
import type { SiteView } from '#api/models/site'
import type { RouteSpec } from '#api/route'
import { routes } from '#api/routes/all'
import { packageRoot } from '#program/environment'
import { plainXlsx } from '../../console/server/export/xlsx.ts'
import { closePages, openBrowser, proves } from '../harness/browser.ts'
import { npmTool } from '../harness/npmTool.ts'
import { ownPassword, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'

/** A building that is no demo, on its first day: one account, whose password somebody else has made. */
const folder = mkdtempSync(join(tmpdir(), 'zhiban-first-'))
let stack: Stack
let browser: Browser
let file: string
beforeAll(async () => {
  const site = join(folder, 'tower.yaml')
  const demo = readFileSync(join(packageRoot, 'simulators/sites/demo.yaml'), 'utf8')
  writeFileSync(site, demo.replace(/^demo: true$/m, 'demo: false'))
  stack = await startStack({ site, only: ['broker', 'console'] })
  browser = await openBrowser()
  file = join(stack.data, 'console', 'first-password.txt')
})
afterEach(() => closePages(browser))
afterAll(async () => {
  await browser?.close()
  await stack?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const open = async (): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } })
  context.setDefaultTimeout(90_000)
  const page = await context.newPage()
  await page.goto(stack.url)
  return page
}
const enter = async (page: Page, name: string, password: string) => {
  await page.fill('input[name=name]', name)
  await page.fill('input[name=password]', password)
  await page.click('button[type=submit]')
}
const choose = async (page: Page, chosen: string, again = chosen) => {
  await page.fill('input[name=chosen]', chosen)
  await page.fill('input[name=again]', again)
  await page.click('button[type=submit]')
}
const tool = (name: string, args: string[], more = {}) => npmTool(name, args, { ...stack.env, ...more })
const passwd = (name: string) => tool('passwd', [name])

it('until it is changed a one-time password stands where the installer reads it, and opens nothing but its own change', async () => {
  const oneTime = stack.firstPassword ?? ''
  expect(readFileSync(file, 'utf8')).toBe(`admin ${oneTime}\n`)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(stack.log('console')).toContain(`first account: admin, one-time password: ${oneTime}`)
  const admin = await signIn(stack.url, 'admin', oneTime)
  for (const [key, spec] of Object.entries<RouteSpec>(routes)) {
    const [method = '', path = ''] = key.split(' ')
    if (spec.open || ['/me', '/password'].includes(path) || path.startsWith('/demo')) continue
    const answer = await admin.call(method, path.replaceAll(/:\w+/g, 'x'), method === 'GET' ? undefined : {})
    expect(answer, key).toMatchObject({ status: 403, body: { error: 'password-due' } })
  }
  await expect(admin.listen()).rejects.toThrow()
  admin.close()
})

it('the first to sign in chooses a password; the sign-in page speaks of no demo', async () => {
  const page = await open()
  await page.waitForSelector('input[name=name]')
  await page.waitForLoadState('networkidle')
  expect(await page.locator('[data-demo]').count()).toBe(0)
  await enter(page, 'admin', stack.firstPassword ?? '')
  await page.waitForSelector('[data-password-due]')
  // What has just been typed is not asked for again.
  expect(await page.locator('input[name=old]').count()).toBe(0)
  await choose(page, ownPassword, 'something else')
  await page.waitForSelector('.wrong >> text=两次输入的新密码不一样')
  await choose(page, 'admin-admin')
  await page.waitForSelector('.wrong >> text=太容易猜')
  // Whoever comes back is asked for both.
  await page.reload()
  await page.fill('input[name=old]', stack.firstPassword ?? '')
  await choose(page, ownPassword)
  await page.waitForSelector('.frame')
  expect(existsSync(file)).toBe(false)
  await stack.restart('console')
  expect(stack.log('console').split('first account:')).toHaveLength(2)
})

it('anybody changes his own from the menu, and is told what is wrong where it is wrong', async () => {
  const page = await open()
  await enter(page, 'admin', ownPassword)
  await page.click('.who')
  await page.click('text=修改密码')
  await page.fill('input[name=old]', 'not this one')
  await choose(page, 'five plain words here')
  await page.waitForSelector('[data-wrong="true"] input[name=old]')
  await page.fill('input[name=old]', ownPassword)
  await choose(page, 'five plain words here')
  await page.waitForSelector('[data-changed="true"]')
  const other = await open()
  await enter(other, 'admin', 'five plain words here')
  await other.waitForSelector('.frame')
})

it('the first day: a post, a person who chooses his password, and who is out within a second when he leaves', async () => {
  const page = await open()
  await enter(page, 'admin', 'five plain words here')
  await page.click('a[href="/staff"]')
  await page.waitForSelector('[data-account="admin"]')
  expect(await page.locator('[data-add-person]').isDisabled()).toBe(true)
  await page.click('[data-add-post]')
  await page.fill('input[name=zh]', '消控室值班员')
  await page.fill('input[name=en]', 'Control room')
  await page.check('input[value=operator]')
  await page.waitForSelector('[data-may] >> text=手动启动火警联动')
  await page.click('[data-save]')
  await page.click('[data-add-person]')
  await page.fill('input[name=name]', 'Admin')
  await page.fill('input[name=display]', '何敏')
  await page.selectOption('select[name=post]', { label: '消控室值班员' })
  await page.click('[data-save]')
  await page.waitForSelector('[data-wrong="true"] input[name=name]')
  await page.fill('input[name=name]', 'hemin')
  await page.click('[data-save]')
  const oneTime = (await page.locator('[data-one-time]').textContent()) ?? ''
  await page.waitForSelector('[data-account="hemin"] >> text=待换一次性密码')

  const his = await open()
  await enter(his, 'hemin', oneTime)
  await choose(his, 'mein eigenes wort')
  await his.waitForSelector('[data-site-live]')
  // He does not see what is the administrator's, and is refused it.
  expect(await his.locator('a[href="/staff"]').count()).toBe(0)
  expect(await (await signIn(stack.url, 'hemin', 'mein eigenes wort')).get('/staff')).toMatchObject({ status: 403 })

  await page.click('[data-noted]')
  await page.click('[data-leave]')
  const began = Date.now()
  await page.click('[data-leave-sure]')
  await his.waitForSelector('input[name=password]')
  // Not only when sessions are looked at by themselves, every half minute.
  expect(Date.now() - began).toBeLessThan(10_000)
  await page.waitForSelector('[data-account="hemin"] >> text=已停用')
  await enter(his, 'hemin', 'mein eigenes wort')
  await his.waitForSelector('.wrong >> text=用户名或密码不对')
})

it('npm run passwd lets in again whoever cannot sign in, beside the running console; who was in is out', async () => {
  const page = await open()
  await enter(page, 'admin', 'five plain words here')
  await page.waitForSelector('.frame')
  const given = await passwd('admin')
  expect(given).toMatchObject({ code: 0, err: '' })
  const oneTime = given.out.split('\n')[0]?.split(' ')[1] ?? ''
  expect((await signIn(stack.url, 'admin', oneTime)).cookie).not.toBe('')
  await page.reload()
  await page.waitForSelector('input[name=name]')
  await enter(page, 'admin', oneTime)
  await page.waitForSelector('[data-password-due]')
  expect(await passwd('nobody')).toMatchObject({ code: 2, err: "nobody here signs in as 'nobody'; there are: admin\n" })
})

/** One grey dot. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
)
const table = async (name: string, ...lines: string[][]) => {
  const path = join(folder, name)
  writeFileSync(path, await plainXlsx(lines))
  return path
}
/** Brings a table, looks at what it would change, and says so. */
const bring = async (page: Page, path: string, counts: Record<string, number>) => {
  await page.click('[data-import]')
  await page.setInputFiles('input[name=table]', path)
  await page.waitForSelector('dd[data-count=new]')
  for (const [what, n] of Object.entries(counts))
    expect((await page.locator(`dd[data-count=${what}]`).textContent())?.trim().split(' ')[0], what).toBe(String(n))
}
const step = (page: Page, name: string, done: boolean) => page.waitForSelector(`[data-step=${name}][data-done=${done}]`)

it('the first hour: people, tenants, days and prices come in, each lack says what waits for it, and a zone is booked', async () => {
  const page = await open()
  const { out } = await passwd('admin')
  await enter(page, 'admin', out.split('\n')[0]?.split(' ')[1] ?? '')
  await choose(page, 'the keys of the house')
  await page.waitForSelector('.frame')
  // Whoever administers begins where the building does.
  for (const name of ['people', 'tenants', 'prices', 'days']) await step(page, name, false)
  for (const name of ['watch', 'desk', 'booking', 'holidays', 'fire', 'money'])
    await page.waitForSelector(`[data-ability=${name}][data-ok=false]`)

  await page.click('[data-step=people] a')
  const admin = await signIn(stack.url, 'admin', 'the keys of the house')
  const posts = {
    经理: 'manager',
    前台: 'front-desk',
    主管: 'supervisor',
    工程: 'engineer',
    保安: 'guard',
    财务: 'finance',
    管理员: 'administrator',
  }
  for (const [zh, role] of Object.entries(posts)) await admin.post('/posts', { name: { zh, en: role }, roles: [role] })
  await page.reload()
  const heads = ['用户名', '姓名', '岗位']
  const people = Object.keys(posts).map((post, i) => [`user${i}`, `员工${i}`, post])
  await bring(page, await table('wrong.xlsx', heads, ...people, ['user1', '重名', '前台'], ['user9', '某人', '厨师']), {
    wrong: 2,
  })
  await page.waitForSelector('text=A9 用户名 与第 3 行重复')
  await page.waitForSelector('text=C10 岗位 没有岗位“厨师”')
  expect(await page.locator('[data-import-go]').count()).toBe(0)
  await page.setInputFiles('input[name=table]', await table('people.xlsx', heads, ...people))
  await page.click('[data-import-go]')
  await page.waitForSelector(`[data-passwords="${people.length}"]`)
  const passwordOf = async (name: string) => (await page.locator(`[data-one-time=${name}]`).textContent()) ?? ''
  const [managers, desks] = [await passwordOf('user0'), await passwordOf('user1')]
  await page.click('[data-noted]')
  await page.waitForSelector('[data-account=user6]')
  // The same table once more has nothing to say.
  await page.click('[aria-label=关闭]')
  await bring(page, join(folder, 'people.xlsx'), { new: 0, changed: 0, same: people.length, wrong: 0 })
  expect(await page.locator('[data-import-go]').count()).toBe(0)

  const desk = await open()
  await enter(desk, 'user1', desks)
  await choose(desk, 'front desk of the house')
  await desk.waitForSelector('.frame')
  await desk.goto(`${stack.url}/tenants`)
  await desk.waitForSelector('text=还没有租户')
  const columns = ['客户编号', '客户名称', '单元', '起租日', '到期日', '联系人', '电话', '紧急联系人', '紧急电话']
  const tenants = Array.from({ length: 300 }, (_, i) => [
    ...[`K${String(i).padStart(3, '0')}`, `第${i}有限公司`, i < 30 ? `${Math.floor(i / 2) + 2}0${(i % 2) + 1}` : ''],
    ...['2026/1/1', '', `联系人${i}`, `1380000${String(i).padStart(4, '0')}`, '', ''],
  ])
  await bring(desk, await table('tenants.xlsx', columns, ...tenants), { wrong: 30 })
  // Rooms are written as the site file writes them.
  const rooms = tenants.map(t => [...t.slice(0, 2), t[2] === '' ? '' : `${t[2]} 室`, ...t.slice(3)])
  await desk.setInputFiles('input[name=table]', await table('tenants.xlsx', columns, ...rooms))
  await desk.waitForSelector('dd[data-count=new] >> text=300')
  await desk.click('[data-import-go]')
  await desk.waitForSelector('[data-imported]')
  await desk.fill('input[name=find]', 'lianxiren17')
  await desk.waitForSelector('[data-tenant=K017]')
  // R51: nobody has an emergency telephone yet; the one who gets one is not counted any more. A specimen seal is held to him.
  await desk.waitForSelector('[data-lacking="300"]')
  await desk.click('[data-tenant=K017] button')
  await desk.waitForSelector('p[data-lacks="urgent dates seal"]')
  await desk.setInputFiles('input[name=seal]', { name: '公章.png', mimeType: 'image/png', buffer: picture })
  await desk.waitForSelector('[data-seal=held] img')
  await desk.waitForSelector('p[data-lacks="urgent dates"]')
  await desk.click('[data-add-contact]')
  await desk.fill('[data-contact="1"] input[name=contact]', '李四')
  await desk.fill('[data-contact="1"] input[name=phone]', '13900000000')
  await desk.check('[data-contact="1"] input[value=urgent]')
  await desk.click('form[data-tenant-file=K017] [data-save]')
  await desk.waitForSelector('[data-lacking="299"]')
  // A shop stands in no site file, for nothing in it is controlled.
  await desk.click('nav a[href="/units"]')
  await bring(desk, await table('units.xlsx', ['单元', '楼层'], ['商铺 101', '1F'], ['商铺 102', '1F']), { new: 2, wrong: 0 })
  await desk.click('[data-import-go]')
  await desk.waitForSelector('[data-imported]')
  await desk.fill('input[name=find]', '商铺 102')
  await desk.waitForSelector('[data-unit] >> text=服务台')
  // Whoever looks on at another screen sees it without asking.
  await page.goto(`${stack.url}/moving-in`)
  await step(page, 'people', false)
  await step(page, 'tenants', true)

  const manager = await open()
  await enter(manager, 'user0', managers)
  await choose(manager, 'manager of the house')
  await manager.waitForSelector('.frame')
  await manager.goto(`${stack.url}/prices`)
  await manager.click('[data-add-price]')
  await manager.fill('input[name=zh]', '超时空调')
  await manager.fill('input[name=price]', '120.50')
  await manager.click('[data-all-zones]')
  await manager.click('[data-save]')
  await proves(manager, 'manager of the house')
  await manager.waitForSelector('[data-unpriced="0"]')
  await step(page, 'prices', true)
  await page.waitForSelector('[data-ability=booking][data-ok=true] >> text=30 / 40')
  // The next price comes from a table, together with the end of this one; storing it asks who it is, looking at it does not.
  const years = ['名称', '每小时（元）', '计时单位（分钟）', '最少计费（分钟）', '起', '止']
  const today = new Date().toLocaleDateString('sv', { timeZone: 'Asia/Shanghai' })
  const [until = '', after = ''] = [`${Number(today.slice(0, 4)) + 1}-12-31`, `${Number(today.slice(0, 4)) + 2}-01-01`]
  const rise = await table(
    'prices.xlsx',
    years,
    ['超时空调', '120.5', '15', '60', today, until],
    ['超时空调', '130', '15', '60', after, ''],
  )
  await bring(manager, rise, { new: 1, changed: 1, wrong: 0 })
  await manager.click('[data-import-go]')
  await proves(manager, 'manager of the house')
  await manager.waitForSelector('[data-imported]')
  await manager.waitForSelector('[data-price] >> text=¥130.00')
  await manager.goto(`${stack.url}/calendar`)
  await manager.click('[data-import]')
  const [download] = await Promise.all([manager.waitForEvent('download'), manager.click('text=下载模板')])
  const days = join(folder, 'days.xlsx')
  await download.saveAs(days)
  await manager.setInputFiles('input[name=table]', days)
  await manager.click('[data-import-go]')
  await manager.waitForSelector('[data-imported]')

  const him = await signIn(stack.url, 'user1', 'front desk of the house')
  const from = Date.parse(`${new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)}T20:00:00+08:00`)
  const zone = (await him.get<SiteView>('/site')).body.zones.find(z => z.tenant === 'K003')
  const quote = await him.get<Quote>(`/overtime/quote?zone=${zone?.id}&from=${from}&to=${from + 7_200_000}`)
  expect(quote.body).toMatchObject({ pricePerHourFen: 12_050, fen: 24_100 })
})

it('a backup of the running building is restored elsewhere and proves itself; the running one is left alone', async () => {
  const into = join(folder, 'backups')
  const made = await tool('backup', [into])
  expect(made).toMatchObject({ code: 0, err: '' })
  // The specimen seal goes with it.
  expect(made.out).toContain(' 1 attachments')
  const backup = made.out.split(':')[0] ?? ''
  // The backup carries a seal; so does that of the night, where one was due by now.
  const verified = await tool('verify', [], { ZHIBAN_BACKUPS: into })
  expect(verified).toMatchObject({ code: 0, err: '' })
  expect(verified.out).toMatch(/^([12]) of \1 seals/m)
  const refused = await tool('restore', [backup, '--replace'])
  expect(refused).toMatchObject({ code: 2, out: '' })
  expect(refused.err).toContain('at work')
  const elsewhere = { ZHIBAN_DATA: join(folder, 'elsewhere') }
  const restored = await tool('restore', [backup], elsewhere)
  expect(restored).toMatchObject({ code: 0, err: '' })
  const entries = /: (\d+) entries of/.exec(made.out)?.[1]
  expect(restored.out).toContain(`: ${entries} entries of the chain, as of`)
  expect((await tool('verify', [], elsewhere)).out).toContain('the books are as they were written')
})

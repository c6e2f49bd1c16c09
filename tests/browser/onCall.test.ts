import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { CallOut } from '#api/models/calls'
import type { CaseHead } from '#api/models/cases'
import type { Alarm } from '#api/models/live'
import type { SiteView } from '#api/models/site'
import type { Staff } from '#api/models/staff'
import { packageRoot } from '#program/environment'
import { axeSource, closePages, openBrowser, signedIn } from '../harness/browser.ts'
import { fieldVoice } from '../harness/fieldVoice.ts'
import { closeOutside, postOffice, robot } from '../harness/outside.ts'
import { type Person, signIn } from '../harness/person.ts'
import { freePorts, type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

/** The demo's tower with three channels and a chain; nobody sits at its desk. */
const chain = `
channels:
  - { id: mail, kind: mail, name: { zh: 邮件, en: Mail }, url: env:ZHIBAN_TEST_SMTP, from: zhiban@example.com }
  - { id: wecom, kind: wecom, name: { zh: 企业微信, en: WeCom }, url: env:ZHIBAN_TEST_WECOM }
  - { id: hook, kind: webhook, name: { zh: 回调, en: Webhook }, url: env:ZHIBAN_TEST_HOOK, secret: env:ZHIBAN_TEST_SECRET }
calls:
  - level: 1
    chain:
      - { afterS: 0, to: ["post:fire-watch"], by: [mail, wecom, hook] }
      - { afterS: 6, to: ["post:crs"], by: [mail] }
      - { afterS: 3600, to: ["post:csm"], by: [mail] }
`
const folder = mkdtempSync(join(tmpdir(), 'zhiban-on-call-'))
let stack: Stack
let browser: Browser
let field: Awaited<ReturnType<typeof fieldVoice>>
let office: Awaited<ReturnType<typeof postOffice>>
let wecom: Awaited<ReturnType<typeof robot>>
let hook: Awaited<ReturnType<typeof robot>>
let manager: Person
beforeAll(async () => {
  const sites = join(packageRoot, 'simulators/sites')
  const demo = readFileSync(join(sites, 'demo.yaml'), 'utf8')
  const plans = demo
    .replace('  - kind: fire\n', '  - kind: fire\n    document: fire.pdf\n')
    .replace('  - kind: intrusion\n', '  - kind: intrusion\n    document: gone.pdf\n')
  writeFileSync(join(folder, 'site.yaml'), `${plans}${chain}`)
  writeFileSync(join(folder, 'fire.pdf'), '%PDF-1.4\n%%EOF\n')
  copyFileSync(join(sites, 'demo.desk.yaml'), join(folder, 'site.desk.yaml'))
  office = await postOffice({})
  wecom = await robot({ json: { errcode: 0 } })
  hook = await robot({ status: 500 })
  const [port = 0] = await freePorts(1)
  stack = await startStack({
    at: '2026-11-24T03:00:00+08:00',
    only: ['broker', 'console'],
    site: join(folder, 'site.yaml'),
    env: {
      ...{ ZHIBAN_TEST_SMTP: office.url, ZHIBAN_TEST_WECOM: wecom.url, ZHIBAN_TEST_HOOK: hook.url, ZHIBAN_TEST_SECRET: 's' },
      ...{ ZHIBAN_HTTP_PORT: String(port), ZHIBAN_PUBLIC_URL: `http://127.0.0.1:${port}` },
    },
  })
  browser = await openBrowser()
  field = await fieldVoice(stack)
  await field.online()
  const admin = await signIn(stack.url, 'admin')
  const { people } = (await admin.get<Staff>('/staff')).body
  for (const p of people.filter(x => ['operator', 'supervisor', 'manager'].includes(x.name))) {
    const { display, postId: post } = p
    const file = { tel: '13900001001', mail: `${p.name}@example.com`, languages: '', leave: [] }
    const changed = await admin.call('PUT', `/staff/${p.id}`, { display, post, ...file })
    expect(changed.status).toBeLessThan(300)
  }
  manager = await signIn(stack.url, 'manager')
})
afterEach(() => closePages(browser))
afterAll(async () => {
  await field?.end()
  await browser?.close()
  await stack?.stop()
  await closeOutside()
  rmSync(folder, { recursive: true, force: true })
})

const linkIn = (mail: string | undefined) =>
  /http:\/\/127\.0\.0\.1:\d+\/on-call\/[\w-]{32}/.exec(mail?.replaceAll('=\r\n', '') ?? '')?.[0] ?? ''
const mailTo = (who: string) => office.mails.find(m => m.includes(`To: ${who}@example.com`))

it('a fire at night with nobody at the desk: three channels at once, the second in the chain answers on his phone, and nobody else is called', async () => {
  await field.raise({ key: 'fp/l12_w1_fire', level: 1, kind: 'fire', place: 'f12-w' }, stack.now())
  await until('the first to be called', () => mailTo('operator') !== undefined && wecom.heard.length > 0)
  expect(JSON.parse(wecom.heard[0]?.body ?? '').text.mentioned_mobile_list).toEqual(['13900001001'])
  expect(wecom.heard[0]?.body).not.toContain('/on-call/')
  await until('the second', () => mailTo('supervisor') !== undefined)
  // A dead channel keeps nobody waiting, and is an alarm that the others tell.
  const alarms = await manager.get<Alarm[]>('/alarms')
  const ticket = alarms.body.find(a => a.kind === 'fire')?.ticket ?? ''

  const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  const phone = await context.newPage()
  await phone.addInitScript(`localStorage.setItem('language', 'zh')`)
  await phone.goto(linkIn(mailTo('supervisor')))
  await phone.waitForSelector('text=报警 fp/l12_w1_fire')
  const box = await phone.locator('[data-have-it]').boundingBox()
  expect(box?.height).toBeGreaterThanOrEqual(44)
  // Whoever cannot come sees whom that would wake.
  expect(await phone.locator('[data-next]').allInnerTexts()).toEqual([expect.stringContaining('没人接')])
  await phone.evaluate(axeSource)
  const wrong = await phone.evaluate(`axe.run().then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].html))`)
  expect(wrong).toEqual([])
  await phone.click('text=15 min 到')
  await phone.click('[data-have-it]')
  await phone.waitForSelector('text=您已接')

  const call = async () => (await manager.get<CallOut>(`/cases/${ticket}/call`)).body
  expect(await call()).toMatchObject({ etaMin: 15, nextAt: null, step: 2 })
  expect((await call()).answeredBy).not.toBeNull()
  await until('the ticket to say so', async () =>
    (await manager.get<CaseHead & { events: { verb: string }[] }>(`/cases/${ticket}`)).body.events.some(
      e => e.verb === 'call-answered',
    ),
  )
  // Whoever was called first sees that somebody has it, and cannot take it from him.
  await phone.goto(linkIn(mailTo('operator')))
  await phone.waitForSelector('text=已接')
  expect(await phone.locator('[data-have-it]').count()).toBe(0)
  expect(office.mails.some(m => m.includes('To: manager@example.com'))).toBe(false)

  const page = await signedIn(browser, stack.url, 'manager')
  await page.goto(`${stack.url}/emergency/${ticket}`)
  await page.waitForSelector('[data-call] >> text=15 min 到')
  await page.waitForSelector('[data-delivery=answered]')
})

it('a channel that does not get through is an alarm, shown with its reason; a test goes to a person', async () => {
  await until('the alarm of the channel', async () =>
    (await manager.get<Alarm[]>('/alarms')).body.some(a => a.key === 'channel/hook'),
  )
  const page = await signedIn(browser, stack.url, 'manager')
  await page.goto(`${stack.url}/channels`)
  await page.waitForSelector('[data-channel=hook] >> text=HTTP 500')
  const before = office.mails.length
  await page.selectOption('[data-channel=mail] select', {
    index: await page
      .locator('[data-channel=mail] option')
      .evaluateAll(all => all.findIndex((o, i) => i > 0 && !o.hasAttribute('disabled'))),
  })
  await page.click('[data-test=mail]')
  await until('the test to arrive', () => office.mails.length > before)
  expect(office.mails.at(-1)).not.toContain('/on-call/')
})

it('a link that nobody was sent opens nothing', async () => {
  const page = await browser.newPage()
  await page.goto(`${stack.url}/on-call/${'x'.repeat(32)}`)
  await page.waitForSelector('[role=alert]')
  expect(await page.locator('[data-have-it]').count()).toBe(0)
  const answered = await fetch(`${stack.url}/api/on-call/${'x'.repeat(32)}/answer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"etaMin":null}',
  })
  expect(answered.status).toBe(404)
})

it('the document of a plan lies beside the site file and can be opened; one that does not is not offered (R68)', async () => {
  const read = (kind: string) => fetch(`${stack.url}/api/plans/${kind}/document`, { headers: { cookie: manager.cookie } })
  const fire = await read('fire')
  expect([fire.status, fire.headers.get('content-type')]).toEqual([200, 'application/pdf'])
  expect(fire.headers.get('content-security-policy')).toContain('sandbox')
  expect((await read('intrusion')).status).toBe(404)
  expect((await read('..%2f..%2fsite')).status).toBe(404)
  const { plans } = (await manager.get<SiteView>('/site')).body
  expect(plans.map(x => [x.kind, x.document])).toEqual(
    expect.arrayContaining([
      ['fire', true],
      ['intrusion', false],
    ]),
  )
})

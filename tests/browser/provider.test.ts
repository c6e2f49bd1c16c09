import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AuditLine } from '#api/models/audit'
import type { User } from '#api/models/people'
import type { Staff } from '#api/models/staff'
import { openBrowser, signedIn } from '../harness/browser.ts'
import { signIn } from '../harness/person.ts'
import { type Known, openSignInProvider, signInThere } from '../harness/signInProvider.ts'
import { freePorts, type Stack, startStack } from '../harness/stack.ts'

const known: Known = new Map([
  ['7f3a', { preferred_username: 'zhaomin', name: '赵敏', groups: ['everybody', 'building-desk'] }],
  ['9c21', { preferred_username: 'operator', name: '冒名者', groups: ['building-desk'] }],
  ['e5b0', { preferred_username: 'engineer', name: '周工', groups: ['building-engineers'] }],
])
let stack: Stack
let browser: Browser
let page: Page
let port = 0
let provider: Awaited<ReturnType<typeof openSignInProvider>> | undefined
beforeAll(async () => {
  const [http = 0, own = 0] = await freePorts(2)
  port = own
  stack = await startStack({
    at: '2026-11-20T09:00:00+08:00',
    only: ['broker', 'console'],
    env: {
      ZHIBAN_HTTP_PORT: String(http),
      ZHIBAN_PUBLIC_URL: `http://127.0.0.1:${http}`,
      ZHIBAN_OIDC_ISSUER: `http://127.0.0.1:${own}`,
      ZHIBAN_OIDC_CLIENT: 'zhiban',
      ZHIBAN_OIDC_SECRET: 'between-us',
    },
  })
  browser = await openBrowser()
  page = await (await browser.newContext()).newPage()
})
afterAll(async () => {
  await browser?.close()
  await provider?.close()
  await stack?.stop()
})

const said = () => page.locator('.wrong').textContent()
const me = async (): Promise<User> => page.evaluate("fetch('/api/me').then(r => r.json())")

it('while the provider is away the page says so, and accounts of this console work as ever', async () => {
  await page.goto(stack.url)
  await page.click('[data-provider]')
  await page.waitForSelector('.wrong:not(:empty)')
  expect(await said()).toContain('统一身份平台没有应答')
  const local = await signedIn(browser, stack.url, 'operator')
  await local.context().close()
})

it('whoever it vouches for comes in with the post of his group, and with that of another group the next time', async () => {
  provider = await openSignInProvider({ port, redirect: `${stack.url}/api/sign-in/provider/back`, known })
  await signInThere(page, stack.url, '7f3a')
  expect(await said()).toContain('没有对应这里的岗位')

  // The security administrator says on the page which group a post is.
  const admin = await signedIn(browser, stack.url, 'admin')
  await admin.goto(`${stack.url}/staff`)
  for (const [post, group] of [
    ['fd', 'building-desk'],
    ['repairer', 'building-engineers'],
  ]) {
    await admin.click(`[data-pick-post="${post}"]`)
    await admin.fill(`[data-post="${post}"] input[name=group]`, group ?? '')
    await admin.click(`[data-post="${post}"] [data-save]`)
    await admin.waitForSelector(`[data-group="${group}"]`)
  }
  await admin.context().close()

  await signInThere(page, stack.url, '7f3a')
  await page.waitForSelector('.frame')
  expect(await me()).toMatchObject({ name: 'zhaomin', display: '赵敏', postId: 'fd', roles: ['front-desk'], vouched: true })
  known.set('7f3a', { preferred_username: 'zhaomin', name: '赵敏敏', groups: ['building-engineers'] })
  await signInThere(page, stack.url, '7f3a')
  await page.waitForSelector('.frame')
  expect(await me()).toMatchObject({ name: 'zhaomin', display: '赵敏敏', roles: ['engineer'] })

  const api = await signIn(stack.url, 'manager')
  const lines = (await api.get<AuditLine[]>('/audit')).body.filter(l => l.subject === 'zhaomin')
  expect(lines.map(l => l.what)).toEqual(['sign-in', 'person-vouched', 'sign-in', 'person-vouched', 'sign-in-refused'])
})

it('a PIN is chosen without a password just after it', async () => {
  await page.goto(`${stack.url}/password`)
  await page.fill('input[name=pin]', '4711')
  await page.click('form[data-pin] button[type=submit]')
  await page.waitForSelector('form[data-pin="chosen"]')
  await page.keyboard.press('Alt+KeyL')
  await page.waitForSelector('[data-locked]')
  await page.fill('input[name=secret]', '4711')
  await page.click('[data-locked] form button[type=submit]')
  await page.waitForSelector('nav')
})

it('a name at the provider opens nobody’s account here, but for one that waits for it', async () => {
  await signInThere(page, stack.url, '9c21')
  expect(await said()).toContain('用户名')
  const admin = await signIn(stack.url, 'admin')
  const { people } = (await admin.get<Staff>('/staff')).body
  const engineer = people.find(p => p.name === 'engineer')
  await signInThere(page, stack.url, 'e5b0')
  expect(await said()).toContain('用户名')
  await admin.call('PUT', `/staff/${engineer?.id}/provider`, { on: true })
  await signInThere(page, stack.url, 'e5b0')
  await page.waitForSelector('.frame')
  expect(await me()).toMatchObject({ id: engineer?.id, name: 'engineer', roles: ['engineer'] })
  // Bound to him: another subject of that name is somebody else.
  known.set('0000', { preferred_username: 'engineer', name: '周工', groups: ['building-engineers'] })
  await signInThere(page, stack.url, '0000')
  expect(await said()).toContain('用户名')
  // Who has left here is out, whatever the provider says.
  await admin.post(`/staff/${engineer?.id}/leave`)
  await signInThere(page, stack.url, 'e5b0')
  expect(await page.locator('.frame').count()).toBe(0)
})

it('a way back that this browser did not begin, or that is taken twice, ends at the sign-in page', async () => {
  const back = (query: string, cookie = '') =>
    fetch(`${stack.url}/api/sign-in/provider/back?${query}`, { redirect: 'manual', headers: { cookie } })
  for (const answer of [await back('code=x&state=y'), await back('code=x&state=y', 'zhiban_provider=y')]) {
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe('/?refused=provider-refused')
    expect(answer.headers.get('set-cookie') ?? '').not.toContain('zhiban_session')
  }
  const begun = await fetch(`${stack.url}/api/sign-in/provider`, { redirect: 'manual' })
  const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? ''
  const state = cookie.split('=')[1] ?? ''
  expect((await back(`code=forged&state=${state}`, cookie)).headers.get('location')).toBe('/?refused=provider-refused')
  expect((await back(`code=forged&state=${state}`, cookie)).headers.get('location')).toBe('/?refused=provider-refused')
})

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { en } from '#api/words/en'
import type { Language } from '#api/words/languages'
import { zh } from '#api/words/zh'

export const axeSource = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** The shell is the same engine without the windows of a desktop's browser, which nobody sees here and which cost half the machine. */
const places = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/google-chrome']
const executablePath = process.env['CHROMIUM'] ?? places.find(existsSync) ?? 'chromium'

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=user-gesture-required',
    ],
  })

const noAnswer = [zh, en].map(t => t.errors.offline)

export type Look = { language?: Language; theme?: 'day' | 'night'; width?: number; height?: number; password?: string }

/** A page of its own person: own cookies, language and theme; signed in as a demo user. */
export const signedIn = async (browser: Browser, url: string, user: string, look: Look = {}): Promise<Page> => {
  const context = await browser.newContext({
    viewport: { width: look.width ?? 1920, height: look.height ?? 1080 },
    timezoneId: 'America/New_York',
  })
  // A slow machine is no failure.
  context.setDefaultTimeout(90_000)
  // As text: the page has localStorage, this process has not.
  const wish = { language: look.language ?? 'zh', theme: look.theme ?? 'day' }
  await context.addInitScript(`for (const [k, v] of Object.entries(${JSON.stringify(wish)})) localStorage.setItem(k, v)`)
  const page = await context.newPage()
  await page.goto(url)
  await page.fill('input[name=name]', user)
  // A server that takes ten seconds has not answered, says the page; whoever signs in tries again.
  for (;;) {
    await page.fill('input[name=password]', look.password ?? `demo-${user}`)
    await page.click('button[type=submit]')
    await page.waitForSelector('.frame, .wrong:not(:empty)').catch(async e => {
      throw new Error(`${user} is not let in: ${await page.locator('body').textContent()}`, { cause: e })
    })
    const refusal = (await page.locator('.frame').count()) > 0 ? undefined : await page.locator('.wrong').textContent()
    if (refusal === undefined) return page
    if (refusal === null || !noAnswer.includes(refusal)) throw new Error(`${user} cannot sign in: ${refusal}`)
  }
}

/** Shows again, where it is asked for, that it is he: by PIN or password. */
export const proves = async (page: Page, secret: string): Promise<void> => {
  await page.fill('[data-proof] input[name=proof]', secret)
  await page.click('[data-proof] button[type=submit]')
  await page.waitForSelector('[data-proof]', { state: 'detached' })
}

/** Goes to another page as a click on a link does it, without loading everything again. */
export const openPage = (page: Page, path: string): Promise<unknown> =>
  page.evaluate(
    `history.pushState(null, '', '${path}'); dispatchEvent(new PopStateEvent('popstate')); new Promise(requestAnimationFrame)`,
  )

/** Nobody looks at them any more, and each one that stays open follows the tower all the same. */
export const closePages = (browser: Browser | undefined, but?: Page) =>
  Promise.all(browser?.contexts().flatMap(c => (c === but?.context() ? [] : [c.close()])) ?? [])

import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { packageRoot } from '#program/environment'
import { openBrowser, signedIn } from '../harness/browser.ts'
import type { Stack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

export const folder = join(packageRoot, 'screenshots')
const desktop = [
  { width: 1920, height: 1080 },
  { width: 1366, height: 768 },
] as const
const phone = [{ width: 390, height: 844 }] as const

/** Name, user, path, and what is done or waited for before the picture. */
export type Shot = readonly [name: string, user: string, path: string, act?: (page: Page) => Promise<void>]
export const settle = (selector: string) => (page: Page) => page.waitForSelector(selector).then(() => {})

/** Every shot in both languages and themes, at both sizes of a desk or at a phone's. */
export const shoot = async (stack: Stack, scene: string, shots: readonly Shot[], on: 'desk' | 'phone' = 'desk') => {
  const browser = await openBrowser()
  let n = 0
  for (const language of ['zh', 'en'] as const)
    for (const theme of ['day', 'night'] as const)
      for (const size of on === 'phone' ? phone : desktop) {
        const people = new Map<string, Page>()
        for (const [name, user, path, act] of shots) {
          const page = people.get(user) ?? (await signedIn(browser, stack.url, user, { language, theme, ...size }))
          people.set(user, page)
          await page.goto(stack.url + path)
          await page.waitForSelector('.frame .page')
          await until('the link to be live', () => page.evaluate('!document.querySelector(".frame.lost")'))
          await act?.(page)
          await page.waitForTimeout(900)
          await page.screenshot({ path: join(folder, `${scene}-${name}-${language}-${theme}-${size.width}.png`) })
          n++
        }
        for (const page of people.values()) await page.context().close()
      }
  await browser.close()
  return n
}

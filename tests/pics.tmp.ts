import { writeFileSync } from 'node:fs'
import { openBrowser, signedIn } from './harness/browser.ts'
import { startStack } from './harness/stack.ts'
const file = '/tmp/wt/pics-clock.json'
writeFileSync(file, JSON.stringify({ rate: 60, sinceReal: Date.now(), sinceSimulated: Date.parse('2026-11-27T18:58:00+08:00'), why: 'emergency' }))
const stack = await startStack({ env: { ZHIBAN_CLOCK_FILE: file } })
const browser = await openBrowser()
try {
  for (const [name, look] of [['zh-1366', { width: 1366, height: 768 }], ['en-390', { width: 390, height: 844, language: 'en', theme: 'night' }]] as const) {
    const page = await signedIn(browser, stack.url, 'engineer', look)
    await page.goto(`${stack.url}/demo`)
    await page.waitForSelector('[data-sim-device]')
    await page.screenshot({ path: `/tmp/wt/pic-${name}.png` })
    if (name === 'en-390') await page.screenshot({ path: `/tmp/wt/pic-${name}.png` })
    await page.goto(`${stack.url}/demo/ahu-5`)
    await page.waitForSelector('[data-sim-point]')
    if (name === 'zh-1366') { await page.click('[data-fault="frozen"]'); await page.fill('[data-sim-point="sat"] input', '31'); await page.keyboard.press('Enter'); await page.waitForSelector('[data-forced="true"]') }
    await page.screenshot({ path: `/tmp/wt/pic-${name}-device.png` })
  }
} finally { await browser.close(); await stack.stop() }

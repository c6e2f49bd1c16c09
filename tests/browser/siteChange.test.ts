import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AuditLine } from '#api/models/audit'
import type { Alarm } from '#api/models/live'
import { packageRoot } from '#program/environment'
import { openBrowser, openPage, signedIn } from '../harness/browser.ts'
import { ForeignMeter } from '../harness/foreignMeter.ts'
import { isOfBusyMachine } from '../harness/linkAlarms.ts'
import { type Person, signIn } from '../harness/person.ts'
import { freePorts } from '../harness/stack.ts'
import { Starter } from '../harness/starter.ts'
import { until } from '../harness/wait.ts'

/** The site file is edited while the tower runs: a slip changes nothing, a new meter is there without a switch moving. */
const folder = mkdtempSync(join(tmpdir(), 'zhiban-change-'))
const site = join(folder, 'demo.yaml')
let starter: Starter
let meter: ForeignMeter
let browser: Browser
let port = 0
let manager: Person
beforeAll(async () => {
  const [free = 0] = await freePorts(1)
  port = free
  meter = new ForeignMeter(port, 7)
  for (const name of ['demo.yaml', 'demo.desk.yaml'])
    copyFileSync(join(packageRoot, 'simulators/sites', name), join(folder, name))
  starter = await Starter.start(['--at', '2026-11-20T15:00:00+08:00'], site)
  manager = await signIn(starter.url, 'manager')
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await starter?.stop()
  await meter?.close()
  rmSync(folder, { recursive: true, force: true })
})

const edit = (change: (text: string) => string) => writeFileSync(site, change(readFileSync(site, 'utf8')))
const withMeter = (text: string, profile: string) =>
  text
    .replace(
      /^buses:\n/m,
      `buses:\n  - { id: real, name: { zh: 新表, en: New meter }, agent: tower, protocol: modbus-tcp, host: 127.0.0.1, port: ${port} }\n`,
    )
    .replace(
      /^devices:\n/m,
      `devices:\n  - { id: meter-new, name: { zh: 新表, en: New meter }, profile: ${profile}, bus: real, unit: 7 }\n`,
    )

/** What runs, what is let go and what is locked at the devices themselves, looked at again and again. */
const watched = { 'ahu-3': 'fan_cmd', plant: 'enable_cmd', 'zc-12e': 'on_cmd', 'd-12': 'lock_cmd' } as const
const follow = () => {
  const seen = new Set<string>()
  let over = false
  const done = (async () => {
    while (!over) {
      for (const [device, key] of Object.entries(watched)) seen.add(`${device}/${key}=${await starter.point(device, key)}`)
      await new Promise(tick => setTimeout(tick, 20))
    }
    return [...seen].sort()
  })()
  return {
    end() {
      over = true
      return done
    },
  }
}
const alarms = async () => (await manager.get<Alarm[]>('/alarms')).body

it('a slip in the file is said, with its line, and nothing else changes', async () => {
  const names = Object.keys(watched)
  const running = async () => Promise.all(names.map(d => starter.point(d, watched[d as keyof typeof watched])))
  await until('the day to run', async () => (await running()).every(v => v === true))
  edit(text => withMeter(text, 'no-such-profile'))
  const alarm = await until('the alarm', async () => (await alarms()).find(a => a.key === 'system/site-file'))
  expect(JSON.stringify(alarm.name)).toContain('no-such-profile')
  expect(starter.said()).not.toContain('starts anew')
})

it('mended it is taken over: the new meter is read, no switch has moved, and the journal has one line', async () => {
  const before = new Set((await alarms()).map(a => a.key))
  const page = await signedIn(browser, starter.url, 'operator')
  await openPage(page, '/devices')
  // One whose live line stands only after the change has nothing of before to tell it by.
  const late = await signedIn(browser, starter.url, 'operator')
  let held = true
  await late.routeWebSocket(/socket\.io/, line => {
    if (held) void line.close()
    else line.connectToServer()
  })
  await late.reload()
  await late.waitForSelector('.frame')
  await openPage(late, '/devices')
  const watch = follow()
  const began = Date.now()
  edit(text => text.replace('no-such-profile', 'eastron-sdm630'))
  const says = (text: string) => until(text, () => starter.said().includes(text) && Date.now())
  const [left, back] = await Promise.all(
    ['edge-agent starts anew', 'edge-agent is running again', 'console is running again'].map(says),
  )
  const engineer = await until('the console to answer', () => signIn(starter.url, 'engineer'))
  await engineer.listen(['meter-new/*', 'ahu-3/*', 'zc-12e/*'])
  const good = (ref: string) => engineer.values.get(ref)?.q === 'good'
  await until('old and new to be good', () => ['meter-new/u_a', 'ahu-3/fan_fb', 'zc-12e/on_fb'].every(good))
  process.stdout.write(
    `the agent was away for ${(back ?? 0) - (left ?? 0)} ms; all of the change is in force ${Date.now() - began} ms after it was written\n`,
  )
  // A page that has been open all the time shows it too.
  await page.waitForSelector('text=新表')
  held = false
  await late.waitForSelector('text=新表')
  manager = await signIn(starter.url, 'manager')
  await until(
    'the alarm to return',
    async () => !(await alarms()).some(a => a.key === 'system/site-file' && a.returnedAt === null),
  )
  expect(await watch.end()).toEqual(
    Object.entries(watched)
      .map(([d, k]) => `${d}/${k}=true`)
      .sort(),
  )
  const lines = (await manager.get<AuditLine[]>('/audit?what=site-taken')).body
  expect(lines.map(l => l.detail)).toEqual([{ added: ['meter-new'], removed: [], changed: [] }])
  const came = (await alarms()).filter(a => !before.has(a.key) && !isOfBusyMachine(a))
  expect(came.map(a => a.key)).toEqual([])
  const audit = await signedIn(browser, starter.url, 'manager')
  await audit.goto(`${starter.url}/audit`)
  await audit.waitForSelector('[data-audit="site-taken"] >> text=新增 meter-new')
  // Brokers and simulators had nothing to take over.
  for (const name of ['broker', 'simulators']) expect(starter.said()).not.toContain(`${name} starts anew`)
  engineer.close()
})

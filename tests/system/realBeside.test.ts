import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SiteView } from '#api/models/site'
import { openConnection } from '#store/sqlite'
import { ForeignMeter } from '../harness/foreignMeter.ts'
import { npmTool } from '../harness/npmTool.ts'
import { firstSignIn, type Person } from '../harness/person.ts'
import { freePorts } from '../harness/stack.ts'
import { Starter } from '../harness/starter.ts'
import { until } from '../harness/wait.ts'

/** A building with one real meter, beside one that is still to come; no zones, no tenants, no demo. */
const siteOf = (port: number, later: string) => `site: yard
name: { zh: 小院, en: Yard }
timeZone: Asia/Shanghai
centreHours: { from: "08:00", to: "18:00" }
console: { user: console, password: env:ZHIBAN_CONSOLE_MQTT_PASSWORD }
agents:
  - { id: plant, name: { zh: 机房, en: Plant room }, user: agent-plant, password: env:ZHIBAN_AGENT_MQTT_PASSWORD }
floors:
  - { id: f1, name: { zh: 1F, en: 1F }, order: 1 }
buses:
  - { id: real, name: { zh: 电表, en: Meters }, agent: plant, protocol: modbus-tcp, host: 127.0.0.1, port: "${port}" }
  - { id: later, name: { zh: 待装, en: To come }, agent: plant, protocol: modbus-tcp, host: 127.0.0.1, port: env:ZHIBAN_BUS_LOW_PORT${later} }
devices:
  - { id: meter-1, name: { zh: 总表, en: Main meter }, profile: eastron-sdm630, bus: real, unit: 7, place: f1 }
  - { id: meter-2, name: { zh: 二号表, en: Meter 2 }, profile: energy-meter, bus: later, unit: 1, place: f1 }
`
const folder = mkdtempSync(join(tmpdir(), 'zhiban-real-'))
let port: number
let meter: ForeignMeter
let starter: Starter
const openMeter = () => new ForeignMeter(port, 7)

beforeAll(async () => {
  const [free = 0] = await freePorts(1)
  port = free
  meter = openMeter()
  const site = join(folder, 'yard.yaml')
  writeFileSync(site, siteOf(port, ', simulated: true'))
  starter = await Starter.start([], site)
})
afterAll(async () => {
  await starter?.stop()
  await meter.close()
  rmSync(folder, { recursive: true, force: true })
})
const shown = (who: Person, ref: string) => who.values.get(ref)

it('npm start on a site of its own serves what is simulated and nothing else; each value says which it is', async () => {
  const password = /one-time password: (\S+)/.exec(starter.said())?.[1]
  const admin = await firstSignIn(starter.url, password)
  await admin.listen(['meter-1/*', 'meter-2/u_a'])
  await until('the real meter to be read', () => shown(admin, 'meter-1/u_a')?.q === 'good')
  await until('the counter as well', () => shown(admin, 'meter-1/kwh')?.q === 'good')
  const read = Object.fromEntries(['u_a', 'i_c', 'kw', 'hz', 'kwh'].map(key => [key, shown(admin, `meter-1/${key}`)?.v]))
  expect(read).toEqual({
    ...{ u_a: expect.closeTo(231.5), i_c: expect.closeTo(10.2), kw: expect.closeTo(7.654) },
    ...{ hz: expect.closeTo(49.98), kwh: expect.closeTo(1234.5) },
  })
  await until('the simulated meter to be read', () => shown(admin, 'meter-2/u_a')?.q === 'simulated')
  const simulated = (await (await fetch(`${starter.simUrl}/devices`)).json()) as { id: string }[]
  expect(simulated.map(d => d.id)).toEqual(['meter-2'])
  expect((await admin.get<SiteView>('/site')).body).toMatchObject({ demo: false, zones: [] })

  // What was last read of a real device that has gone is no value any more.
  await meter.close()
  await until('it to be known as lost', () => shown(admin, 'meter-1/u_a')?.q === 'stale')
  meter = openMeter()
  await until('it to be read again', () => shown(admin, 'meter-1/u_a')?.q === 'good')
  admin.close()
})

it('the agent keeps the head of the console’s chain: books that are put back, hashes and all, are found', async () => {
  const verify = (data: string) => npmTool('verify', [], { ZHIBAN_DATA: data })
  const whole = await until('the agent to have kept a seal', async () => {
    const ran = await verify(starter.data)
    return /[1-9]\d* of [1-9]\d* seals/.test(ran.out) ? ran : undefined
  })
  expect(whole.code, whole.out + whole.err).toBe(0)
  // Somebody cuts off the end of a copy, rows and all.
  const copy = join(folder, 'copy')
  cpSync(starter.data, copy, { recursive: true })
  const raw = await openConnection(join(copy, 'console', 'books.db'))
  const [kept] = await raw.all('select min(n) as n from chain where kind = ?', ['user_account'])
  await raw.exec(`pragma foreign_keys = off; delete from user_account; delete from chain where n >= ${kept?.['n']}`)
  await raw.close()
  const cut = await verify(copy)
  expect(cut.code).toBe(1)
  expect(cut.out).toContain('the chain is not the one that was sealed (plant.db)')
})

it('without anything simulated no simulators run', async () => {
  await starter.stop()
  const site = join(folder, 'bare.yaml')
  writeFileSync(site, siteOf(port, ':1'))
  starter = await Starter.start([], site)
  expect(starter.said()).not.toContain('simulators')
  await expect(fetch(`${starter.simUrl}/devices`)).rejects.toThrow()
})

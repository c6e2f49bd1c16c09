import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { isSimulated, type Pace, pace } from '#contract/pace'
import { isSimulatedDevice, type Site } from '#contract/site'
import { type Environment, readEnvironment } from '#program/environment'
import { openCalendar } from '#program/localCalendar'
import { writePace } from '#program/paceFile'
import { FileProblems, readCatalogue, readSite } from '#program/siteFiles'
import { parsePace } from '#program/wallClock'
import { Supervisor } from './supervisor.ts'

/**
 * `npm start [-- --at HH:MM[:SS] | ISO time] [--rate N]`: field broker, broker, edge agent and console of a site, the demo's when none
 * is named, with simulators for those of its devices that are simulated; each a process of its own, with random MQTT passwords for this
 * run (design §9). What dies is started again.
 */
const programs = [
  { name: 'field-broker', file: '../broker/main.js' },
  { name: 'broker', file: '../broker/main.js' },
  { name: 'simulators', file: './main.js' },
  { name: 'edge-agent', file: '../edge-agent/main.js' },
  { name: 'console', file: '../console/server/main.js' },
] as const
const stopLimitMs = 20_000

const usage = (message: string): never => {
  console.error(`${message}\nusage: npm start [-- --at <HH:MM or ISO time>] [--rate <1-3600>]`)
  process.exit(2)
}

/** The pace with which the demo begins, for all programs; real time when nothing is asked for. */
const firstPace = (at: string | undefined, rate: string | undefined, timeZone: string): Pace => {
  const anchor = Date.now()
  if (at === undefined && rate === undefined && process.env['ZHIBAN_TIME']) return parsePace(process.env['ZHIBAN_TIME'])
  const calendar = openCalendar(timeZone)
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(at ?? '')
  const minute = clock ? Number(clock[1]) * 60 + Number(clock[2]) : 0
  const start = clock
    ? calendar.instantOf(calendar.dateOf(anchor), minute) + Number(clock[3] ?? 0) * 1000
    : at
      ? Date.parse(at)
      : anchor
  if (Number.isNaN(start) || minute >= 1440) usage(`--at '${at}' is no time`)
  const asked = pace.safeParse({ rate: Number(rate ?? 1), sinceReal: anchor, sinceSimulated: start })
  return asked.success ? asked.data : usage(`--rate '${rate}' must be a number from 1 to 3600`)
}

/**
 * What the site takes from the environment and nobody has set: ports of simulated buses (a real one is where the site file says), and
 * passwords. Once given they stay; a site file that has changed is given what it needs besides.
 */
const openSettings = (env: Environment) => {
  const given = new Map<string, string>()
  const ports = (site: Site) =>
    site.buses.flatMap(b => (b.simulated && 'port' in b ? (/^env:([A-Z0-9_]+)/.exec(b.port)?.[1] ?? []) : []))
  const give = (name: string, make: () => string) => {
    if (process.env[name] === undefined && !given.has(name)) given.set(name, make())
  }
  let bus = 0
  return {
    take(site: Site, text: string) {
      for (const name of ports(site)) give(name, () => String(env.ZHIBAN_SIM_BASE_PORT + bus++))
      for (const [, name = ''] of text.matchAll(/password: env:([A-Z0-9_]+)/g))
        give(name, () => randomBytes(18).toString('base64url'))
    },
    all: () => Object.fromEntries(given),
  }
}

const main = async () => {
  const { values } = parseArgs({ options: { at: { type: 'string' }, rate: { type: 'string' } }, strict: true })
  const env = readEnvironment()
  const site = readSite(env.ZHIBAN_SITE, readCatalogue(env.ZHIBAN_PROFILES))
  const settings = openSettings(env)
  let text = readFileSync(env.ZHIBAN_SITE, 'utf8')
  settings.take(site, text)
  /** The site may have changed since; a file that is faulty needs nothing more. */
  const follow = () => {
    try {
      const now = readFileSync(env.ZHIBAN_SITE, 'utf8')
      if (now === text) return
      settings.take(readSite(env.ZHIBAN_SITE, readCatalogue(env.ZHIBAN_PROFILES)), now)
      text = now
    } catch {}
  }
  const begin = firstPace(values.at, values.rate, site.timeZone)
  if (!site.demo && isSimulated(begin)) usage('--at and --rate are for a site that is marked demo: true')
  const clockFile = join(env.ZHIBAN_DATA, 'clock.json')
  if (site.demo) writePace(clockFile, begin)
  const shared = {
    ...process.env,
    ZHIBAN_LOG: process.env['ZHIBAN_LOG'] ?? 'warn',
    ...(env.mqttCertificate && !process.env['ZHIBAN_MQTT_URL']
      ? { ZHIBAN_MQTT_URL: `mqtts://localhost:${env.ZHIBAN_MQTT_PORT}` }
      : {}),
    ZHIBAN_FIELD_MQTT_URL: process.env['ZHIBAN_FIELD_MQTT_URL'] ?? `mqtt://127.0.0.1:${env.ZHIBAN_FIELD_MQTT_PORT}`,
    ...(site.demo ? { ZHIBAN_CLOCK_FILE: clockFile } : {}),
  }
  /** The field's broker stands beside the agent: with the console's gone, a fire still opens the doors. */
  const own: Partial<Record<string, Record<string, string | undefined>>> = {
    broker: { ZHIBAN_BROKER_SERVES: 'uplink' },
    'field-broker': {
      ZHIBAN_BROKER_SERVES: 'field',
      ZHIBAN_MQTT_PORT: String(env.ZHIBAN_FIELD_MQTT_PORT),
      ZHIBAN_BROKER_PORT: String(env.ZHIBAN_FIELD_BROKER_PORT),
      // Devices of the field speak as their makers have made them.
      ZHIBAN_MQTT_TLS_CERT: undefined,
      ZHIBAN_MQTT_TLS_KEY: undefined,
    },
  }
  const supervisor = new Supervisor({
    fork(name) {
      const { file } = programs.find(p => p.name === name) ?? programs[0]
      follow()
      const given = { ...shared, ...settings.all(), ...own[name] }
      return fork(new URL(file, import.meta.url), { env: given, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    },
    say: text => console.error(text),
  })
  const stop = async (code: number) => {
    setTimeout(() => process.exit(code), stopLimitMs).unref()
    await supervisor.stop()
    process.stdout.write('stopped\n', () => process.exit(code))
  }
  process.on('SIGINT', () => void stop(0))
  process.on('SIGTERM', () => void stop(0))
  let answer: Record<string, unknown> = {}
  const simulates = site.devices.some(d => isSimulatedDevice(site, d))
  for (const { name } of programs) {
    if (name === 'simulators' && !simulates) continue
    try {
      answer = await supervisor.start(name)
    } catch (error) {
      const { message, exitCode } = error as Error & { exitCode: number }
      console.error(`${message} before it was ready; stopping the others`)
      return stop(exitCode)
    }
  }
  const users = (site.demo ? (answer['users'] ?? []) : []) as { name: string; password: string; roles: string }[]
  const lines = users.map(u => `  ${u.name.padEnd(10)} ${u.password.padEnd(14)} ${u.roles}`)
  process.stdout.write(
    `ready ${env.webCertificate ? 'https' : 'http'}://${env.ZHIBAN_BIND}:${answer['http']}\n${lines.length > 0 ? `demo users (name, password, roles):\n${lines.join('\n')}\n` : ''}`,
  )
}

main().catch(error => {
  if (error instanceof FileProblems) console.error(error.message)
  else if (error.code?.startsWith?.('ERR_PARSE_ARGS')) usage(error.message)
  process.exitCode ||= 2
})

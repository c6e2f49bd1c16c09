import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { handOverMs, paceAfter, wallAt } from '#contract/pace'
import { packageRoot } from '#program/environment'
import { readPace, writePace } from '#program/paceFile'
import { ProgramProcess } from './programProcess.ts'

/** A whole Zhiban: real processes built from this tree, on free ports, with data in a temporary folder. */
export type ProgramName = 'broker' | 'field-broker' | 'simulators' | 'edge-agent' | 'console'
const files: Record<ProgramName, string> = {
  broker: 'dist/broker/main.js',
  'field-broker': 'dist/broker/main.js',
  simulators: 'dist/simulators/main.js',
  'edge-agent': 'dist/edge-agent/main.js',
  console: 'dist/console/server/main.js',
}
/** The later ones find the earlier ones in their place. */
const stages: ProgramName[][] = [
  ['broker', 'field-broker', 'simulators'],
  ['edge-agent', 'console'],
]

export type StackOptions = {
  site?: string
  /** Start of the wall clock (ISO), which then goes at the pace of real time until `pass` lets time go by; real time when left out. */
  at?: string
  only?: ProgramName[]
  /** Where the programs were built; this tree when left out. */
  root?: string
  env?: Record<string, string>
}

/**
 * Below the range from which the system gives ports away by itself (32768 up); browsers refuse to open 10080. A port stays free
 * until its program binds it, seconds later, so each of the processes that test side by side has a room of its own.
 */
const roomSize = 4000
const room = Number(process.env['VITEST_POOL_ID'] ?? 0) % 5
const firstPort = 10_100 + room * roomSize
const lastPort = firstPort + roomSize - 1
let nextPort = firstPort + ((process.pid * 64) % roomSize)
const listening = (port: number) =>
  new Promise<ReturnType<typeof createServer> | undefined>(done => {
    const server = createServer()
    server.once('error', () => done(undefined))
    server.listen(port, '127.0.0.1', () => done(server))
  })
export const freePorts = async (n: number): Promise<number[]> => {
  const ports: number[] = []
  while (ports.length < n) {
    const port = nextPort++
    if (nextPort > lastPort) nextPort = firstPort
    const server = await listening(port)
    if (!server) continue
    await new Promise(done => server.close(done))
    ports.push(port)
  }
  return ports
}

export class Stack {
  readonly env: Record<string, string>
  readonly data: string
  readonly url: string
  readonly mqttPort: number
  /** Of the broker beside the agent, where the devices that speak MQTT are. */
  readonly fieldPort: number
  readonly simUrl: string
  /** The first user's password, as the console tells its starter. */
  firstPassword: string | undefined
  readonly #programs = new Map<ProgramName, ProgramProcess>()
  readonly #log = new Map<ProgramName, string>()

  readonly #fieldBroker: Record<string, string>
  readonly #root: string

  constructor(env: Record<string, string>, data: string, fieldBroker: Record<string, string>, root: string) {
    this.#root = root
    this.#fieldBroker = fieldBroker
    this.env = env
    this.data = data
    this.url = `http://127.0.0.1:${env['ZHIBAN_HTTP_PORT']}`
    this.simUrl = `http://127.0.0.1:${env['ZHIBAN_SIM_PORT']}`
    this.mqttPort = Number(env['ZHIBAN_MQTT_PORT'])
    this.fieldPort = Number(fieldBroker['ZHIBAN_MQTT_PORT'])
  }

  async start(name: ProgramName): Promise<void> {
    const { program, said } = await ProgramProcess.start({
      name,
      file: join(this.#root, files[name]),
      env: { ...process.env, ...this.env, ...(name === 'field-broker' ? this.#fieldBroker : {}) },
      // What Node itself reads it reads at its start.
      keeps: this.#root === packageRoot && !Object.keys(this.env).some(name => name.startsWith('NODE_')),
      hear: text => this.#log.set(name, (this.log(name) + text.toString('utf8')).slice(-20_000)),
      log: () => this.log(name),
    })
    this.#programs.set(name, program)
    this.firstPassword ??= said.users?.[0]?.password
  }

  /** The business clock of all programs, ms. */
  now(): number {
    const file = this.env['ZHIBAN_CLOCK_FILE']
    return file === undefined ? Date.now() : wallAt(readPace(file), Date.now())
  }

  /** Puts the clock of all programs, also of those that run, and lets it go in real time. */
  setClock(at: number) {
    writePace(this.env['ZHIBAN_CLOCK_FILE'] ?? '', { rate: 1, sinceReal: Date.now(), sinceSimulated: at, why: 'set' })
  }

  /** From now on the clock runs so much faster, until an emergency or somebody else brings it back to real time. */
  pace(rate: number) {
    const file = this.env['ZHIBAN_CLOCK_FILE'] ?? ''
    const pace = readPace(file)
    if (pace.rate !== rate) writePace(file, paceAfter(pace, Date.now(), rate, 'set'))
  }

  /** Lets time go by until this moment, also in an emergency; who works at a screen has real seconds before and after. */
  async pass(until: number, fastest = 240): Promise<void> {
    for (const rate of [fastest, 240, 60]) {
      // A clock that is slowed first steps ahead.
      while (rate <= fastest && this.now() < until - 1.2 * handOverMs * rate) {
        this.pace(rate)
        await new Promise(done => setTimeout(done, 10))
      }
    }
    this.setClock(Math.max(this.now(), until))
  }

  log(name: ProgramName): string {
    return this.#log.get(name) ?? ''
  }

  pid(name: ProgramName): number {
    return this.#programs.get(name)?.pid ?? 0
  }

  alive(name: ProgramName): boolean {
    return this.#programs.get(name)?.alive ?? false
  }

  /** Ends a program at once, as a power cut would. */
  async kill(name: ProgramName, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await this.#programs.get(name)?.end(signal)
  }

  async restart(name: ProgramName): Promise<void> {
    await this.kill(name)
    await this.start(name)
  }

  async stop(): Promise<void> {
    for (const name of stages.flat().toReversed()) await this.kill(name, 'SIGTERM')
    rmSync(this.data, { recursive: true, force: true })
  }

  /** A point as physics has it, at the simulated device itself. */
  async point(device: string, key: string): Promise<unknown> {
    const { points } = (await this.sim('GET', `/devices/${device}`)) as { points: { key: string; value: unknown }[] }
    return points.find(p => p.key === key)?.value
  }

  /** The control of the simulators. */
  async sim(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.simUrl}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`simulators ${method} ${path}: ${response.status} ${await response.text()}`)
    return response.status === 204 ? undefined : response.json()
  }
}

/** Starts a stack, hands it over, and stops it whatever happens. */
export const startStack = async (o: StackOptions = {}): Promise<Stack> => {
  const site = o.site ?? join(packageRoot, 'simulators/sites/demo.yaml')
  const text = readFileSync(site, 'utf8')
  const names = (pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(m => m[1] as string))]
  const busNames = names(/port: env:([A-Z0-9_]+)/g)
  const [http = 0, mqtt = 0, sim = 0, edge = 0, broker = 0, field = 0, fieldHealth = 0, ...buses] = await freePorts(
    7 + busNames.length,
  )
  const data = mkdtempSync(join(tmpdir(), 'zhiban-'))
  const env: Record<string, string> = {
    ZHIBAN_SITE: site,
    ZHIBAN_DATA: data,
    ZHIBAN_LOG: 'info',
    ZHIBAN_HTTP_PORT: String(http),
    ZHIBAN_MQTT_PORT: String(mqtt),
    ZHIBAN_SIM_PORT: String(sim),
    ZHIBAN_EDGE_PORT: String(edge),
    ZHIBAN_BROKER_PORT: String(broker),
    ZHIBAN_FIELD_MQTT_URL: `mqtt://127.0.0.1:${field}`,
    UV_THREADPOOL_SIZE: '8',
    // What is answered is held against the table of routes.
    ZHIBAN_CHECK_ANSWERS: '1',
    ...Object.fromEntries(busNames.map((name, i) => [name, String(buses[i])])),
    ...Object.fromEntries(names(/password: env:([A-Z0-9_]+)/g).map(name => [name, `${name.toLowerCase()}-secret`])),
    ...(o.at ? { ZHIBAN_CLOCK_FILE: join(data, 'clock.json') } : {}),
    ...o.env,
  }
  // The devices that speak MQTT have a broker of their own, beside the agent, where the site names one (design §2).
  const hasField = text.includes('ZHIBAN_FIELD_MQTT_URL')
  if (hasField) env['ZHIBAN_BROKER_SERVES'] ??= 'uplink'
  const ofField = { ZHIBAN_MQTT_PORT: String(field), ZHIBAN_BROKER_PORT: String(fieldHealth), ZHIBAN_BROKER_SERVES: 'field' }
  const stack = new Stack(env, data, ofField, o.root ?? packageRoot)
  if (o.at) stack.setClock(Date.parse(o.at))
  try {
    const wanted = (name: ProgramName) => o.only?.includes(name) ?? (hasField || name !== 'field-broker')
    for (const stage of stages) await Promise.all(stage.filter(wanted).map(name => stack.start(name)))
  } catch (error) {
    await stack.stop()
    throw error
  }
  return stack
}

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { News } from '#api/events'
import { parseSite } from '#contract/parseSite'
import { parseProfile } from '#contract/profile'
import { openModbusBus } from '../../simulators/field/modbusBus.ts'
import { SimDevice } from '../../simulators/simDevice.ts'
import { openBrowser, signedIn } from '../harness/browser.ts'
import { firstSignIn, ownPassword, type Person } from '../harness/person.ts'
import { startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'
import { openBareChain } from './bareChain.ts'
import { loadSince } from './load.ts'
import { percentile } from './percentile.ts'
import { benchProfile, benchSite, devicesPerBus } from './tower.ts'

/**
 * `npm run bench:wire [SAMPLES] [DEVICES]`: 100 devices of 100 points, alarms polled every 200 ms. The devices live in this process,
 * so that the moment a register changes and the moment its read is answered are known exactly; the programs are real ones. Beside
 * each alarm goes a message of its length through the same libraries without any work.
 */
/** Of (b); of (a) each device gives two, in its own place and of a kind each, so that every one opens a ticket. */
const samples = Number(process.argv[2] ?? 200)
const buses = Math.ceil(Number(process.argv[3] ?? 100) / devicesPerBus)
const afterReadLimitMs = 20
/** Of a journal batch with one alarm, bytes. */
const alarmBytes = 450

const folder = mkdtempSync(join(tmpdir(), 'zhiban-bench-'))
const profileText = benchProfile()
const profiles = join(folder, 'profiles')
mkdirSync(profiles)
writeFileSync(join(profiles, 'bench.yaml'), profileText)
const ports = Array.from({ length: buses }, (_, i) => 23_500 + i)
const siteText = benchSite(ports)
const siteFile = join(folder, 'site.yaml')
writeFileSync(siteFile, siteText)
const { profile, problems } = parseProfile({ file: 'bench.yaml', text: profileText })
const parsed = parseSite({ file: 'site.yaml', text: siteText })
if (!profile || !parsed.site) throw new Error(JSON.stringify([...problems, ...parsed.problems]))

/** Other programs may take so much of one core during a sample without being called a load. */
const loadedShare = 0.1
const leastSamples = 100
const besidePage = 40

/** When registers that are watched were first served with their new value. */
const watched = new Map<string, { device: string; key: string; servedAt: number | undefined }>()
class BenchDevice extends SimDevice {
  override word(table: Parameters<SimDevice['word']>[0], address: number) {
    for (const w of watched.values()) {
      if (w.device !== this.id || w.servedAt !== undefined) continue
      const register = this.profile.points.get(w.key)?.register
      if (register?.table === table && register.address === address) w.servedAt = performance.now()
    }
    return super.word(table, address)
  }
}
const devices = parsed.site.devices.map(d => new BenchDevice(d, profile))
const log = pino({ level: 'silent' })
const opened = await Promise.all(
  ports.map((port, i) =>
    openModbusBus({ host: '127.0.0.1', port, devices: devices.slice(i * devicesPerBus, (i + 1) * devicesPerBus), log }),
  ),
)
// Ten of the eighty values of every device move every second, as a busy building does.
const drift = setInterval(() => {
  for (const d of devices) for (let k = 0; k < 10; k++) d.setPoint(`v${Math.floor(Math.random() * 79)}`, Math.random() * 100)
}, 1000)

const stack = await startStack({
  site: siteFile,
  only: ['broker', 'edge-agent', 'console'],
  env: { ZHIBAN_PROFILES: profiles, ZHIBAN_LOG: 'warn' },
})
const person = await firstSignIn(stack.url, stack.firstPassword)
const browser = await openBrowser()
const bare = await openBareChain()
type Job = { device: BenchDevice; bit: string }
type Sample = { whole: number; after: number; stolen: boolean; loaded: boolean }
const shuffled = <T>(list: T[]): T[] =>
  list
    .map(x => ({ x, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ x }) => x)
/** When a client hears of an alarm with its ticket. */
const ticketOf = (who: Person, key: string) =>
  new Promise<{ at: number; ticket: string }>(done => {
    const look = ({ changes = [] }: News) => {
      const told = changes.find(c => c.kind === 'alarm' && c.alarm.key === key && c.alarm.ticket !== null)
      if (told?.kind !== 'alarm' || told.alarm.ticket === null) return
      who.socket?.off('news', look)
      done({ at: performance.now(), ticket: told.alarm.ticket })
    }
    who.socket?.on('news', look)
  })
const pick = () => devices[Math.floor(Math.random() * devices.length)] as BenchDevice
const rows: { what: string; p50: number; p99: number }[] = []
const row = (what: string, list: number[]) =>
  rows.push({ what, p50: Number(percentile(list, 50).toFixed(1)), p99: Number(percentile(list, 99).toFixed(1)) })
const moment = () => new Promise(done => setTimeout(done, 20 + Math.random() * 60))

try {
  await person.listen(devices.map(d => `${d.id}/v79`))
  await until('all devices to be read', () => devices.every(d => person.values.get(`${d.id}/v79`)?.q === 'good'), 30_000)

  const places = new Map<string, number>()
  const raise = async (jobs: readonly Job[]): Promise<Sample[]> => {
    await moment()
    for (const { device, bit } of jobs) watched.set(`${device.id}/${bit}`, { device: device.id, key: bit, servedAt: undefined })
    const load = loadSince()
    const heard = jobs.map(({ device, bit }) => ticketOf(person, `${device.id}/${bit}`))
    const changed = performance.now()
    for (const { device, bit } of jobs) device.setPoint(bit, true)
    const told = await Promise.all(heard)
    const { stolenMs, othersMs } = load()
    return told.map(({ at, ticket }, i) => {
      const job = jobs[i] as Job
      places.set(ticket, (places.get(ticket) ?? 0) + 1)
      const servedAt = watched.get(`${job.device.id}/${job.bit}`)?.servedAt ?? at
      const windowMs = at - changed
      return { whole: windowMs, after: at - servedAt, stolen: stolenMs > 0, loaded: othersMs > windowMs * loadedShare }
    })
  }
  const jobs = shuffled([...devices.map(device => ({ device, bit: 'b0' })), ...devices.map(device => ({ device, bit: 'b1' }))])
  const burst = 10
  const together = jobs.splice(0, burst * 4)
  const one = async (some: readonly Job[]) => {
    const alarms: Sample[] = []
    const bareMs: number[] = []
    for (const job of some) {
      alarms.push(...(await raise([job])))
      await moment()
      bareMs.push(await bare.pass(alarmBytes))
    }
    return { alarms, bareMs }
  }
  const beside = jobs.splice(0, besidePage)
  const { alarms: singly, bareMs } = await one(jobs)
  // A browser that draws the page of alarms in software takes most of a small machine: told of for itself (`bench:flood` measures what it shows).
  const page = await signedIn(browser, stack.url, 'admin', { password: ownPassword })
  await page.goto(`${stack.url}/alarms`)
  await page.waitForSelector('tr[data-alarm], [data-flood]')
  const withPage = await one(beside)
  await page.context().close()
  const atOnce: Sample[] = []
  while (together.length > 0) atOnce.push(...(await raise(together.splice(0, burst))))
  const tickets = places.size
  const quiet = singly.filter(s => !s.stolen && !s.loaded)
  const verdict = quiet.length >= leastSamples ? quiet : singly
  const after = (list: readonly Sample[]) => list.map(s => s.after)
  row(
    `(a) register change -> alarm with its ticket committed, at a client, ${singly.length}, ms`,
    singly.map(s => s.whole),
  )
  row(`    the part after the read, all ${singly.length}, ms`, after(singly))
  const counted = verdict === quiet ? 'without other load' : 'all of them: too few without other load'
  row(`    the part after the read, the ${verdict.length} of the verdict (${counted}), ms`, after(verdict))
  row(`    a message of ${alarmBytes} bytes through the bare chain, beside each of them, ${bareMs.length}, ms`, bareMs)
  row(
    `    ${besidePage} more while a browser of this machine shows the page of alarms, after the read, ms`,
    after(withPage.alarms),
  )
  row(`    the bare chain beside these, ms`, withPage.bareMs)
  row(`    ten at once, the part after each one's own read, all ${atOnce.length}, ms`, after(atOnce))
  const afterRead = percentile(after(verdict), 99)

  const values: number[] = []
  for (let i = 0; i < samples; i++) {
    const device = pick()
    const target = 1000 + i
    const heard = new Promise<number>(done => {
      const look = ({ values = [] }: News) => {
        if (!values.some(([ref, v]) => ref === `${device.id}/v79` && v.v === target)) return
        person.socket?.off('news', look)
        done(performance.now())
      }
      person.socket?.on('news', look)
    })
    await moment()
    const changed = performance.now()
    device.setPoint('v79', target)
    values.push((await heard) - changed)
  }
  row('(b) register change -> value, at a client (values are read every 1 s, told every 250 ms), ms', values)

  const memory = (name: 'broker' | 'edge-agent' | 'console') =>
    Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${stack.pid(name)}/status`, 'utf8'))?.[1] ?? 0) / 1024)
  for (const r of rows)
    process.stdout.write(`${r.what.padEnd(100)} p50 ${String(r.p50).padStart(7)}  p99 ${String(r.p99).padStart(7)}\n`)
  const of = (what: (s: Sample) => boolean) => `${singly.filter(what).length} of ${singly.length}`
  process.stdout.write(
    `other load: CPU time stolen from this machine in ${of(s => s.stolen)}, other programs busy in ${of(s => s.loaded)}\n`,
  )
  process.stdout.write(`tickets opened: ${tickets} by ${singly.length + withPage.alarms.length + atOnce.length} alarms\n`)
  process.stdout.write(
    `p99 of (a) after the read is ${(afterRead / afterReadLimitMs).toFixed(2)} of its limit of ${afterReadLimitMs} ms\n`,
  )
  process.stdout.write(
    `memory, MB: broker ${memory('broker')}, edge agent ${memory('edge-agent')}, console ${memory('console')}\n`,
  )
  if (!(afterRead <= afterReadLimitMs) || tickets < singly.length + withPage.alarms.length + atOnce.length) process.exitCode = 1
} finally {
  clearInterval(drift)
  person.close()
  await bare.close()
  await browser.close()
  await stack.stop()
  await Promise.all(opened.map(b => b.close()))
}
process.exit()

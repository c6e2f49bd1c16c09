import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { parseSite } from '#contract/parseSite'
import { parseProfile } from '#contract/profile'
import { openModbusBus } from '../../simulators/field/modbusBus.ts'
import { SimDevice } from '../../simulators/simDevice.ts'
import { signIn } from '../harness/person.ts'
import { startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'
import { stolen } from './stolen.ts'
import { benchProfile, benchSite, buses, devicesPerBus } from './tower.ts'

/**
 * `npm run bench:wire [SAMPLES]`: 100 devices of 100 points, alarms polled every 200 ms. The devices live in this process, so that
 * the moment a register changes and the moment its read is answered are known exactly; the programs are real ones.
 */
const samples = Number(process.argv[2] ?? 200)
const afterReadLimitMs = 30

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

/** When the register that is watched was last served with its new value. */
let watched: { device: string; key: string; servedAt: number | undefined } | undefined
class BenchDevice extends SimDevice {
  override word(table: Parameters<SimDevice['word']>[0], address: number) {
    const w = watched
    if (w && w.device === this.id && w.servedAt === undefined) {
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
  for (const d of devices) for (let k = 0; k < 10; k++) d.set(`v${Math.floor(Math.random() * 79)}`, Math.random() * 100)
}, 1000)

const stack = await startStack({
  site: siteFile,
  only: ['broker', 'edge-agent', 'console'],
  env: { ZHIBAN_PROFILES: profiles, ZHIBAN_LOG: 'warn' },
})
const person = await signIn(stack.url, 'admin', stack.firstPassword ?? '')
const pick = () => devices[Math.floor(Math.random() * devices.length)] as BenchDevice
const percentile = (list: number[], p: number) =>
  list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor((list.length * p) / 100))] ?? Number.NaN
const rows: { what: string; p50: number; p99: number }[] = []
const row = (what: string, list: number[]) =>
  rows.push({ what, p50: Number(percentile(list, 50).toFixed(1)), p99: Number(percentile(list, 99).toFixed(1)) })
const moment = () => new Promise(done => setTimeout(done, 20 + Math.random() * 60))

try {
  await person.listen(devices.map(d => `${d.id}/v79`))
  await until('all devices to be read', () => devices.every(d => person.values.get(`${d.id}/v79`)?.q === 'good'), 30_000)

  const whole: number[] = []
  const after: { ms: number; stolen: number }[] = []
  for (let i = 0; i < samples; i++) {
    const device = pick()
    const heard = new Promise<number>(done => {
      const look = (
        _seq: number,
        change: { kind: string; alarm?: { key: string; ticket: string | null; returnedAt: number | null } },
      ) => {
        if (
          change.kind !== 'alarm' ||
          change.alarm?.key !== `${device.id}/b0` ||
          change.alarm.ticket === null ||
          change.alarm.returnedAt !== null
        )
          return
        person.socket?.off('change', look as never)
        done(performance.now())
      }
      person.socket?.on('change', look as never)
    })
    await moment()
    watched = { device: device.id, key: 'b0', servedAt: undefined }
    const stolenBefore = stolen()
    const changed = performance.now()
    device.set('b0', true)
    const at = await heard
    whole.push(at - changed)
    after.push({ ms: at - (watched.servedAt ?? at), stolen: stolen() - stolenBefore })
    watched = undefined
    const back = new Promise<void>(done => {
      const look = (_seq: number, change: { kind: string; alarm?: { key: string; returnedAt: number | null } }) => {
        if (change.kind !== 'alarm' || change.alarm?.key !== `${device.id}/b0` || change.alarm.returnedAt === null) return
        person.socket?.off('change', look as never)
        done()
      }
      person.socket?.on('change', look as never)
    })
    device.set('b0', false)
    await back
  }
  row('(a) register change -> alarm with its ticket committed, at a client, ms', whole)
  const undisturbed = after.filter(a => a.stolen === 0)
  const all = after.map(a => a.ms)
  const own = undisturbed.map(a => a.ms)
  row(`    the part after the read, all ${all.length}, ms`, all)
  row(`    the part after the read, the ${own.length} during which no CPU time was stolen from this machine, ms`, own)

  const values: number[] = []
  for (let i = 0; i < samples; i++) {
    const device = pick()
    const target = 1000 + i
    const heard = new Promise<number>(done => {
      const look = (body: { rows: [string, { v: unknown }][] }) => {
        if (!body.rows.some(([ref, v]) => ref === `${device.id}/v79` && v.v === target)) return
        person.socket?.off('values', look as never)
        done(performance.now())
      }
      person.socket?.on('values', look as never)
    })
    await moment()
    const changed = performance.now()
    device.set('v79', target)
    values.push((await heard) - changed)
  }
  row('(b) register change -> value, at a client (values are read every 1 s, told every 250 ms), ms', values)

  const memory = (name: 'broker' | 'edge-agent' | 'console') =>
    Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${stack.pid(name)}/status`, 'utf8'))?.[1] ?? 0) / 1024)
  for (const r of rows)
    process.stdout.write(`${r.what.padEnd(100)} p50 ${String(r.p50).padStart(7)}  p99 ${String(r.p99).padStart(7)}\n`)
  const p99 = rows[2]?.p99 ?? Number.NaN
  process.stdout.write(
    `p99 of (a) after the read, undisturbed, is ${(p99 / afterReadLimitMs).toFixed(2)} of its limit of ${afterReadLimitMs} ms\n`,
  )
  process.stdout.write(
    `memory, MB: broker ${memory('broker')}, edge agent ${memory('edge-agent')}, console ${memory('console')}\n`,
  )
  if (!(p99 <= afterReadLimitMs)) process.exitCode = 1
} finally {
  clearInterval(drift)
  person.close()
  await stack.stop()
  await Promise.all(opened.map(b => b.close()))
}
process.exit()

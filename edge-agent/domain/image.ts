import type { LinkState } from '#contract/messages'
import type { PointRef } from '#contract/names'
import type { Profile } from '#contract/profile'
import { isTrusted, type PointValue } from '#contract/quality'
import type { Reading } from '../registers/decode.ts'

export type DeviceImage = {
  readonly id: string
  readonly profile: Profile
  link: LinkState
  readAt: number
  values: Map<string, PointValue>
  /** When each point was last read (monotonic; undefined: never): what a read-back must be newer than. */
  reads: Map<string, { mono: number | undefined; readonly deadband: number }>
}

/**
 * The process image: the last value of every point with its quality. Control reads only this, never the wire
 * (OpenEMS, style.md §1). A lost link makes everything behind it stale in the same step (design §3).
 */
export class ProcessImage {
  readonly devices = new Map<string, DeviceImage>()

  constructor(devices: readonly { id: string; profile: Profile }[], now: number) {
    for (const { id, profile } of devices) {
      const link: LinkState = { ok: false, since: now, reason: 'starting', errors: 0, driftMs: null }
      const values = new Map<string, PointValue>()
      const reads: DeviceImage['reads'] = new Map()
      for (const [key, point] of profile.points) {
        values.set(key, { v: null, q: 'bad', t: now })
        reads.set(key, { mono: undefined, deadband: point.deadband ?? 0 })
      }
      this.devices.set(id, { id, profile, link, readAt: 0, values, reads })
    }
  }

  get(ref: PointRef): PointValue | undefined {
    const slash = ref.indexOf('/')
    return this.devices.get(ref.slice(0, slash))?.values.get(ref.slice(slash + 1))
  }

  linkOk(device: string): boolean {
    return this.devices.get(device)?.link.ok === true
  }

  /** Takes the readings of one exchange; returns the keys whose value or quality is news (beyond their deadband). */
  apply(deviceId: string, readings: ReadonlyMap<string, Reading>, now: number, mono: number): string[] {
    const device = this.devices.get(deviceId)
    if (!device) return []
    device.readAt = now
    const news: string[] = []
    for (const [key, reading] of readings) {
      const read = device.reads.get(key)
      const before = device.values.get(key)
      if (!read || !before) continue
      read.mono = mono
      const v = reading.ok ? reading.v : null
      const q = reading.ok ? 'good' : 'bad'
      const near = typeof before.v === 'number' && typeof v === 'number' && Math.abs(v - before.v) < read.deadband
      if (before.q === q && (before.v === v || near)) {
        // Not news, but fresh: the shown number stays within its deadband, its time moves on.
        before.t = now
        continue
      }
      device.values.set(key, { v, q, t: now, raw: reading.raw() })
      news.push(key)
    }
    return news
  }

  /** Changes a device's link; returns the keys that thereby became stale. Undefined when nothing changed. */
  setLink(deviceId: string, reason: LinkState['reason'], now: number): string[] | undefined {
    const device = this.devices.get(deviceId)
    if (!device) return undefined
    if (device.link.ok === (reason === null) && device.link.reason === reason) return undefined
    const wasOk = device.link.ok
    device.link = { ...device.link, ok: reason === null, since: now, reason }
    if (reason === null || !wasOk) return []
    const stale: string[] = []
    for (const [key, value] of device.values) {
      if (!isTrusted(value)) continue
      device.values.set(key, { ...value, q: 'stale' })
      stale.push(key)
    }
    return stale
  }

  setDrift(deviceId: string, driftMs: number) {
    const device = this.devices.get(deviceId)
    if (device) device.link = { ...device.link, driftMs }
  }

  /** Points that their device no longer gives: no number any more. Returns the keys that changed. */
  setUnreadable(deviceId: string, keys: readonly string[], now: number): string[] {
    const device = this.devices.get(deviceId)
    if (!device) return []
    const news = keys.filter(k => device.values.get(k)?.q !== 'bad')
    for (const key of news) device.values.set(key, { v: null, q: 'bad', t: now })
    return news
  }

  /** When a point was last read (monotonic ms), or undefined when never since the start. */
  lastRead(ref: PointRef): number | undefined {
    const slash = ref.indexOf('/')
    return this.devices.get(ref.slice(0, slash))?.reads.get(ref.slice(slash + 1))?.mono
  }
}

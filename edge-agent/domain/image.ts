import type { LinkReason, LinkState } from '#contract/messages'
import type { PointRef } from '#contract/names'
import { type Profile, pollPeriodMs } from '#contract/profile'
import { isTrusted, type PointValue } from '#contract/quality'
import type { Reading } from '../registers/decode.ts'

type Read = { mono: number | undefined; readonly deadband: number; readonly staleAfterMs: number }
export type DeviceImage = {
  readonly id: string
  readonly profile: Profile
  link: LinkState
  readAt: number
  values: Map<string, PointValue>
  /** When each point was last read (monotonic; undefined: never): what a read-back must be newer than. */
  reads: Map<string, Read>
  /** Its answers cannot be believed: whatever it says is uncertain. */
  suspect: boolean
  /** The simulators stand in for it beside real devices: none of its values is taken for one of the building. */
  readonly simulated: boolean
}

const stalePeriods = 3
/** Below this a value is not called old: a gateway that takes half a second for a round is slow, not lost. */
const youngestStaleMs = 1500

/**
 * The process image: the last value of every point with its quality. Control reads only this, never the wire (OpenEMS,
 * style.md §1). A value is never fresher than it is: what was not read for three of its periods is stale, and a lost link or
 * part makes everything behind it stale in the same step (design §3).
 */
export class ProcessImage {
  readonly devices = new Map<string, DeviceImage>()

  constructor(devices: readonly { id: string; profile: Profile; simulated?: boolean }[], now: number) {
    for (const { id, profile, simulated = false } of devices) {
      const link: LinkState = { ok: false, since: now, reason: 'starting', code: null, errors: 0, driftMs: null, bus: null }
      const values = new Map<string, PointValue>()
      const reads: DeviceImage['reads'] = new Map()
      for (const [key, point] of profile.points) {
        values.set(key, { v: null, q: 'bad', t: now })
        // A device that speaks by itself has one age, that of its last word; its silence is watched as a whole.
        const staleAfterMs = point.register ? Math.max(youngestStaleMs, stalePeriods * pollPeriodMs[point.poll]) : Infinity
        reads.set(key, { mono: undefined, deadband: point.deadband ?? 0, staleAfterMs })
      }
      this.devices.set(id, { id, profile, link, readAt: 0, values, reads, suspect: false, simulated })
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
      const trusted = device.simulated ? 'simulated' : 'good'
      const q = !reading.ok ? 'bad' : device.suspect ? 'uncertain' : trusted
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
  setLink(deviceId: string, fault: { reason: LinkReason; code: number | null } | null, now: number) {
    const device = this.devices.get(deviceId)
    if (!device) return undefined
    const { link } = device
    const reason = fault?.reason ?? null
    if (link.ok === (fault === null) && link.reason === reason && link.code === (fault?.code ?? null)) return undefined
    device.link = { ...link, ok: fault === null, since: now, reason, code: fault?.code ?? null }
    return fault === null || !link.ok ? [] : this.#makeStale(device, device.values.keys())
  }

  /** Points whose part was lost keep their last number for the eye alone. Returns the keys that changed. */
  setStale(deviceId: string, keys: Iterable<string>): string[] {
    const device = this.devices.get(deviceId)
    return device ? this.#makeStale(device, keys) : []
  }

  /** Values whose time has passed without a reading, by device. */
  age(mono: number): Map<string, string[]> {
    const old = new Map<string, string[]>()
    for (const [id, device] of this.devices) {
      if (!device.link.ok) continue
      const late: string[] = []
      for (const [key, { mono: at, staleAfterMs }] of device.reads)
        if (at !== undefined && mono - at > staleAfterMs) late.push(key)
      const stale = late.length > 0 ? this.#makeStale(device, late) : []
      if (stale.length > 0) old.set(id, stale)
    }
    return old
  }

  /** A device is believed, or is no longer; returns the keys whose quality changed. What is not read yet stays as it is. */
  setSuspect(deviceId: string, suspect: boolean): string[] {
    const device = this.devices.get(deviceId)
    if (!device || device.suspect === suspect) return []
    device.suspect = suspect
    // Believed again is only what is read from now on.
    return suspect ? this.#requalify(device, device.values.keys(), 'uncertain') : []
  }

  setDrift(deviceId: string, driftMs: number) {
    const device = this.devices.get(deviceId)
    if (device) device.link = { ...device.link, driftMs }
  }

  /** When a point was last read (monotonic ms), or undefined when never since the start. */
  lastRead(ref: PointRef): number | undefined {
    const slash = ref.indexOf('/')
    return this.devices.get(ref.slice(0, slash))?.reads.get(ref.slice(slash + 1))?.mono
  }

  #makeStale(device: DeviceImage, keys: Iterable<string>): string[] {
    return this.#requalify(device, keys, 'stale')
  }

  #requalify(device: DeviceImage, keys: Iterable<string>, q: 'stale' | 'uncertain'): string[] {
    const changed: string[] = []
    for (const key of keys) {
      const value = device.values.get(key)
      if (!value || !((q === 'stale' && value.q === 'uncertain') || isTrusted(value))) continue
      device.values.set(key, { ...value, q })
      changed.push(key)
    }
    return changed
  }
}

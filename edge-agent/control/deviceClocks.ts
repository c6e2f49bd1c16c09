import type { Profile } from '#contract/profile'
import type { Device } from '#contract/site'
import { type Drift, judgeClock, noDrift } from '../domain/clockDrift.ts'
import type { Effect } from '../memory/edgeMemory.ts'
import type { Reading } from '../registers/decode.ts'
import type { DirectAlarm } from './alarmKeeper.ts'

const keyOf = (device: string) => `clock/${device}`

type Options = {
  devices: readonly { device: Device; profile: Profile }[]
  stands(key: string): boolean
  setAlarm(alarm: DirectAlarm, active: boolean): Effect[]
}

/** Holds the clocks that devices tell against the agent's: their own records are dated by them (profile `clock`). */
export class DeviceClocks {
  readonly #o: Options
  readonly #drifts = new Map<string, Drift>()

  constructor(o: Options) {
    this.#o = { ...o, devices: o.devices.filter(d => d.profile.clock) }
    for (const { device } of this.#o.devices) this.#drifts.set(device.id, { ...noDrift, off: o.stands(keyOf(device.id)) })
  }

  get keys(): string[] {
    return this.#o.devices.map(d => keyOf(d.device.id))
  }

  /** A device's points were read. Returns the drift in ms, or undefined where no clock was among them. */
  read(id: string, readings: ReadonlyMap<string, Reading>, wall: number) {
    const found = this.#o.devices.find(d => d.device.id === id)
    const clock = found?.profile.clock
    // Not from the image: there a value stays as it is while it moves within its deadband.
    const reading = clock && readings.get(clock.point)
    if (!found || !clock || !reading?.ok || typeof reading.v !== 'number') return undefined
    const drift = judgeClock(clock.limitS * 1000, this.#drifts.get(id) ?? noDrift, reading.v * 1000, wall)
    this.#drifts.set(id, drift)
    const { name, place } = found.device
    const alarm = {
      key: keyOf(id),
      level: 3 as const,
      kind: 'system' as const,
      device: id,
      place: place ?? null,
      name: { zh: `${name.zh} 时钟不准`, en: `${name.en}: its clock is wrong` },
    }
    return { driftMs: drift.ms, effects: this.#o.setAlarm(alarm, drift.off) }
  }
}

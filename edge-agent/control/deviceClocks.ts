import type { Profile } from '#contract/profile'
import type { Device } from '#contract/site'
import { type Drift, judgeClock, noDrift, ownError } from '../domain/clockDrift.ts'
import type { Exchange } from '../field/fieldBus.ts'
import type { Effect } from '../memory/edgeMemory.ts'
import type { DirectAlarm } from './alarmKeeper.ts'
import type { Watch, WatchTools } from './watch.ts'

const keyOf = (device: string) => `clock/${device}`
const ownKey = 'clock/agent'

type Watched = { device: Device; profile: Profile }
type Options = {
  devices: readonly Watched[]
  stands(key: string): boolean
  setAlarm(alarm: DirectAlarm, active: boolean): Effect[]
}

/**
 * Holds the clocks that devices tell against the agent's: their own records are dated by them (profile `clock`). When most of
 * them and the console agree against the agent, it is the agent's clock that is wrong.
 */
export class DeviceClocks {
  readonly #watched: Map<string, Watched>
  readonly #o: Options
  readonly #judged = new Map<string, Drift>()
  /** How far each device is ahead of the agent's clock, as last read. */
  readonly #ahead = new Map<string, number>()
  #consoleAhead: number | undefined
  readonly #limitMs: number

  constructor(o: Options) {
    this.#o = o
    this.#watched = new Map(o.devices.filter(d => d.profile.clock).map(d => [d.device.id, d]))
    for (const id of this.#watched.keys()) this.#judged.set(id, { ...noDrift, off: o.stands(keyOf(id)) })
    this.#limitMs = Math.max(0, ...[...this.#watched.values()].map(d => (d.profile.clock?.limitS ?? 0) * 1000))
  }

  get keys(): string[] {
    return [ownKey, ...[...this.#watched.keys()].map(keyOf)]
  }

  /** The console's wall clock, from its heartbeat. */
  onConsole(told: number, wall: number) {
    this.#consoleAhead = told - wall
  }

  /** A device's points were read. Returns the drift in ms, or undefined where no clock was among them. */
  read(id: string, { readings }: Exchange, wall: number): { driftMs: number; effects: Effect[] } | undefined {
    const found = this.#watched.get(id)
    const clock = found?.profile.clock
    // Not from the image: there a value stays as it is while it moves within its deadband.
    const reading = clock && readings.get(clock.point)
    if (!found || !clock || !reading?.ok || typeof reading.v !== 'number') return undefined
    const told = reading.v * 1000
    this.#ahead.set(id, told - wall)
    const own = ownError([...this.#ahead.values()], this.#consoleAhead, this.#limitMs)
    const effects = this.#ownAlarm(own)
    const driftMs = Math.round(told - wall)
    if (own === 'unknown') return { driftMs, effects }
    const drift = judgeClock(clock.limitS * 1000, this.#judged.get(id) ?? noDrift, told, wall + own)
    this.#judged.set(id, drift)
    const { name, place } = found.device
    const alarm = {
      key: keyOf(id),
      level: 3 as const,
      kind: 'system' as const,
      device: id,
      place: place ?? null,
      name: { zh: `${name.zh} 时钟不准`, en: `${name.en}: its clock is wrong` },
    }
    return { driftMs, effects: [...effects, ...this.#o.setAlarm(alarm, drift.off)] }
  }

  #ownAlarm(own: number | 'unknown'): Effect[] {
    if (own === 'unknown') return []
    const seconds = Math.round(Math.abs(own) / 1000)
    const name = {
      zh: `边缘代理自己的时钟${own > 0 ? '慢' : '快'} ${seconds} 秒：多数设备与控制台一致`,
      en: `The edge agent's own clock is ${seconds} s ${own > 0 ? 'slow' : 'fast'}: most devices and the console agree`,
    }
    return this.#o.setAlarm({ key: ownKey, level: 3, kind: 'system', device: null, place: null, name }, own !== 0)
  }
}

export const watchClocks = ({ devices, catalogue, image, stands, setAlarm }: WatchTools): Watch => {
  const watched = devices.flatMap(device => {
    const profile = catalogue.get(device.profile)
    return profile ? [{ device, profile }] : []
  })
  const clocks = new DeviceClocks({ devices: watched, stands, setAlarm })
  return {
    keys: clocks.keys,
    onExchange({ id, exchange, at }) {
      const read = clocks.read(id, exchange, at.wall)
      if (!read) return []
      image.setDrift(id, read.driftMs)
      return read.effects
    },
    onConsole: (told, wall) => clocks.onConsole(told, wall),
  }
}

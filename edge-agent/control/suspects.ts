import type { Words } from '#contract/names'
import type { Profile } from '#contract/profile'
import { doubtWords } from '../domain/faultWords.ts'
import { Suspicion } from '../domain/suspicion.ts'
import type { Exchange } from '../field/fieldBus.ts'
import type { Effect } from '../memory/edgeMemory.ts'
import type { DirectAlarm } from './alarmKeeper.ts'

type Watched = { id: string; name: Words; place: string | null; profile: Profile }
type Options = {
  devices: readonly Watched[]
  stands(key: string): boolean
  setAlarm(alarm: DirectAlarm, active: boolean): Effect[]
}

/** One that was suspected when the agent ended is so until so many exchanges in a row have nothing against it. */
const clearedAfter = 20

const keyOf = (device: string) => `suspect/${device}`

/** Says aloud which devices answer, but cannot be believed. */
export class Suspects {
  readonly #o: Options
  readonly #watched: Map<string, { device: Watched; suspicion: Suspicion; counters: readonly string[]; uncleared: number }>

  constructor(o: Options) {
    this.#o = o
    this.#watched = new Map(
      o.devices.map(device => {
        const counters = [...device.profile.points].flatMap(([key, p]) => (p.counts ? [key] : []))
        const uncleared = o.stands(keyOf(device.id)) ? clearedAfter : 0
        return [device.id, { device, suspicion: new Suspicion(), counters, uncleared }]
      }),
    )
  }

  get keys(): string[] {
    return [...this.#watched.keys()].map(keyOf)
  }

  /** Judges a device by one more exchange, before its values are taken. */
  judge(id: string, { readings, part, words }: Exchange, mono: number): { suspect: boolean; effects: Effect[] } {
    const w = this.#watched.get(id)
    if (!w) return { suspect: false, effects: [] }
    if (part && words) w.suspicion.words(part.id, words)
    const told = readings.get(w.device.profile.clock?.point ?? '')
    if (told?.ok && typeof told.v === 'number') w.suspicion.clock(told.v, mono)
    w.suspicion.counters(numbers(readings, w.counters))
    const doubt = w.suspicion.doubt(mono, (w.device.profile.clock?.limitS ?? Infinity) * 1000)
    if (doubt) w.uncleared = 0
    else if (w.uncleared > 0) w.uncleared--
    const suspect = doubt !== undefined || w.uncleared > 0
    // Asked after every exchange: nearly always nothing has changed.
    if (suspect === this.#o.stands(keyOf(id))) return { suspect, effects: [] }
    const { name, place, profile } = w.device
    const why = doubtWords[doubt ?? 'all-alike']
    const alarm = {
      key: keyOf(id),
      level: profile.linkAlarmLevel,
      kind: 'fault' as const,
      device: id,
      place,
      name: { zh: `${name.zh} 数据可疑：${why.zh}`, en: `${name.en}: not to be believed, ${why.en}` },
    }
    return { suspect, effects: this.#o.setAlarm(alarm, suspect) }
  }

  /** Its link was lost: what comes after is judged anew. */
  forget(id: string) {
    this.#watched.get(id)?.suspicion.forget()
  }
}

const numbers = (readings: Exchange['readings'], keys: readonly string[]): Map<string, number> => {
  const found = new Map<string, number>()
  for (const key of keys) {
    const r = readings.get(key)
    if (r?.ok && typeof r.v === 'number') found.set(key, r.v)
  }
  return found
}

import { type Moment, wallStep } from '../domain/wallSteps.ts'
import type { Effect } from '../memory/edgeMemory.ts'
import type { DirectAlarm } from './alarmKeeper.ts'

/** So long a jump is told (monotonic): somebody must have looked at the clock by then. */
const toldForMs = 900_000
const jumpKey = 'clock/jump'

type Options = { rate: number; setAlarm(alarm: DirectAlarm, active: boolean): Effect[] }

/** Watches the wall clock by the monotonic one: a jump is said aloud, and whoever counts minutes is told. */
export class WallWatch {
  readonly keys = [jumpKey]
  readonly #o: Options
  #last: Moment
  #jumpedAt: number | undefined

  constructor(o: Options, now: Moment) {
    this.#o = o
    this.#last = now
  }

  /** Monotonic time at the wall clock's rate. */
  lived(mono: number): number {
    return mono * this.#o.rate
  }

  /** Returns the moment before a jump, when there was one since the last look. */
  look(now: Moment): { jumpedFrom: Moment | undefined; effects: Effect[] } {
    const before = this.#last
    this.#last = now
    const byMs = wallStep(before, now, this.#o.rate)
    if (byMs === 0) {
      const over = this.#jumpedAt !== undefined && now.mono - this.#jumpedAt > toldForMs
      if (over) this.#jumpedAt = undefined
      return { jumpedFrom: undefined, effects: over ? this.#alarm(0, false) : [] }
    }
    this.#jumpedAt = now.mono
    return { jumpedFrom: before, effects: [...this.#alarm(0, false), ...this.#alarm(byMs, true)] }
  }

  #alarm(byMs: number, active: boolean): Effect[] {
    const seconds = Math.round(Math.abs(byMs) / 1000)
    const name = {
      zh: `边缘代理时钟${byMs > 0 ? '前跳' : '回拨'} ${seconds} 秒，期间运行时间未核实`,
      en: `The edge agent's clock jumped ${seconds} s ${byMs > 0 ? 'ahead' : 'back'}; what ran meanwhile is unverified`,
    }
    return this.#o.setAlarm({ key: jumpKey, level: 3, kind: 'system', device: null, place: null, name }, active)
  }
}

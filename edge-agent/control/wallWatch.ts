import { follows, type Pace } from '#contract/pace'
import { type Moment, wallStep } from '../domain/wallSteps.ts'
import type { Effect } from '../memory/edgeMemory.ts'
import type { DirectAlarm } from './alarmKeeper.ts'

/** So long a jump is told (monotonic): somebody must have looked at the clock by then. */
const toldForMs = 900_000
const jumpKey = 'clock/jump'

type Options = { pace(): Pace; setAlarm(alarm: DirectAlarm, active: boolean): Effect[] }

/** Watches the wall clock by the monotonic one: a jump is said aloud, and whoever counts minutes is told. */
export class WallWatch {
  readonly keys = [jumpKey]
  readonly #o: Options
  #last: Moment
  #jumpedAt: number | undefined
  /** Where the pace began that is in force. */
  #begun: { mono: number; livedMs: number; pace: Pace }

  constructor(o: Options, now: Moment) {
    this.#o = o
    this.#last = now
    const pace = o.pace()
    this.#begun = { mono: now.mono, livedMs: now.mono * pace.rate, pace }
  }

  /** Monotonic time at the wall clock's rate. */
  lived(mono: number): number {
    const { mono: since, livedMs, pace } = this.#begun
    return livedMs + (mono - since) * pace.rate
  }

  /** Returns the moment before a jump, when there was one since the last look. */
  look(now: Moment): { jumpedFrom: Moment | undefined; effects: Effect[] } {
    const before = this.#last
    this.#last = now
    const pace = this.#o.pace()
    // Another pace is no jump: it is looked at anew from here.
    const changed = pace !== this.#begun.pace
    if (changed) this.#begun = { mono: now.mono, livedMs: this.#livedAtChange(before, now, pace), pace }
    const byMs = changed ? 0 : wallStep(before, now, pace.rate)
    if (byMs === 0) {
      const over = this.#jumpedAt !== undefined && now.mono - this.#jumpedAt > toldForMs
      if (over) this.#jumpedAt = undefined
      return { jumpedFrom: undefined, effects: over ? this.#alarm(0, false) : [] }
    }
    this.#jumpedAt = now.mono
    return { jumpedFrom: before, effects: [...this.#alarm(0, false), ...this.#alarm(byMs, true)] }
  }

  /**
   * A pace that goes on from the one before holds from a moment that lies a little back, and steps over what others show until
   * they hear of it: all of that is the demo's time, and what ran went on running in it. A clock that was put is not believed.
   */
  #livedAtChange(before: Moment, now: Moment, pace: Pace): number {
    const lived = this.lived(now.mono)
    return follows(this.#begun.pace, pace) ? Math.max(lived, this.lived(before.mono) + now.wall - before.wall) : lived
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

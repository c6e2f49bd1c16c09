import { fastestRate, type Pace, realPace, wallAt } from '#contract/pace'

/** The second of the two clocks (design §8): wall time for business. Protocols use `monotonicMs` and never this one. */
export type WallClock = {
  /** ms since 1970 as the people in the building see it. */
  now(): number
  /** The pace in force; another object after every change. */
  readonly pace: Pace
  /** Changes the pace of all programs of a demo; missing where it is fixed. */
  change?(rate: number, why: Pace['why']): void
  /** Called after every change, whoever made it. */
  onChange(act: () => void): void
  /** Nobody asks for the time any more; missing where nothing has to be let go. */
  close?(): void
}

export const monotonicMs = (): number => performance.now()

/** A clock that goes at a pace, and never goes back when it is given another one: then it waits. */
export class PacedClock implements WallClock {
  #pace: Pace
  readonly #real: () => number
  readonly #listeners: (() => void)[] = []
  #waits: { at: number; untilReal: number } | undefined

  constructor(pace: Pace, real: () => number = Date.now) {
    this.#pace = pace
    this.#real = real
  }

  get pace(): Pace {
    return this.#pace
  }

  now(): number {
    const real = this.#real()
    if (this.#waits && real < this.#waits.untilReal) return this.#waits.at
    this.#waits = undefined
    return wallAt(this.#pace, real)
  }

  take(pace: Pace) {
    const at = this.now()
    const real = this.#real()
    this.#pace = pace
    const behind = at - wallAt(pace, real)
    this.#waits = behind > 0 ? { at, untilReal: real + behind / pace.rate } : undefined
    for (const act of this.#listeners) act()
  }

  onChange(act: () => void) {
    this.#listeners.push(act)
  }
}

export const realWallClock: WallClock = new PacedClock(realPace)

/**
 * `ZHIBAN_TIME=<start>[@<real ms>][,<rate>]`: a fixed pace, alike for all programs; the anchor lets them agree to the
 * millisecond. Throws with what to write instead when the text is malformed.
 */
export const parsePace = (text: string | undefined, real = Date.now()): Pace => {
  if (!text) return realPace
  const match = /^([^@,]+)(?:@(\d+))?(?:,([\d.]+))?$/.exec(text)
  const start = Date.parse(match?.[1] ?? '')
  const rate = Number(match?.[3] ?? 1)
  if (!match || Number.isNaN(start) || !(rate > 0 && rate <= fastestRate))
    throw new Error(
      `ZHIBAN_TIME='${text}': write <ISO time with offset>[@<real ms>][,<rate up to ${fastestRate}>], e.g. 2026-11-21T18:58:00+08:00,60`,
    )
  return { rate, sinceReal: match[2] ? Number(match[2]) : real, sinceSimulated: start, why: 'set' }
}

/** Why nothing that a device says can be believed. */
export type Doubt = 'all-alike' | 'clock-stands' | 'counter-back'

/** Fewer words than these may well be equal by chance. */
const leastWords = 8
/** A clock that tells minutes only stands for most of one: it is judged by its own limit, and by so many readings. */
const clockReadings = 3
/** A counter that ran back is believed again after so many readings in which none did. */
const counterRecovers = 5

type Clock = { told: number; since: number; readings: number }

/**
 * What a device's own answers say against it (design §3): all of them alike and not zero, a clock that stands, a counter that
 * runs back. A quiet panel of zeros with a running clock is a healthy one. Pure over words, values and monotonic times.
 */
export class Suspicion {
  /** Of each part: its one word, or undefined where its words differ; and how many there are. */
  readonly #parts = new Map<string, { word: number | undefined; count: number }>()
  readonly #counters = new Map<string, number>()
  #clock: Clock | undefined
  #countersCalm = counterRecovers
  #alikeFor = 0

  words(part: string, words: readonly number[]) {
    const [first] = words
    const alike = words.every(w => w === first)
    this.#parts.set(part, { word: alike ? first : undefined, count: words.length })
    this.#alikeFor = this.#allAlike() ? this.#alikeFor + 1 : 0
  }

  clock(told: number, mono: number) {
    const before = this.#clock
    if (!before || before.told !== told) this.#clock = { told, since: mono, readings: 1 }
    else this.#clock = { ...before, readings: before.readings + 1 }
  }

  /** The counters of one exchange. */
  counters(values: ReadonlyMap<string, number>) {
    if (values.size === 0) return
    let back = false
    for (const [key, v] of values) {
      back ||= v < (this.#counters.get(key) ?? v)
      this.#counters.set(key, v)
    }
    this.#countersCalm = back ? 0 : this.#countersCalm + 1
  }

  /** After a lost link nothing of before is held against what comes. */
  forget() {
    this.#parts.clear()
    this.#counters.clear()
    this.#clock = undefined
    this.#alikeFor = 0
    this.#countersCalm = counterRecovers
  }

  /** `clockLimitMs`: how wrong the device's clock may be (profile `clock`). */
  doubt(mono: number, clockLimitMs = Infinity): Doubt | undefined {
    // Not before every part had its turn: one part of a device may well be all alike.
    if (this.#alikeFor > this.#parts.size + 1) return 'all-alike'
    const c = this.#clock
    if (c && c.readings >= clockReadings && mono - c.since >= clockLimitMs) return 'clock-stands'
    return this.#countersCalm < counterRecovers ? 'counter-back' : undefined
  }

  #allAlike(): boolean {
    const parts = [...this.#parts.values()]
    const word = parts[0]?.word
    if (!word || parts.reduce((sum, p) => sum + p.count, 0) < leastWords) return false
    return parts.every(p => p.word === word)
  }
}

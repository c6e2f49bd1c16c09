const kept = 64

/** How late reads come for their period: the 90th percentile of the last of them; 1 is on time. Pure over times. */
export class Pace {
  readonly #ratios: number[] = []
  #next = 0

  /** Two reads of one block lay so far apart. */
  note(intervalMs: number, periodMs: number) {
    this.#ratios[this.#next] = intervalMs / periodMs
    this.#next = (this.#next + 1) % kept
  }

  /** Null before there are enough of them to judge. */
  get p90(): number | null {
    if (this.#ratios.length < kept / 4) return null
    const sorted = this.#ratios.toSorted((a, b) => a - b)
    return Math.round((sorted[Math.floor(sorted.length * 0.9)] ?? 1) * 100) / 100
  }
}

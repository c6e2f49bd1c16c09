/** A busy door has a card every second; a controller gone mad has thousands. */
const perSecond = 5
const burst = 100

/** Lets a device's events through at a human rate, so that none can fill the journal; counts what it held back. */
export class EventBudget {
  #left = burst
  #at: number
  #dropped = 0

  constructor(mono: number) {
    this.#at = mono
  }

  admits(mono: number): boolean {
    this.#refill(mono)
    if (this.#left < 1) {
      this.#dropped++
      return false
    }
    this.#left--
    return true
  }

  /** How many were held back, told once, when the flood has passed. */
  takeDropped(mono: number): number {
    this.#refill(mono)
    if (this.#dropped === 0 || this.#left < burst / 2) return 0
    const n = this.#dropped
    this.#dropped = 0
    return n
  }

  #refill(mono: number) {
    this.#left = Math.min(burst, this.#left + ((mono - this.#at) / 1000) * perSecond)
    this.#at = mono
  }
}

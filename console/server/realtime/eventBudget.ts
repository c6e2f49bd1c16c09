/** What one session may send to the live connection: a page that opens sends a few events, a storm is more than anybody's page. */
export const eventLimits = { burst: 200, perSecond: 20, connecting: 10 }

/** A bucket of tokens that fills by itself. `now` is monotonic milliseconds. */
export class EventBudget {
  #left = eventLimits.burst
  #at: number

  constructor(now: number) {
    this.#at = now
  }

  /** False when there is not enough; then nothing is taken, or screens that keep asking would never get in again. */
  take(cost: number, now: number): boolean {
    this.#left = Math.min(eventLimits.burst, this.#left + ((now - this.#at) / 1000) * eventLimits.perSecond)
    this.#at = now
    if (this.#left < cost) return false
    this.#left -= cost
    return true
  }
}

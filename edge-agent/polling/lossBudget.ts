/** The share of a bus's time that tries at doubtful units may lose while others live. */
const share = 0.1
/** A unit that has just died is named quickly: three tries at the longest first deadline. */
const burstMs = 1500

/**
 * What tries at dead units may cost. Every time-out blocks the living units of the same gateway, so they are paid from an
 * allowance that grows with time (faults.md §4: one request in flight).
 */
export class LossBudget {
  #left = burstMs
  #at: number

  constructor(now: number) {
    this.#at = now
  }

  allows(costMs: number, now: number): boolean {
    this.#refill(now)
    return this.#left >= Math.min(costMs, burstMs)
  }

  /** When a try of that cost will be allowed. */
  allowedAt(costMs: number, now: number): number {
    this.#refill(now)
    return now + Math.max(0, Math.min(costMs, burstMs) - this.#left) / share
  }

  /** Never deeper in debt than one try, so that a wave of deaths does not stop the looking. */
  spend(costMs: number, now: number) {
    this.#refill(now)
    this.#left = Math.max(-costMs, this.#left - costMs)
  }

  #refill(now: number) {
    this.#left = Math.min(burstMs, this.#left + (now - this.#at) * share)
    this.#at = now
  }
}

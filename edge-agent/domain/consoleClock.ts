/** Without a heartbeat for so long the console's time is not known well enough to judge a command. */
export const consoleSilenceMs = 15_000
/** The best of the heartbeats of so long counts, so that two clocks may drift apart a little without anybody noticing. */
const windowMs = 600_000

/**
 * The agent's best knowledge of the console's clock (design §3): its heartbeats carried on by our own monotonic clock. What
 * waited in a socket during a stall is as old as it is: a heartbeat that lies behind what is known moves nothing, and the estimate
 * never goes back. A console of another session begins anew. Pure over times in ms.
 */
export class ConsoleClock {
  #session: string | undefined
  #beats: { ahead: number; at: number }[] = []
  #estimate = -Infinity
  #newest = -Infinity

  hear(clock: number, session: string, mono: number) {
    if (session !== this.#session) {
      this.#session = session
      this.#beats = []
      this.#estimate = -Infinity
      this.#newest = -Infinity
    }
    this.#newest = Math.max(this.#newest, clock)
    this.#beats = [...this.#beats.filter(b => b.at > mono - windowMs), { ahead: clock - mono, at: mono }]
  }

  /** The console's time now, or undefined while it is not known. */
  now(mono: number): number | undefined {
    if (this.#beats.length === 0) return undefined
    this.#estimate = Math.max(this.#estimate, mono + Math.max(...this.#beats.map(b => b.ahead)))
    return this.#estimate - this.#newest > consoleSilenceMs ? undefined : this.#estimate
  }
}

/** Without a heartbeat for so long the console's time is not known well enough to judge a command. */
export const consoleSilenceMs = 15_000
/** The best of the heartbeats of so long counts, so that two clocks may drift apart a little without anybody noticing. */
const windowMs = 600_000
/** Two heartbeats that differ by less in how far they are ahead of us have come as they were sent. */
const steadyMs = 500

/**
 * The agent's best knowledge of the console's clock (design §3): its heartbeats carried on by our own monotonic clock. What
 * waited in a socket during a stall is as old as it is: a heartbeat that lies behind what is known moves nothing, and the estimate
 * never goes back. A console of another session begins anew, and is believed with its second heartbeat: the first may have
 * waited as well, and those that waited together come at once. Pure over times in ms.
 */
export class ConsoleClock {
  #session: string | undefined
  #beats: { ahead: number; at: number }[] = []
  #steady = false
  #estimate = -Infinity
  #newest = -Infinity

  hear(clock: number, session: string, mono: number) {
    if (session !== this.#session) {
      this.#session = session
      this.#beats = []
      this.#steady = false
      this.#estimate = -Infinity
      this.#newest = -Infinity
    }
    // What was known before a long stall carries its knowledge over it.
    this.#advance(mono)
    const ahead = clock - mono
    this.#steady ||= this.#beats.length > 0 && ahead - this.#best < steadyMs
    this.#newest = Math.max(this.#newest, clock)
    this.#beats = [...this.#beats.filter(b => b.at > mono - windowMs), { ahead, at: mono }]
  }

  /** The console's time now, or undefined while it is not known. */
  now(mono: number): number | undefined {
    this.#advance(mono)
    return !this.#steady || this.#estimate - this.#newest > consoleSilenceMs ? undefined : this.#estimate
  }

  get #best(): number {
    return Math.max(...this.#beats.map(b => b.ahead))
  }

  #advance(mono: number) {
    if (this.#beats.length > 0) this.#estimate = Math.max(this.#estimate, mono + this.#best)
  }
}

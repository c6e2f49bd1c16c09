import type { JournalRecord } from '#contract/journal'
import type { EdgeMemory, NumberedRecord } from '../memory/edgeMemory.ts'

const batchSize = 200
const batchBytes = 400_000
const ackLimitMs = 3000
const tailSize = 2000

/**
 * Sends the journal in order and again until it is acknowledged: after any disconnect, crash or silence it goes back
 * to the last acked number. Fresh records are sent from memory, older ones from disk.
 */
export class JournalSender {
  readonly #memory: EdgeMemory
  readonly #send: (records: JournalRecord[]) => Promise<boolean>
  #tail: NumberedRecord[] = []
  #sentUpTo: number
  #busy = false
  #again = false
  #ackTimer: NodeJS.Timeout | undefined
  #up = false
  #session = ''

  constructor(memory: EdgeMemory, send: (records: JournalRecord[]) => Promise<boolean>) {
    this.#memory = memory
    this.#send = send
    this.#sentUpTo = memory.acked
  }

  get pending() {
    return this.#memory.last - this.#memory.acked
  }

  /** Records that have just reached the disk, in order. */
  add(records: readonly NumberedRecord[]) {
    this.#tail.push(...records)
    if (this.#tail.length > tailSize) this.#tail = this.#tail.slice(-tailSize / 2)
    void this.#pump()
  }

  onUp() {
    this.#up = true
    this.#restart(this.#memory.acked)
  }

  onDown() {
    this.#up = false
    this.#unwatch()
  }

  onAck(upTo: number) {
    this.#memory.ack(upTo)
    this.#unwatch()
    if (this.#sentUpTo > this.#memory.acked) this.#watch()
    void this.#pump()
  }

  /**
   * What the console says it holds. A console that has just come up may have missed what was sent before; less than
   * we thought means that it was restored from a backup.
   */
  onHighWater(highWater: number, session: string) {
    if (highWater > this.#memory.last) {
      // This disk was set back to an older copy: under its old name the next records would count as known.
      void this.#memory.startAnew().then(() => this.#restart(this.#memory.acked))
      return
    }
    const fresh = session !== this.#session
    this.#session = session
    if (this.#up && fresh) return this.#restart(Math.min(highWater, this.#memory.acked))
    if (this.#up && highWater < this.#memory.acked && this.#sentUpTo >= this.#memory.acked) this.#restart(highWater)
  }

  #unwatch() {
    clearTimeout(this.#ackTimer)
    this.#ackTimer = undefined
  }

  #restart(from: number) {
    this.#sentUpTo = from
    void this.#pump()
  }

  /** From the first record that is not acknowledged: later ones do not put the moment off. */
  #watch() {
    if (this.#ackTimer) return
    this.#ackTimer = setTimeout(() => {
      this.#ackTimer = undefined
      if (this.#up) this.#restart(Math.min(this.#memory.acked, this.#sentUpTo))
    }, ackLimitMs)
    this.#ackTimer.unref()
  }

  async #next(): Promise<NumberedRecord[]> {
    const after = this.#sentUpTo
    const first = this.#tail[0]
    if (first && first.n <= after + 1) {
      const start = after + 1 - first.n
      return this.#tail.slice(start, start + batchSize)
    }
    return this.#memory.records(after, batchSize)
  }

  async #pump() {
    if (this.#busy) {
      this.#again = true
      return
    }
    this.#busy = true
    try {
      do {
        this.#again = false
        while (this.#up && this.#sentUpTo < this.#memory.last && this.#sentUpTo - this.#memory.acked < batchSize * 5) {
          const records = fitting(await this.#next())
          if (records.length === 0) break
          const target = records[records.length - 1]?.n ?? this.#sentUpTo
          const before = this.#sentUpTo
          this.#sentUpTo = target
          if (!(await this.#send(records))) {
            if (this.#sentUpTo === target) this.#sentUpTo = before
            this.#watch()
            break
          }
          this.#watch()
        }
      } while (this.#again)
    } finally {
      this.#busy = false
    }
  }
}

const fitting = (records: NumberedRecord[]): JournalRecord[] => {
  let bytes = 0
  const fit: JournalRecord[] = []
  for (const r of records) {
    bytes += JSON.stringify(r.body).length
    if (fit.length > 0 && bytes > batchBytes) break
    fit.push(r)
  }
  return fit
}

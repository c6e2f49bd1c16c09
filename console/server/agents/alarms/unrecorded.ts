import type { Actor } from '../../books/audit.ts'
import type { Fact } from './fact.ts'

/** What a message says of alarms. */
export type Heard = {
  source: string
  raised: readonly Fact[]
  returned: readonly { id: string; at: number }[]
  /** Of an agent's whole list: whether an alarm is over because it is not on it. */
  isOver?: ((id: string) => boolean) | undefined
  /** Of these it is now known otherwise whether they are verified. */
  marked?: readonly string[]
}
/** What somebody has acknowledged, with his note. */
export type Ack = { at: number; actor: Actor; note: string | undefined }
/** What the books do not say of an alarm yet: all of it (`fact`), that it has returned, that it is acknowledged. */
export type Entry = {
  readonly id: string
  readonly source: string
  fact: Fact | null
  returnedAt: number | null
  ack: Ack | null
  /** The books have refused it for what it is: shown, and not tried again. */
  refused: boolean
}

type Row = { id: string; source: string; returned_at: number | null; acked_at: number | null }
type Options = {
  /** What the books say of these alarms and, where a source is given, of all of it that stand. */
  rowsOf(ids: readonly string[], allOf: string | undefined): Promise<Row[]>
  wall(): number
  /** Something could not be shown. */
  failed(error: unknown): void
  /** These are to be shown anew. */
  changed(ids: readonly string[]): void
}

/** What takes the books longer than this is shown from memory meanwhile (real ms). */
const patienceMs = 300
/** Of alarms that are over: the agents keep them as well, who are not told that they are safe. */
const keptOver = 5000

/**
 * What stands, or has returned, or is acknowledged, and is not in the books yet. While they take what they are given it is empty;
 * while they do not, screens and sound live from it, until it has been brought in.
 */
export class Unrecorded {
  readonly #o: Options
  readonly #entries = new Map<string, Entry>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(o: Options) {
    this.#o = o
  }

  get entries(): Iterable<Entry> {
    return this.#entries.values()
  }

  get(id: string): Entry | undefined {
    return this.#entries.get(id)
  }

  /** Something is on its way into the books: what is late, or did not get there, is shown from here. */
  underway(heard: Heard) {
    let over = false
    const show = () => {
      clearTimeout(timer)
      if (over) return
      over = true
      // One after the other, so that a return does not overtake what returns.
      this.#last = this.#last.then(() => this.#show(heard)).catch(this.#o.failed)
    }
    const timer = setTimeout(show, patienceMs)
    timer.unref()
    return {
      stored() {
        over = true
        clearTimeout(timer)
      },
      failed: show,
    }
  }

  /** Resolves when all that was late so far is shown. */
  settled(): Promise<unknown> {
    return this.#last
  }

  /** The alarm of this source and key that stands; undefined while none is kept here. */
  standing(source: string, key: string): Fact | undefined {
    for (const e of this.#entries.values()) if (e.source === source && e.fact?.key === key && e.returnedAt === null) return e.fact
    return undefined
  }

  raise(source: string, fact: Fact) {
    this.#of(fact.id, source).fact = fact
    this.#o.changed([fact.id])
  }

  return(source: string, id: string) {
    this.#of(id, source).returnedAt = this.#o.wall()
    this.#o.changed([id])
  }

  /** What is known otherwise than by the books of these has changed. */
  showAgain(ids: readonly string[]) {
    if (ids.length > 0) this.#o.changed(ids)
  }

  ack(id: string, source: string, ack: Ack) {
    this.#of(id, source).ack = ack
    this.#o.changed([id])
  }

  dropAck(id: string) {
    const entry = this.#entries.get(id)
    if (!entry) return
    entry.ack = null
    if (!entry.fact && entry.returnedAt === null) this.#entries.delete(id)
    this.#o.changed([id])
  }

  /** The books have told of it: what they say need not be kept here any longer. */
  recorded(row: Pick<Row, 'id' | 'returned_at' | 'acked_at'>) {
    const entry = this.#entries.get(row.id)
    if (!entry) return
    entry.fact = null
    if (row.returned_at !== null) entry.returnedAt = null
    if (row.acked_at !== null) entry.ack = null
    if (entry.returnedAt === null && entry.ack === null) this.#entries.delete(row.id)
  }

  /** For what it is it cannot be recorded: it stays in sight until it has returned and somebody has seen it. */
  refuse(id: string) {
    const entry = this.#entries.get(id)
    if (entry) entry.refused = true
  }

  async #show({ source, raised, returned, isOver, marked }: Heard) {
    const at = this.#o.wall()
    const ids = [...raised.map(a => a.id), ...returned.map(r => r.id)]
    // Books that cannot be read either know nothing: better shown twice than not at all.
    const rows = await this.#o.rowsOf(ids, isOver && source).catch(() => [])
    const inBooks = new Map(rows.map(r => [r.id, r]))
    const changed = new Set(marked)
    for (const fact of raised) {
      if (inBooks.has(fact.id) || this.#entries.has(fact.id)) continue
      this.#of(fact.id, source).fact = fact
      changed.add(fact.id)
    }
    const over = (id: string, when: number) => {
      const row = inBooks.get(id)
      if (row ? row.returned_at !== null : !this.#entries.has(id)) return
      const entry = this.#of(id, source)
      const returnedAt = Math.max(entry.fact?.raisedAt ?? when, when)
      if (entry.returnedAt === returnedAt) return
      entry.returnedAt = returnedAt
      changed.add(id)
    }
    for (const r of returned) over(r.id, r.at)
    if (isOver) {
      const standing = [...this.#entries.values()].filter(e => e.source === source && e.returnedAt === null && e.fact)
      for (const { id } of [...rows.filter(r => r.source === source), ...standing])
        if (isOver(id) && this.#entries.get(id)?.returnedAt == null) over(id, at)
    }
    this.#limit()
    if (changed.size > 0) this.#o.changed([...changed])
  }

  #of(id: string, source: string): Entry {
    const entry = this.#entries.get(id) ?? { id, source, fact: null, returnedAt: null, ack: null, refused: false }
    this.#entries.set(id, entry)
    return entry
  }

  #limit() {
    let extra = this.#entries.size - keptOver
    if (extra <= 0) return
    for (const e of this.#entries.values()) {
      if (extra <= 0) return
      if (e.returnedAt === null || (e.ack && !e.refused) || (e.fact?.level ?? 1) <= 2) continue
      this.#entries.delete(e.id)
      extra--
    }
  }
}

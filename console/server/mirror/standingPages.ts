import type { AlarmFact } from '#contract/alarm'
import type { Bodies } from '#contract/messages'

/** What a page leads to. */
export type StandingNews = {
  /** They stand: raised at once where nobody knows them yet. */
  stand: readonly AlarmFact[]
  /** The list knows of all that the journal has told, so that what it says holds against what is known otherwise. */
  current: boolean
  /** Those of which it is now known, or known otherwise, since when they are unverified. */
  marked: readonly string[]
  /**
   * Whether an alarm that is open in the books is over; undefined while its absence says nothing. Asked late, by books that are
   * slow, it says so only as long as nothing newer is known: what is in the books by then may have been raised after the list.
   */
  isOver: ((id: string) => boolean) | undefined
}

/**
 * The list of one agent's standing alarms, which comes in pages. What is on a page stands; what is on none is over only
 * when every page of the newest revision is there, and the list is no older than the journal: one that was kept by the broker
 * can come after the record of an alarm that it does not know yet. A page of an older revision or session says nothing any more.
 */
export class StandingPages {
  #session = ''
  #revision = -1
  #pages = 0
  readonly #alarms = new Map<number, readonly AlarmFact[]>()
  readonly #unverified = new Map<string, number | null>()
  /** How far the agent's journal has been told. */
  #journal: { id: string; n: number } | undefined

  /** The agent says itself which session it is in, whatever its clock made of the name (a clock that was put back). */
  onSession(session: string) {
    if (session !== this.#session) this.#begin(session, -1, 0)
  }

  /** The journal has been told up to this record. Another journal is a newer one: the agent has a new disk. */
  onJournal(id: string, n: number) {
    if (this.#journal?.id !== id) this.#journal = { id, n }
    else this.#journal.n = Math.max(this.#journal.n, n)
  }

  unverifiedSince(id: string): number | null {
    return this.#unverified.get(id) ?? null
  }

  /** Undefined when the page says nothing: it is older than what is known, or left over from a longer list. */
  take(body: Bodies['standing']): StandingNews | undefined {
    if (this.#isOlder(body)) return undefined
    if (body.session !== this.#session || body.revision > this.#revision) this.#begin(body.session, body.revision, body.pages)
    if (body.page >= body.pages || body.pages !== this.#pages) return undefined
    this.#alarms.set(body.page, body.alarms)
    const marked = body.alarms.filter(a => this.unverifiedSince(a.id) !== a.unverifiedSince).map(a => a.id)
    for (const a of body.alarms) this.#unverified.set(a.id, a.unverifiedSince)
    const current = this.#isCurrent(body)
    if (this.#alarms.size < this.#pages) return { stand: body.alarms, current, marked, isOver: undefined }
    const standing = new Set([...this.#alarms.values()].flatMap(page => page.map(a => a.id)))
    for (const id of this.#unverified.keys()) if (!standing.has(id)) this.#unverified.delete(id)
    return { stand: body.alarms, current, marked, isOver: current ? id => this.#isNewest(body) && !standing.has(id) : undefined }
  }

  #isNewest(body: Bodies['standing']) {
    return body.session === this.#session && body.revision === this.#revision && this.#isCurrent(body)
  }

  #isCurrent({ journalId, upTo }: Bodies['standing']) {
    const known = this.#journal
    return !known || (journalId === known.id ? upTo >= known.n : journalId > known.id)
  }

  #isOlder({ session, revision }: Bodies['standing']) {
    return session === this.#session ? revision < this.#revision : session < this.#session
  }

  #begin(session: string, revision: number, pages: number) {
    this.#session = session
    this.#revision = revision
    this.#pages = pages
    this.#alarms.clear()
  }
}

import type { SuppressedAlarm } from '#contract/alarm'
import type { Bodies } from '#contract/messages'

/** What an agent says is suppressed by design, which comes in pages: the newest revision of which every page is there is shown. */
export class SuppressedPages {
  #session = ''
  #revision = -1
  #pages = 0
  readonly #coming = new Map<number, readonly SuppressedAlarm[]>()
  #whole: readonly SuppressedAlarm[] = []

  take({ session, revision, page, pages, alarms }: Bodies['suppressed']) {
    if (session < this.#session || (session === this.#session && revision < this.#revision) || page >= pages) return
    if (session !== this.#session || revision !== this.#revision || pages !== this.#pages) this.#begin(session, revision, pages)
    this.#coming.set(page, alarms)
    if (this.#coming.size === this.#pages) this.#whole = [...this.#coming.values()].flat()
  }

  /** Another session has begun: what the last one said is not so any more. */
  onSession(session: string) {
    if (session <= this.#session) return
    this.#begin(session, -1, 0)
    this.#whole = []
  }

  get all(): readonly SuppressedAlarm[] {
    return this.#whole
  }

  get revision(): number {
    return this.#revision
  }

  #begin(session: string, revision: number, pages: number) {
    this.#session = session
    this.#revision = revision
    this.#pages = pages
    this.#coming.clear()
  }
}

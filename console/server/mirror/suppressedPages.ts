import type { SuppressedAlarm } from '#contract/alarm'
import type { Bodies } from '#contract/messages'

/** What an agent says is suppressed by design, which comes in pages: those of the newest revision are shown. */
export class SuppressedPages {
  #session = ''
  #revision = -1
  #pages = 0
  readonly #byPage = new Map<number, readonly SuppressedAlarm[]>()

  take({ session, revision, page, pages, alarms }: Bodies['suppressed']) {
    if (session < this.#session || (session === this.#session && revision < this.#revision) || page >= pages) return
    if (session !== this.#session || revision !== this.#revision) {
      this.#session = session
      this.#revision = revision
      this.#pages = pages
      this.#byPage.clear()
    }
    this.#byPage.set(page, alarms)
  }

  /** Another session has begun: what the last one said is not so any more. */
  onSession(session: string) {
    if (session <= this.#session) return
    this.#session = session
    this.#revision = -1
    this.#byPage.clear()
  }

  get all(): SuppressedAlarm[] {
    return [...this.#byPage.values()].flat()
  }

  /** Whether every page is there. */
  get whole(): boolean {
    return this.#pages > 0 && this.#byPage.size === this.#pages
  }
}

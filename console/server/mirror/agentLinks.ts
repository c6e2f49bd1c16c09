import type { Bodies, LinkState } from '#contract/messages'

/** Sessions whose links are kept for when the agent's status names one of them; more than one only while it starts. */
const mostSessions = 3

type Known = { revision: number; link: LinkState }

/**
 * The links of one agent. Each page counts by itself; pages may come before or after the status that names their session,
 * and only those of the agent's own session are shown.
 */
export class AgentLinks {
  #session = ''
  readonly #sessions = new Map<string, Map<string, Known>>()

  /** A new session knows nothing of the links of the one before. */
  onSession(session: string) {
    if (session === this.#session) return
    this.#session = session
    for (const other of this.#sessions.keys()) if (other !== session) this.#sessions.delete(other)
  }

  onPage({ session, revision, links }: Pick<Bodies['links'], 'session' | 'revision' | 'links'>) {
    const known = this.#of(session)
    // A page that was left over from a longer list is older than what the others say.
    for (const [id, link] of Object.entries(links))
      if ((known.get(id)?.revision ?? -1) <= revision) known.set(id, { revision, link })
  }

  /**
   * What a device's own state says of its link. It may have been on its way longer than a page has: what began before that which is
   * known is not news, or a device that has died since would be shown to answer for as long as it is dead.
   */
  onDevice(session: string, device: string, link: LinkState) {
    const known = this.#of(session)
    const here = known.get(device)
    if (here && here.link.since > link.since) return
    known.set(device, { revision: here?.revision ?? -1, link })
  }

  /** Of one device, in the agent's own session. */
  of(device: string): LinkState | undefined {
    return this.#sessions.get(this.#session)?.get(device)?.link
  }

  get shown(): Record<string, LinkState> {
    return Object.fromEntries([...(this.#sessions.get(this.#session) ?? [])].map(([id, { link }]) => [id, link]))
  }

  #of(session: string) {
    const known = this.#sessions.get(session) ?? new Map<string, Known>()
    this.#sessions.set(session, known)
    for (const other of this.#sessions.keys()) {
      if (this.#sessions.size <= mostSessions) break
      if (other !== this.#session && other !== session) this.#sessions.delete(other)
    }
    return known
  }
}

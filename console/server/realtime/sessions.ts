import type { Duplex } from 'node:stream'
import { EventBudget, eventLimits } from './eventBudget.ts'

/** Tabs of one browser, and places where one person sits at once. */
export const socketLimits = { perSession: 12, perPerson: 30 }
/** Whoever comes back within this finds the budget as he left it. */
const rememberedMs = 60_000

type Session = { person: string; sockets: Set<Duplex>; budget: EventBudget; leftAt: number }

/** The live connections of each session and person: how many there may be, and how much they may say together. */
export class Sessions {
  readonly #mono: () => number
  readonly #of = new Map<string, Session>()

  constructor(mono: () => number) {
    this.#mono = mono
  }

  /** Takes a place for a connection, until it closes; false when there is none. */
  admit(token: string, person: string, socket: Duplex): boolean {
    const now = this.#mono()
    for (const [key, s] of this.#of) if (s.sockets.size === 0 && now - s.leftAt > rememberedMs) this.#of.delete(key)
    const session = this.#of.get(token) ?? { person, sockets: new Set<Duplex>(), budget: new EventBudget(now), leftAt: now }
    const ofPerson = [...this.#of.values()].reduce((n, s) => n + (s.person === person ? s.sockets.size : 0), 0)
    this.#of.set(token, session)
    if (session.sockets.size >= socketLimits.perSession || ofPerson >= socketLimits.perPerson) return false
    if (!session.budget.take(eventLimits.connecting, now)) return false
    session.sockets.add(socket)
    socket.once('close', () => {
      session.sockets.delete(socket)
      session.leftAt = this.#mono()
    })
    return true
  }

  /** One event of a session; false when it has said too much. */
  maySay(token: string): boolean {
    return this.#of.get(token)?.budget.take(1, this.#mono()) ?? false
  }
}

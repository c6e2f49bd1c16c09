import type { Aedes, Client } from 'aedes'

type Subscription = { clientId: string }
/** What aedes keeps for those who are away (aedes-persistence 11). */
type Persistence = { outgoingEnqueueCombi(subs: readonly Subscription[], packet: unknown): Promise<void> }

/** Bounds what is kept for clients that are away: so many sessions of a user, so many messages in each; the latest are let go. */
export const boundQueues = (aedes: Aedes, limits: { keptSessions: number; waiting: number }) => {
  const sessions = new Map<string, Set<string>>()
  const here = new Map<string, Client>()
  const waiting = new Map<string, number>()
  aedes.on('client', (client: Client) => {
    here.set(client.id, client)
    waiting.delete(client.id)
  })
  // One that comes anew has taken its place before the former one is gone.
  aedes.on('clientDisconnect', (client: Client) => here.get(client.id) === client && here.delete(client.id))
  const persistence = (aedes as unknown as { persistence: Persistence }).persistence
  const enqueue = persistence.outgoingEnqueueCombi.bind(persistence)
  persistence.outgoingEnqueueCombi = (subs, packet) => {
    const fitting = subs.filter(({ clientId }) => {
      if (here.has(clientId)) return true
      const n = (waiting.get(clientId) ?? 0) + 1
      waiting.set(clientId, n)
      return n <= limits.waiting
    })
    return enqueue(fitting, packet)
  }
  return {
    /** Whether the session of this id may be kept for its user, from now on. */
    keeps(user: string, id: string): boolean {
      const known = sessions.get(user) ?? new Set()
      if (!known.has(id) && known.size >= limits.keptSessions) return false
      sessions.set(user, known.add(id))
      return true
    },
  }
}

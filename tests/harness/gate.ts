import { ulid } from 'ulid'
import type { Bodies } from '#contract/messages'
import { openCommands } from '../../console/server/agents/link/commands.ts'
import type { Desk } from '../../console/server/desk/desk.ts'
import { gateReactions } from '../../console/subjects/gatehouse/gateBook.ts'
import type { TriedSite } from '../unit/settings/site.ts'
import { catalogue } from './demoBuilding.ts'

const [agent, session] = ['tower', 's1']

/** The doors and barriers of a tried site, as its agent would tell of them, and what the console sends there. */
export const openGate = async (site: TriedSite) => {
  const sent: Bodies['command'][] = []
  const link = { command: async (_agent: string, command: Bodies['command']) => sent.push(command) }
  const { books, unit, mirror, directory, engine, rules } = site.books
  const wall = () => site.now
  const log = { error: () => {} } as never
  const parts = { books, unit, mirror, directory, link: () => link as never, wall, realTime: (t: number) => t, log }
  const commands = await openCommands(parts)
  const desk = { books, unit, mirror, directory, engine, rules, commands, profiles: catalogue, wall } as unknown as Desk
  return {
    desk,
    sent,
    /** The agent is heard of, in reach unless it says otherwise. */
    heard: (over: Partial<Bodies['status']> = {}) => {
      const status = { online: true, stopped: false, session, version: '0', simTime: true, rejected: 0, journal: null }
      mirror.onStatus(agent, { ...status, wall: site.now, ...over }, site.now)
    },
    tells: (device: string, values: Record<string, boolean>) => {
      const read = Object.fromEntries(Object.entries(values).map(([k, v]) => [k, { v, q: 'good' as const, t: site.now }]))
      const linked = { ok: true, since: 0, reason: null, code: null, errors: 0, driftMs: null, bus: null }
      mirror.onDevice(agent, { device, session, seq: 1, readAt: site.now, link: linked, values: read }, true)
    },
    holds: (point: string, level: number, value: boolean) => {
      const causes = [{ id: 'x', what: { zh: '-', en: '-' } }]
      const array = { relinquishDefault: true, holders: [{ level, value, causes, since: 0, until: null }] }
      mirror.onHolders(agent, { point, wantedButHeld: false, withheld: null, array })
    },
    /** An event of a device has come by the journal. */
    happens: (device: string, event: string, detail: string, at = site.now) =>
      site.as('desk', async work => gateReactions(desk).access?.(work, { id: ulid(), device, event, detail, at })),
    close: () => commands.close(),
  }
}
export type Gate = Awaited<ReturnType<typeof openGate>>

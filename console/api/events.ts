import type { PointRef } from '#contract/names'
import type { PointValue } from '#contract/quality'
import type { CaseHead } from './models/cases.ts'
import type { AgentView, Alarm, CommandView, FloodView, HoldersView } from './models/live.ts'

/** What is new about an agent; of its links those that have changed, null for one that is gone. */
export type AgentChange = Partial<Omit<AgentView, 'id' | 'links'>> & {
  id: string
  links: Record<string, AgentView['links'][string] | null>
}

/** An agent as it was known, with what is new about it. */
export const agentWith = (known: AgentView | undefined, { links, ...news }: AgentChange): AgentView => {
  const all = Object.entries({ ...known?.links, ...links }).filter(([, link]) => link !== null)
  return { ...known, ...news, links: Object.fromEntries(all) } as AgentView
}

/** How the wall clock goes: wall seconds per real second, and whether that is real time at all. */
export type PaceView = {
  rate: number
  simulated: boolean
  /** An emergency has brought it back to real time. */
  slowed: boolean
  changeable: boolean
}

/** What happened. */
export type Change =
  | { kind: 'alarm'; alarm: Alarm }
  | { kind: 'command'; command: CommandView }
  | { kind: 'case'; head: CaseHead }
  | { kind: 'agent'; agent: AgentChange }
  /** It is no longer there for this person. */
  | { kind: 'case-gone'; id: string }
  | { kind: 'holders'; holders: HoldersView }
  | { kind: 'charges' }
  /** The clock of a demo goes on at another pace. */
  | { kind: 'pace'; pace: PaceView }
  | { kind: 'flood'; flood: FloodView | null }
  | { kind: 'duties' }
  /** What people have changed of how the building is. */
  | { kind: 'overrides' }
  /** Who rents what, what it costs, or who works here. */
  | { kind: 'site' }
  /** Something has been told to these, or put away by one of them. */
  | { kind: 'notices'; to: readonly string[] }

/** All that stands now: sent at connect and on request. What is told after it is newer. */
export type Snapshot = {
  seq: number
  /** Changes with every start of the server, so that a new server is told from a gap. */
  server: string
  wall: number
  pace: PaceView
  /** The station only shows; of cases and commands it is told nothing. */
  locked: boolean
  /** The first page of what is open, and how many there are in all. */
  alarms: Alarm[]
  alarmCount: number
  commands: CommandView[]
  cases: CaseHead[]
  agents: AgentView[]
  flood: FloodView | null
  holders: HoldersView[]
}

/**
 * All that a screen is told after its snapshot, in one kind of message, a few times a second at most. It comes at least once a
 * second, with nothing in it if there is nothing: that is the proof that the screen is live.
 */
export type News = {
  /** Counts the messages of a connection, snapshots included. */
  seq: number
  /** The server's wall clock. */
  wall: number
  /** What has happened, in order. */
  changes?: Change[]
  /** Of the values that this screen watches the latest of each that has changed. */
  values?: [PointRef, PointValue][]
  /** When devices that it watches were last read: a value that does not change is as young as this. */
  read?: Record<string, number>
}

export type ServerEvents = {
  snapshot(body: Snapshot): void
  news(body: News): void
  'signed-out'(): void
}

export type ClientEvents = {
  /** Which values this screen shows: `device/point` or `device/*`. Replaces the former wish. */
  watch(refs: string[]): void
  resync(): void
  /** Alarms are heard at this station; said again every half minute, for a page that is stalled sounds no more. */
  sound(on: boolean): void
}

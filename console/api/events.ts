import type { PointRef } from '#contract/names'
import type { PointValue } from '#contract/quality'
import type { CaseHead } from './models/cases.ts'
import type { AgentView, Alarm, CommandView, HoldersView } from './models/live.ts'

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

/** What happened, one numbered change each. The number counts per connection: a gap means ask for a snapshot. */
export type Change =
  | { kind: 'alarm'; alarm: Alarm }
  | { kind: 'command'; command: CommandView }
  | { kind: 'case'; head: CaseHead }
  | { kind: 'agent'; agent: AgentChange }
  /** It is no longer there for this person. */
  | { kind: 'case-gone'; id: string }
  | { kind: 'holders'; holders: HoldersView }
  | { kind: 'charges' }
  /** The clock of a demo goes on at another pace, from this wall time. */
  | { kind: 'pace'; wall: number; pace: PaceView }
  | { kind: 'duties' }
  /** Something has been told to these, or put away by one of them. */
  | { kind: 'notices'; to: readonly string[] }

/** All that stands now: sent at connect and on request, before any change. */
export type Snapshot = {
  seq: number
  /** Changes with every start of the server, so that a new server is told from a gap. */
  server: string
  wall: number
  pace: PaceView
  /** The first page of what is open, and how many there are in all. */
  alarms: Alarm[]
  alarmCount: number
  commands: CommandView[]
  cases: CaseHead[]
  agents: AgentView[]
  holders: HoldersView[]
}

/** Point values, the latest of each since the last message: [ref, value, when its device was last read]. */
export type Values = { wall: number; rows: [PointRef, PointValue][]; read: Record<string, number> }

export type ServerEvents = {
  snapshot(body: Snapshot): void
  change(seq: number, change: Change): void
  values(body: Values): void
  /** Once a second: the server's wall clock, and the proof that the screen is live. */
  beat(body: { wall: number; seq: number }): void
  'signed-out'(): void
}

export type ClientEvents = {
  /** Which values this screen shows: `device/point` or `device/*`. Replaces the former wish. */
  watch(refs: string[]): void
  resync(): void
}

import { z } from 'zod'
import { alarmFact } from '#contract/alarm'
import { commandStep, refusal } from '#contract/journal'
import { journalState, linkState } from '#contract/messages'
import { pointRef, words } from '#contract/names'
import { priorityArray } from '#contract/priority'
import { scalar } from '#contract/quality'
import { text } from '../words/text.ts'
import { type AlarmLife, type AlarmState, stateOf, suppressions } from './alarmLife.ts'

/** What is live: alarms, commands, agents, who holds what, and what an engineer looks into. */

/** An alarm as the console keeps it: the fact, and who did what about it (ISA-18.2 / IEC 62682). */
export const alarm = alarmFact.extend({
  name: text,
  source: z.string(),
  returnedAt: z.number().nullable(),
  ackedAt: z.number().nullable(),
  ackedBy: z.string().nullable(),
  owner: z.string().nullable(),
  notes: z.array(z.object({ at: z.number(), by: z.string(), text: z.string() })),
  ticket: z.string().nullable(),
  /** The first of the repeats that are this one alarm, and how many there were. */
  first: z.string(),
  times: z.number(),
  /** How often it has called: a station that was silenced hears it again when this goes up. */
  rings: z.number(),
  /** Waits for a reset by a person. */
  latched: z.boolean(),
  /** How often it came within a minute, where that is too often to be taken for what it says (chattering); else 0. */
  chatters: z.number(),
  /** Out of sight: by whom, why, until when. */
  suppressed: z
    .object({ id: z.string(), kind: z.enum(suppressions), by: z.string(), why: z.string(), at: z.number(), until: z.number() })
    .nullable(),
  /** The repeat that has taken its place: this one is shown no longer. */
  continuedBy: z.string().nullable(),
  /** False while something of it (that it stands, has returned, is acknowledged) is only in the console's memory. */
  recorded: z.boolean(),
})
export type Alarm = z.infer<typeof alarm>

/** Open alarms come in pages of so many, the most severe first, then the newest. */
export const alarmPage = 2000
/** Where a page ends: the next one comes after it. */
export type AlarmPlace = Pick<Alarm, 'level' | 'raisedAt' | 'id'>

/** More alarms than one person can take in (ISA-18.2: a flood): since when, how many, the most within a minute, how many now. */
export const floodView = z.object({
  id: z.string(),
  startedAt: z.number(),
  count: z.number(),
  peak: z.number(),
  peakAt: z.number(),
  /** Within the last minute. */
  rate: z.number(),
  /** First-out: what came first. */
  first: z.object({ id: z.string(), name: text }),
  /** How many in each of the last minutes, the current one last. */
  perMinute: z.array(z.number()),
})
export type FloodView = z.infer<typeof floodView>
export const pastFlood = floodView.pick({ id: true, startedAt: true, peak: true, peakAt: true }).extend({
  endedAt: z.number().nullable(),
  first: text.nullable(),
})

export const openAlarmCount = z.object({ level: alarmFact.shape.level, stands: z.boolean(), acked: z.boolean(), n: z.number() })
export type OpenAlarmCount = z.infer<typeof openAlarmCount>

type LifeOf = Pick<Alarm, 'level' | 'returnedAt' | 'ackedAt' | 'latched' | 'suppressed'>
export const lifeOf = (a: LifeOf): AlarmLife => ({
  level: a.level,
  stands: a.returnedAt === null,
  acked: a.ackedAt !== null,
  latched: a.latched,
  suppressed: a.suppressed?.kind ?? null,
})
/** How an alarm stands; `gone` where it is over and only history keeps it. */
export const alarmState = (a: LifeOf): Exclude<AlarmState, 'normal'> | 'gone' => {
  const state = stateOf(lifeOf(a))
  return state === 'normal' ? 'gone' : state
}
/** Nothing is to be done about it any more. */
export const isOver = (a: LifeOf & Pick<Alarm, 'continuedBy'>): boolean =>
  a.continuedBy !== null || stateOf({ ...lifeOf(a), suppressed: null }) === 'normal'

export const commandView = z.object({
  id: z.string(),
  point: pointRef,
  value: scalar,
  level: z.number(),
  kind: z.enum(['hold', 'release', 'let-pass', 'release-fire', 'start-fire', 'begin-test', 'end-test', 'agent']),
  by: words,
  at: z.number(),
  until: z.number().nullable(),
  step: z.union([z.literal('sent'), commandStep]),
  reason: refusal.nullable(),
  read: scalar.nullable(),
  steps: z.array(z.object({ step: commandStep, at: z.number(), ms: z.number() })),
})
export type CommandView = z.infer<typeof commandView>

export const agentView = z.object({
  id: z.string(),
  name: words,
  online: z.boolean(),
  /** Offline because it was stopped in good order, not because it was lost. */
  stopped: z.boolean(),
  since: z.number(),
  heardAt: z.number(),
  links: z.record(z.string(), linkState),
  rejected: z.number(),
  journalN: z.number(),
  programmeRevision: z.number(),
  /** What the agent has refused of the programme in force, with its reasons. */
  refused: z.array(z.object({ id: z.string(), reason: z.string() })),
  /** A revision that it has not taken as a whole, and why. */
  declined: z.object({ revision: z.number(), reason: z.string() }).nullable(),
  journal: journalState.nullable(),
  /** By how much its wall clock is ahead of the console's, ms of wall time. */
  clockAheadMs: z.number(),
  /** How many of its alarms are suppressed by design, and which state of the list that is. */
  suppressed: z.object({ n: z.number(), revision: z.number() }),
})
export type AgentView = z.infer<typeof agentView>

export const holdersView = z.object({
  point: pointRef,
  array: priorityArray,
  wantedButHeld: z.boolean(),
  /** Why the winner is not written although the device is within reach. */
  withheld: z.enum(['fire-input']).nullable(),
})
export type HoldersView = z.infer<typeof holdersView>

export const linkageView = z.object({
  compartment: z.string(),
  event: z.string(),
  linkage: z.string(),
  name: words,
  triggeredAt: z.number().nullable(),
  startMs: z.number().nullable(),
  startLimitMs: z.number().nullable(),
  feedbackMs: z.number().nullable(),
  feedbackLimitMs: z.number().nullable(),
  missing: z.boolean(),
  /** After its feedback it fell back, such as a door that locked again, and has not come back since. */
  relapsedAt: z.number().nullable(),
  releasedAt: z.number().nullable(),
})
export type LinkageView = z.infer<typeof linkageView>

/** What an engineer looks into: the programme of a week, what the books hold of each journal, each linkage's last times. */
export const engineering = z.object({
  programme: z.object({
    revision: z.number(),
    madeAt: z.number(),
    days: z.array(
      z.object({ date: z.string(), from: z.number(), to: z.number(), exception: words.nullable(), unknown: z.boolean() }),
    ),
    zones: z.array(
      z.object({
        zone: z.string(),
        stretches: z.array(z.object({ from: z.number(), to: z.number(), booked: z.boolean(), what: words })),
      }),
    ),
  }),
  journals: z.array(
    z.object({
      agent: z.string(),
      received: z.number(),
      gaps: z.number(),
      quarantine: z.number(),
    }),
  ),
  linkages: z.array(linkageView),
})
export type Engineering = z.infer<typeof engineering>

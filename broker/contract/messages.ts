import { z } from 'zod'
import { alarmFact, suppressedAlarm } from './alarm.ts'
import { journalRecord } from './journal.ts'
import { pointKey, pointRef, slug, ulidText, words } from './names.ts'
import { cause, longestPassS, priorityArray, priorityLevel } from './priority.ts'
import { programme, programmeReport } from './programme.ts'
import { pointValue, scalar } from './quality.ts'

/**
 * What is wrong with a link, as it was heard on the wire: nobody answers, the connection is refused or closed, the answer
 * is an exception, of another unit, function, length or transaction, comes too late, is no Modbus or is HTTP. `bus-lost`: beneath
 * its bus, which says what it is. `nonsense` and `silent` are of devices that speak by themselves.
 */
export const linkReason = z.enum([
  'starting',
  'no-answer',
  'bus-lost',
  'refused',
  'closed',
  'exception',
  'wrong-unit',
  'wrong-function',
  'wrong-length',
  'wrong-transaction',
  'late',
  'garbage',
  'http',
  'nonsense',
  'silent',
])
export type LinkReason = z.infer<typeof linkReason>

/** The state of one link. `reason` is null while it is good. A bus that is lost takes its devices with it. */
export const linkState = z.strictObject({
  ok: z.boolean(),
  since: z.number(),
  reason: linkReason.nullable(),
  /** The exception code that the device answers with (Modbus application protocol V1.1b3, 7). */
  code: z.number().int().nullable(),
  errors: z.number().int().nonnegative(),
  /** How far the device's own clock is ahead of the agent's, where it tells its time. */
  driftMs: z.number().nullable(),
  /**
   * Of a bus only: how many of its units have not been heard for three of their periods, and by what factor its most
   * frequent reads come later than their period asks (1 is on time; null before there is a figure).
   */
  bus: z.strictObject({ silent: z.number().int(), of: z.number().int(), pace: z.number().nullable() }).nullable(),
})
export type LinkState = z.infer<typeof linkState>

/** The agent's journal: its name, the last number on its disk, the last one acknowledged, how full its store is (0 to 1). */
export const journalState = z.strictObject({
  id: ulidText,
  last: z.number().int().nonnegative(),
  acked: z.number().int().nonnegative(),
  fill: z.number().min(0),
  full: z.boolean(),
})
export type JournalState = z.infer<typeof journalState>

/** One page of something that grows with the building; nothing is concluded from absence until all `pages` of a revision are there. */
const page = {
  session: z.string().max(40),
  revision: z.number().int().nonnegative(),
  page: z.number().int().nonnegative(),
  pages: z.number().int().positive(),
}

const status = z.strictObject({
  online: z.boolean(),
  /** Offline because it was stopped in good order, not because it was lost. */
  stopped: z.boolean(),
  session: z.string().max(40),
  version: z.string().max(40),
  wall: z.number(),
  simTime: z.boolean(),
  rejected: z.number().int().nonnegative(),
  /** Null in the will, which is written before anything has happened. */
  journal: journalState.nullable(),
})

/** A point as a reader needs it: names, unit, what may be written. Derived from the profile. */
export const pointInfo = z.strictObject({
  key: pointKey,
  name: words,
  unit: z.string().max(16),
  kind: z.enum(['binary', 'analog', 'enum']),
  group: z.enum(['command', 'status', 'protection', 'meter']),
  writable: z.boolean(),
  digits: z.number().int().min(0).max(4),
  min: z.number().nullable(),
  max: z.number().nullable(),
  texts: z.record(z.string(), words).nullable(),
  address: z.string().max(80),
  readBackMs: z.number().nullable(),
  /** While the device's own fire input is active, nothing but this value is written to the point. */
  atFire: z.strictObject({ value: scalar, input: pointKey }).nullable(),
})
export type PointInfo = z.infer<typeof pointInfo>

const catalogue = z.strictObject({
  device: slug,
  profile: slug,
  version: z.number().int(),
  evidence: z.enum(['synthetic', 'datasheet', 'bench', 'field']),
  points: z.array(pointInfo).max(2000),
})

const values = z.record(pointKey, pointValue)
const state = z.strictObject({
  device: slug,
  session: z.string().max(40),
  seq: z.number().int(),
  readAt: z.number(),
  link: linkState,
  values,
})
const change = state

/** `upTo`: the number up to which the journal was written when the list was made; the list knows of all that it tells. */
const standing = z.strictObject({
  ...page,
  journalId: ulidText,
  upTo: z.number().int().nonnegative(),
  alarms: z.array(alarmFact).max(500),
})
/** What is suppressed by design, in pages of one revision. */
const suppressed = z.strictObject({ ...page, alarms: z.array(suppressedAlarm).max(500) })
/** The links of devices and buses. The site file says which there are, so that each page counts by itself. */
const links = z.strictObject({ ...page, links: z.record(slug, linkState) })
/** `withheld`: why the winner is not written although the device is within reach. */
const holders = z.strictObject({
  point: pointRef,
  array: priorityArray,
  wantedButHeld: z.boolean(),
  withheld: z.enum(['fire-input']).nullable(),
})
const journal = z.strictObject({ journalId: ulidText, records: z.array(journalRecord).min(1).max(500) })
const journalAck = z.strictObject({ journalId: ulidText, upTo: z.number().int().nonnegative() })

/** What a person asks of a point or a compartment. */
export const personAct = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('hold'), point: pointRef, value: scalar, level: priorityLevel, until: z.number() }),
  z.strictObject({ kind: z.literal('release'), point: pointRef, level: priorityLevel }),
  z.strictObject({ kind: z.literal('release-fire'), compartment: slug }),
  /** A person has seen the fire, on a camera or by telephone: the compartment's actions are carried out at once. */
  z.strictObject({ kind: z.literal('start-fire'), compartment: slug }),
  /** Until then the compartment's actions are withheld, and what would have been done is recorded. */
  z.strictObject({ kind: z.literal('begin-test'), compartment: slug, until: z.number() }),
  z.strictObject({ kind: z.literal('end-test'), compartment: slug }),
])

/**
 * Opens a door or a barrier for whoever may pass, at the operator's level, where nobody holds it at that level or above. The agent ends
 * it by itself, and nothing makes it longer.
 */
const letPass = z.strictObject({
  kind: z.literal('let-pass'),
  point: pointRef,
  value: scalar,
  seconds: z.number().int().min(1).max(longestPassS),
})

/**
 * What a person or the console asks of a point. `issuedAt` and `ttlMs` are protocol time: the console's unscaled
 * clock, which its heartbeat carries, so that no wall clock has to agree with any other (design §3).
 */
export const command = z.strictObject({
  id: z.string().min(1).max(60),
  issuedAt: z.number(),
  ttlMs: z.number().positive().max(600_000),
  by: cause,
  act: z.discriminatedUnion('kind', [personAct, letPass]),
})
export type Command = z.infer<typeof command>
export type PersonAct = z.infer<typeof personAct>
export type LetPass = z.infer<typeof letPass>

const consoleStatus = z.strictObject({
  online: z.boolean(),
  session: z.string().max(40),
  clock: z.number(),
  wall: z.number(),
  highWater: z.record(z.string().max(80), z.number().int()),
  /** The last entry of the chain over the console's books, when it was made (ms, by its wall clock); null before there is one. */
  seal: z.strictObject({ n: z.number().int().positive(), hash: z.string().regex(/^[0-9a-f]{64}$/), at: z.number() }).nullable(),
})

const refresh = z.strictObject({ device: slug.nullable() })

/** Schemas by kind; `kinds.ts` says who sends what where. */
export const bodies = {
  status,
  catalogue,
  state,
  change,
  standing,
  suppressed,
  links,
  holders,
  journal,
  journalAck,
  command,
  programme,
  programmeReport,
  consoleStatus,
  refresh,
}
export type Bodies = { [K in keyof typeof bodies]: z.infer<(typeof bodies)[K]> }

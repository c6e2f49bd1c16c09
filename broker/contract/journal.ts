import { z } from 'zod'
import { alarmFact } from './alarm.ts'
import { pointRef, slug, ulidText, words } from './names.ts'
import { cause, priorityLevel } from './priority.ts'
import { quality, scalar } from './quality.ts'

/** Steps of a command (design §3): nothing is done until it is read back. */
export const commandStep = z.enum(['accepted', 'written', 'confirmed', 'refused', 'failed', 'expired', 'superseded'])
export type CommandStep = z.infer<typeof commandStep>
export const isFinalStep = (step: CommandStep) => step !== 'accepted' && step !== 'written'

/** Why a command was not done. The console owns the sentences; these are their keys. */
export const refusal = z.enum([
  'unknown-point',
  'read-only',
  'out-of-range',
  'wrong-type',
  'link-lost',
  'level-not-allowed',
  'outranked',
  'no-console-clock',
  'ttl-passed',
  'end-in-the-past',
  'nothing-held',
  'panel-in-alarm',
  'panel-unverified',
  'not-latched',
  'no-read-back',
  'write-refused',
  'link-lost-while-waiting',
  'newer-command',
  'overwritten',
  'no-answer',
  'fire-input',
  'hold-too-long',
  'unknown-compartment',
  'already-latched',
  'not-testing',
  'held-already',
])
export type Refusal = z.infer<typeof refusal>

const at = z.number()

/**
 * What the agent writes into its journal. A change of alarm or array and its record are one transaction.
 * Times `at` are ms of the site's wall clock; durations are ms of the monotonic clock.
 */
export const journalBody = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('alarm-raised'), at, alarm: alarmFact }),
  z.strictObject({ type: z.literal('alarm-returned'), at, id: ulidText, value: scalar }),
  z.strictObject({
    type: z.literal('command'),
    at,
    id: z.string().max(60),
    point: pointRef,
    step: commandStep,
    value: scalar,
    level: priorityLevel,
    causes: z.array(cause).max(60),
    reason: refusal.nullable(),
    read: scalar.optional(),
    sinceAcceptedMs: z.number().nonnegative(),
  }),
  z.strictObject({
    type: z.literal('run'),
    at,
    id: ulidText,
    zone: slug,
    from: z.number(),
    to: z.number().nullable(),
    /** How long it really was, by the monotonic clock in wall time's rate; told with its end. */
    lastedMs: z.number().nonnegative().nullable(),
    why: z.enum(['started', 'stopped', 'unverified', 'restart', 'clock-jump']),
    evidence: z.array(z.strictObject({ point: pointRef, v: scalar, q: quality, t: z.number() })).max(20),
  }),
  /** Another site file, or other profiles, have been taken over: devices by their ids. */
  z.strictObject({
    type: z.literal('site'),
    at,
    added: z.array(slug).max(1000),
    removed: z.array(slug).max(1000),
    changed: z.array(slug).max(1000),
  }),
  z.strictObject({ type: z.literal('access'), at, device: slug, event: z.string().max(40), detail: z.string().max(120) }),
  z.strictObject({
    type: z.literal('linkage'),
    at,
    compartment: slug,
    event: ulidText,
    linkage: slug,
    phase: z.enum(['triggered', 'started', 'fed-back', 'late', 'missing', 'relapsed', 'restored', 'released']),
    elapsedMs: z.number().nonnegative().nullable(),
    limitMs: z.number().positive().nullable(),
    name: words,
  }),
  z.strictObject({
    type: z.literal('compartment'),
    at,
    compartment: slug,
    event: ulidText,
    /** `withheld`: the rule was met during a test; `causes` are its witnesses, or the person who acted. */
    phase: z.enum(['rule-met', 'by-hand', 'withheld', 'test-begun', 'test-ended', 'released']),
    causes: z.array(cause).max(60),
    /** End of a test. */
    until: z.number().optional(),
  }),
])
export type JournalBody = z.infer<typeof journalBody>
export type JournalOf<T extends JournalBody['type']> = Extract<JournalBody, { type: T }>

/** One durable record. (agent, journal id, n) is unique for ever; n is contiguous within a journal. */
export const journalRecord = z.strictObject({ n: z.number().int().positive(), body: z.unknown() })
export type JournalRecord = z.infer<typeof journalRecord>

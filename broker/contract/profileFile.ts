import { z } from 'zod'
import { alarmKind, alarmLevel } from './alarm.ts'
import { guidance } from './guidance.ts'
import { pointKey, slug, words } from './names.ts'
import { detectorRoles, pointRoles } from './pointRoles.ts'
import { scalar } from './quality.ts'

/** How often a point is read: alarms every 200 ms, values every second, slow ones every ten (issue of the first thread). */
export const pollClass = z.enum(['alarm', 'value', 'slow'])
export type PollClass = z.infer<typeof pollClass>
export const pollPeriodMs: Record<PollClass, number> = { alarm: 200, value: 1000, slow: 10_000 }

export const registerType = z.enum(['bool', 'u16', 'i16', 'u32', 'i32', 'f32'])
export type RegisterType = z.infer<typeof registerType>

const register = z.strictObject({
  table: z.enum(['coil', 'discrete', 'holding', 'input']),
  address: z.number().int().min(0).max(65_535),
  type: registerType.default('bool'),
  wordOrder: z.enum(['big', 'little']).default('big'),
  scale: z.number().positive().default(1),
  offset: z.number().default(0),
  /** What the device says when it has no answer: no value. So is a word of all ones that carries bits. */
  sentinel: z.number().int().optional(),
  bit: z.number().int().min(0).max(15).optional(),
})
export type Register = z.infer<typeof register>

const mqttSource = z.strictObject({
  topic: z.string(),
  path: z.string(),
  scale: z.number().positive().default(1),
  offset: z.number().default(0),
  sentinel: z.number().optional(),
  command: z.strictObject({ topic: z.string(), path: z.string() }).optional(),
})

const writeRule = z.strictObject({
  /** Where the effect is seen; the point itself when left out. */
  readBack: pointKey.optional(),
  settleMs: z.number().int().min(0).default(300),
  holdMs: z.number().int().min(0).default(500),
  limitMs: z.number().int().min(100).default(10_000),
  min: z.number().optional(),
  max: z.number().optional(),
  tolerance: z.number().min(0).default(0),
  /** What to do when something else has changed the point in the device: write it again, or report it and leave it. */
  onOverwrite: z.enum(['repeat', 'leave']).default('repeat'),
  refreshMs: z.number().int().min(1000).optional(),
  relinquishDefault: scalar,
})

const point = z.strictObject({
  name: words,
  kind: z.enum(['binary', 'analog', 'enum']),
  group: z.enum(['command', 'status', 'protection', 'meter']).default('status'),
  unit: z.string().max(16).default(''),
  digits: z.number().int().min(0).max(4).default(1),
  poll: pollClass.default('value'),
  deadband: z.number().min(0).default(0),
  texts: z.record(z.string(), words).optional(),
  plausible: z.tuple([z.number(), z.number()]).optional(),
  /**
   * What it is, for screens and simulators; of a fire detector what it says, and of which detector: together they decide
   * whether it is a witness (GB 50116 4.1.6).
   */
  role: z.enum([...detectorRoles, ...pointRoles]).optional(),
  detector: pointKey.or(z.string().regex(/^[a-z][a-z0-9_{}]*$/)).optional(),
  /** Only ever counts up; a device in which it runs back is not to be believed. */
  counts: z.boolean().default(false),
  register: register.optional(),
  mqtt: mqttSource.optional(),
  write: writeRule.optional(),
})
export type ProfilePoint = z.infer<typeof point>

const alarmRule = z.strictObject({
  point: pointKey,
  equals: scalar.optional(),
  above: z.number().optional(),
  below: z.number().optional(),
  deadband: z.number().min(0).default(0),
  onDelayMs: z.number().int().min(0).default(0),
  offDelayMs: z.number().int().min(0).default(0),
  level: alarmLevel,
  kind: alarmKind,
  name: words,
  /** The name says by itself where it is, so the device's name is not put before it (a detector on a loop). */
  standalone: z.boolean().default(false),
  /** A device's own sum of its parts: raised only where no other alarm of its kind stands on the device, as their backup. */
  summary: z.boolean().default(false),
  /**
   * Counts only while the device runs, as `runs.feedback` reads it: a warm room whose air is off is as it should be. The
   * on-delay counts from the start, so that it leaves the device its time.
   */
  whileRunning: z.boolean().default(false),
  /** Raised before its on-delay is over where the condition has begun so often within this time (a pump that cuts in and out). */
  count: z
    .strictObject({ times: z.number().int().min(2).max(100), withinMs: z.number().int().min(1000).max(86_400_000) })
    .optional(),
  /** Once raised it waits for a person's reset when its condition is over (ISA-18.2: latching). */
  latch: z.boolean().default(false),
  guidance: guidance.optional(),
})
export type AlarmRule = z.infer<typeof alarmRule>

/** Repeats points and alarms over a number, such as the loops of a fire panel: `{n}` in keys and names, `stride` in registers. */
const series = z.strictObject({
  from: z.number().int(),
  to: z.number().int(),
  stride: z.number().int().positive(),
  points: z.record(z.string(), point),
  alarms: z.record(z.string(), alarmRule.extend({ point: z.string() })).default({}),
})

export const profileFile = z.strictObject({
  profile: slug,
  version: z.number().int().positive(),
  protocol: z.enum(['modbus', 'mqtt']),
  name: words,
  /** How we know that this is what the device does. */
  evidence: z.enum(['synthetic', 'datasheet', 'bench', 'field']),
  /** Level of the communication alarm; 2 for a fire panel (design §3). */
  linkAlarmLevel: alarmLevel.default(3),
  /** Silence of a device that speaks by itself, after which its link counts as lost. */
  silenceMs: z.number().int().positive().optional(),
  /** What "runs" means for a device that the programme switches. */
  runs: z
    .strictObject({
      command: pointKey,
      feedback: pointKey,
      /** Once started it runs, once stopped it rests at least so long (level 6), whatever programme or operator want. */
      minOnS: z.number().int().min(0).max(7200).default(0),
      minOffS: z.number().int().min(0).max(7200).default(0),
    })
    .optional(),
  /** A point in which the device tells its own time, in seconds since 1970; further than `limitS` from ours is an alarm. */
  clock: z.strictObject({ point: pointKey, limitS: z.number().positive().max(3600) }).optional(),
  /**
   * A register that wants a new number at least every `timeoutMs`; otherwise the device believes its supervisor dead and
   * takes the values of `fallback` by itself.
   */
  heartbeat: z
    .strictObject({
      point: pointKey,
      everyMs: z.number().int().min(1000).max(600_000),
      timeoutMs: z.number().int().min(2000).max(3_600_000),
      fallback: z.record(pointKey, scalar).default({}),
    })
    .refine(h => h.timeoutMs >= 2 * h.everyMs, 'timeoutMs leaves room for one lost beat: at least twice everyMs')
    .optional(),
  /**
   * What such a device shall do at a fire; `check:site` names those that no linkage covers. `input` is its own hard-wired
   * fire input: while it is active, nothing else is ever written to `point` (design §4).
   */
  atFire: z.strictObject({ point: pointKey, value: scalar, input: pointKey.optional() }).optional(),
  /** Of all its alarms, where a rule does not say it itself. */
  guidance: guidance.optional(),
  maxBlock: z.number().int().min(1).max(125).default(100),
  points: z.record(z.string(), point).default({}),
  alarms: z.record(z.string(), alarmRule).default({}),
  series: z.array(series).default([]),
})

export type ProfileFile = z.infer<typeof profileFile>

/** A profile with its series written out. */
export type Profile = Omit<ProfileFile, 'series' | 'points' | 'alarms'> & {
  points: Map<string, ProfilePoint>
  alarms: Map<string, AlarmRule>
}
/** Profiles by id: what `parseSite` checks point names against. */
export type Catalogue = ReadonlyMap<string, Profile>

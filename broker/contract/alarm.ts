import { z } from 'zod'
import { pointRef, slug, ulidText, words } from './names.ts'
import { scalar } from './quality.ts'

/** 1 fire, 2 robbery, typhoon and what the site adds (R66); 3 equipment failure, 4 advisory are ours (design §5). */
export const alarmLevel = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)])
export type AlarmLevel = z.infer<typeof alarmLevel>

export const alarmKind = z.enum(['fire', 'intrusion', 'equipment', 'link', 'linkage', 'held', 'fault', 'advisory', 'system'])
export type AlarmKind = z.infer<typeof alarmKind>

/** Where it happens: a fire compartment, a zone, a floor, or null for the whole site. */
export const place = slug.nullable()

/**
 * An alarm as its source states it. `key` names the condition (`device/point/rule`), `id` this one occurrence of it.
 * `unverifiedSince`: its link is lost, so neither raise nor return is evaluated (design §3).
 */
export const alarmFact = z.strictObject({
  id: ulidText,
  key: z.string().max(160),
  level: alarmLevel,
  kind: alarmKind,
  device: slug.nullable(),
  point: pointRef.nullable(),
  place,
  name: words,
  raisedAt: z.number(),
  value: scalar,
  limit: scalar,
  unverifiedSince: z.number().nullable(),
  /** Over only when a person has reset it, after the condition has ended (ISA-18.2: latching). */
  latch: z.boolean().optional(),
})
/**
 * What would be an alarm, and is none because of how the plant is run: a rule that counts only while its device runs, or a suppression of
 * the site file. It rings nobody, and is seen and counted all the same (ISA-18.2: suppressed by design).
 */
export const suppressedAlarm = z.strictObject({
  key: z.string().max(160),
  level: alarmLevel,
  device: slug,
  place,
  name: words,
  since: z.number(),
  why: words,
})
export type SuppressedAlarm = z.infer<typeof suppressedAlarm>
export type AlarmFact = z.infer<typeof alarmFact>

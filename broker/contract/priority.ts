import { z } from 'zod'
import { words } from './names.ts'
import { scalar } from './quality.ts'

/**
 * Levels of the priority array (ISO 16484-5, 19.2) that Zhiban writes; 1 wins over 16.
 * Level 1 is reserved: no program writes it (design §4).
 */
export const level = { fire: 2, protection: 5, minimumTime: 6, operator: 8, overtime: 12, schedule: 15 } as const
export const priorityLevel = z.number().int().min(1).max(16)

/** One reason for an entry. `id` is stable (booking id, compartment, user id), so causes can be united and withdrawn. */
export const cause = z.strictObject({
  id: z.string().max(80),
  what: words,
  /** What this cause wants, where a level keeps a value per cause (levels 2 and 5), and its rank among them: 1 comes first. */
  value: scalar.optional(),
  rank: z.number().int().min(1).max(99).optional(),
})
export type Cause = z.infer<typeof cause>

/** No hold lasts longer; whoever needs more extends it, and so has looked at it again. */
export const longestHoldMs = 7 * 86_400_000
/** A test withholds what saves lives: whoever needs longer says so again tomorrow. */
export const longestTestMs = 24 * 3_600_000

/** A door that stands open longer is held open, and that is for people to answer for. */
export const longestPassS = 30
/** The cause of an opening for somebody who passes: nobody's hold, and over by itself. */
export const passCause = (id: string) => `let-pass/${id}`
const isPass = (h: Holder): boolean => h.causes.some(c => c.id.startsWith(passCause('')))
/** What a person holds by hand; undefined where nobody does. */
export const handHold = (array: PriorityArray): Holder | undefined =>
  array.holders.find(h => h.level === level.operator && !isPass(h))

/** A filled level: what it wants, who is behind it, since when and (but for level 2) until when (ms, wall clock). */
export const holder = z.strictObject({
  level: priorityLevel,
  value: scalar,
  causes: z.array(cause).min(1).max(60),
  since: z.number(),
  until: z.number().nullable(),
})
export type Holder = z.infer<typeof holder>

/** The filled levels of one point, and what it falls back to when all are empty. */
export const priorityArray = z.strictObject({ holders: z.array(holder).max(16), relinquishDefault: scalar })
export type PriorityArray = z.infer<typeof priorityArray>

/** The holder that has the point, or undefined when its relinquish default applies. */
export const winner = (array: PriorityArray): Holder | undefined =>
  array.holders.reduce<Holder | undefined>((best, h) => (!best || h.level < best.level ? h : best), undefined)

/** Of the causes of one entry, the value of the one that comes first: by rank, and among equals the eldest. */
export const prevailing = (causes: readonly Cause[], otherwise: z.infer<typeof scalar>) => {
  const best = causes.reduce<Cause | undefined>((a, c) => (!a || (c.rank ?? 99) < (a.rank ?? 99) ? c : a), undefined)
  return best?.value === undefined ? otherwise : best.value
}

export const winningValue = (array: PriorityArray) => {
  const best = winner(array)
  return best ? best.value : array.relinquishDefault
}

import { z } from 'zod'

/** How fast the clock of a demo may run. */
export const fastestRate = 3600
/** A program may learn of a new pace by so much later (real ms) without its clock having to wait. */
export const handOverMs = 250

/**
 * The pace of a demo's wall clock: from `sinceReal` (ms of the machine's clock) on it shows `sinceSimulated` and goes on at
 * `rate` wall seconds per real second. `why`: a person has set it, or an emergency has brought it back to real time.
 */
export const pace = z.strictObject({
  rate: z.number().positive().max(fastestRate),
  sinceReal: z.number(),
  sinceSimulated: z.number(),
  why: z.enum(['set', 'emergency']).default('set'),
})
export type Pace = z.infer<typeof pace>

export const realPace: Pace = { rate: 1, sinceReal: 0, sinceSimulated: 0, why: 'set' }

/** The wall time (ms) at a moment of the machine's clock. */
export const wallAt = (p: Pace, real: number): number => Math.round(p.sinceSimulated + (real - p.sinceReal) * p.rate)

export const isSimulated = (p: Pace): boolean => p.rate !== 1 || p.sinceReal !== p.sinceSimulated

/**
 * The pace that follows another one from a moment on. No clock goes back: one that is slowed first steps ahead by what those
 * who hear of it `handOverMs` later will have shown by then.
 */
export const paceAfter = (before: Pace, real: number, rate: number, why: Pace['why']): Pace => ({
  rate,
  sinceReal: real,
  sinceSimulated: wallAt(before, real) + Math.max(0, Math.ceil((before.rate - rate) * handOverMs)),
  why,
})

/** Whether a pace goes on from another one; otherwise somebody has put the clock. */
export const follows = (before: Pace, next: Pace): boolean =>
  next.sinceSimulated === paceAfter(before, next.sinceReal, next.rate, next.why).sinceSimulated

import { z } from 'zod'

/**
 * How far a value may be trusted (design §3). Only `good`, `manual` and `simulated` may steer or be billed;
 * `stale` keeps the last number for the eye alone, `bad` has no number.
 */
export const quality = z.enum(['good', 'uncertain', 'stale', 'bad', 'manual', 'simulated'])

/** What a point can hold. `null` is "no number", never zero. */
export const scalar = z.union([z.number(), z.boolean(), z.string().max(200), z.null()])
export type Scalar = z.infer<typeof scalar>

/** A value with its quality, the time it was read at its source (ms, wall clock of the site) and the raw register. */
export const pointValue = z.strictObject({ v: scalar, q: quality, t: z.number(), raw: z.string().max(40).optional() })
export type PointValue = z.infer<typeof pointValue>

/** True when a value may be acted on. */
export const isTrusted = (value: PointValue | undefined): value is PointValue =>
  value !== undefined && (value.q === 'good' || value.q === 'manual' || value.q === 'simulated')

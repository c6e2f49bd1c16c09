import { isTrusted, type PointValue, type Scalar } from '#contract/quality'

/** Timing of one point's read-back (ms, monotonic), from its profile. */
export type ReadBackRule = { settleMs: number; holdMs: number; limitMs: number; tolerance: number }
export type Waiting = { writtenAt: number; matchingSince: number | undefined }
export type Verdict = { state: 'waiting'; next: Waiting } | { state: 'confirmed' } | { state: 'failed' }

export const matches = (wanted: Scalar, read: Scalar, tolerance: number): boolean =>
  typeof wanted === 'number' && typeof read === 'number' ? Math.abs(wanted - read) <= tolerance : wanted === read

/**
 * Confirmed only when the value has been read, after the settle time, and has stayed for the hold time (design §3).
 * `readAt` is when the point was last read (monotonic): what was read before the write, or before it settled, proves
 * nothing, and the hold time counts between readings.
 */
export const judge = (
  rule: ReadBackRule,
  waiting: Waiting,
  wanted: Scalar,
  value: PointValue | undefined,
  readAt: number | undefined,
  now: number,
): Verdict => {
  const elapsed = now - waiting.writtenAt
  const fresh = readAt !== undefined && readAt >= waiting.writtenAt + rule.settleMs
  const fits = fresh && isTrusted(value) && matches(wanted, value.v, rule.tolerance)
  const matchingSince = fits ? (waiting.matchingSince ?? readAt) : undefined
  if (fits && matchingSince !== undefined && readAt - matchingSince >= rule.holdMs) return { state: 'confirmed' }
  if (elapsed > rule.limitMs) return { state: 'failed' }
  return { state: 'waiting', next: { ...waiting, matchingSince } }
}

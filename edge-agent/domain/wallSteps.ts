/** Smaller steps are those of a clock that is kept right; times its rate, for a demo's fast clock. */
const stepMs = 2000

export type Moment = { wall: number; mono: number }

/**
 * Tells where the wall clock did not go on as time did: set, corrected, or asleep. Between two looks the wall must have moved
 * as the monotonic clock has, at its rate. Returns how far it jumped (ms, ahead is positive), or 0.
 */
export const wallStep = (before: Moment, now: Moment, rate: number): number => {
  const jumped = now.wall - before.wall - (now.mono - before.mono) * rate
  return Math.abs(jumped) > stepMs * Math.max(1, rate) ? Math.round(jumped) : 0
}

export type Drift = { ms: number; off: boolean; contrary: number }

/** A reading that was only late must not alarm: so many in a row are needed to change the judgement. */
const inARow = 3
/** Back within this share of the limit, the clock counts as right again. */
const clearsAt = 0.8

export const noDrift: Drift = { ms: 0, off: false, contrary: 0 }

/** One more reading of a device's own clock. `told` is what it said and `wall` the right time, both in ms. */
export const judgeClock = (limitMs: number, before: Drift, told: number, wall: number): Drift => {
  const ms = Math.round(told - wall)
  const limit = before.off ? limitMs * clearsAt : limitMs
  const disagrees = Math.abs(ms) > limit !== before.off
  if (!disagrees) return { ms, off: before.off, contrary: 0 }
  const contrary = before.contrary + 1
  return contrary >= inARow ? { ms, off: !before.off, contrary: 0 } : { ms, off: before.off, contrary }
}

/** Fewer devices than these are no majority. */
const leastWitnesses = 3

/**
 * How far the agent's own clock is behind everybody else's (ms; ahead is negative), where most devices agree with each other
 * and, as far as it is heard, with the console against it; otherwise 0. `unknown`: they agree, but the console has not spoken yet,
 * so that nobody can be accused.
 */
export const ownError = (drifts: readonly number[], console: number | undefined, limitMs: number): number | 'unknown' => {
  if (drifts.length < leastWitnesses) return 0
  const middle = drifts.toSorted((a, b) => a - b)[Math.floor(drifts.length / 2)] ?? 0
  const agree = drifts.filter(d => Math.abs(d - middle) <= limitMs).length
  if (Math.abs(middle) <= limitMs || agree * 2 <= drifts.length) return 0
  if (console === undefined) return 'unknown'
  return Math.abs(console - middle) <= limitMs ? middle : 0
}

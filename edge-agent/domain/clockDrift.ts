export type Drift = { ms: number; off: boolean; contrary: number }

/** A reading that was only late must not alarm: so many in a row are needed to change the judgement. */
const inARow = 3
/** Back within this share of the limit, the clock counts as right again. */
const clearsAt = 0.8

export const noDrift: Drift = { ms: 0, off: false, contrary: 0 }

/** One more reading of a device's own clock. `told` is what it said and `wall` our time, both in ms. */
export const judgeClock = (limitMs: number, before: Drift, told: number, wall: number): Drift => {
  const ms = Math.round(told - wall)
  const limit = before.off ? limitMs * clearsAt : limitMs
  const disagrees = Math.abs(ms) > limit !== before.off
  if (!disagrees) return { ms, off: before.off, contrary: 0 }
  const contrary = before.contrary + 1
  return contrary >= inARow ? { ms, off: !before.off, contrary: 0 } : { ms, off: before.off, contrary }
}

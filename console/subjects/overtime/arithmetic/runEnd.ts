/** Two clocks that are read one after the other, and a crystal that is a little off. */
const toleranceMs = 2000
const toleranceShare = 0.01

/**
 * Where a run ends for what is charged: where the agent's wall clock says, but never later than it really lasted. A wall
 * clock that was put ahead while it ran makes nobody pay for minutes that never were.
 */
export const chargedEnd = ({ from, to, lastedMs }: { from: number; to: number; lastedMs: number | null }): number => {
  if (lastedMs === null) return to
  return to - from - lastedMs > toleranceMs + lastedMs * toleranceShare ? from + lastedMs : to
}

import { intersect, type Stretch, subtract, totalMs } from '../../../server/domain/intervals.ts'

/** Why booked time was not delivered, the first that holds; `unconfirmed` is what has no reason in the books. */
export const missedReasons = ['fire', 'silence', 'fault', 'unconfirmed'] as const
export type MissedReason = (typeof missedReasons)[number]
/** Why a line is less than it would have been: what was not delivered, or what others have paid with it. */
export const takenOffReasons = [...missedReasons, 'shared'] as const
/** What one reason has taken off a line. */
export type TakenOff = { why: (typeof takenOffReasons)[number]; minutes: number; fen: number }

/** Shares out what a line has lost among the reasons, by the time that each took; the amounts add up to `lostFen`. */
export const missedBecause = (
  missing: readonly Stretch[],
  causes: readonly (Stretch & { why: MissedReason })[],
  lostFen: number,
): TakenOff[] => {
  const whole = totalMs(missing)
  let left = [...missing]
  let past = 0
  const found: TakenOff[] = []
  for (const why of missedReasons) {
    const spans = causes.filter(c => c.why === why)
    const ms = totalMs(why === 'unconfirmed' ? left : intersect(left, spans))
    left = subtract(left, spans)
    if (ms === 0) continue
    const fenUpTo = (t: number) => Math.round((lostFen * t) / whole)
    const missed = { why, minutes: Math.round(ms / 60_000), fen: fenUpTo(past + ms) - fenUpTo(past) }
    past += ms
    if (missed.minutes > 0 || missed.fen > 0) found.push(missed)
  }
  return found
}

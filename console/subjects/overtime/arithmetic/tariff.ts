import { intersect, type Stretch, subtract, totalMs } from '../../../server/domain/intervals.ts'
import type { Tariff } from '../../../server/site/directory.ts'

/** What is rounded once: the time until the centre opens again, with its price and the centre's own hours in it, which are free (R41). */
export type Evening = Stretch & { tariff: Tariff; free: readonly Stretch[] }
type Share = { minutes: number; fen: number }
/** What one booking costs, what it would have cost had all of it run, and which of its time did (the evidence) and did not. */
export type Charge = Share & { told: Share; counted: Stretch[]; missing: Stretch[] }

/** A start and its read-back take so long; what is missing beyond is less than was booked. */
const startMinutes = 1

export const minutesOf = (list: readonly Stretch[]): number => Math.round(totalMs(list) / 60_000)

/**
 * Minutes to bill: rounded down, and at least the minimum where so much has run, or where the tenant has chosen less and
 * got it. Where less was delivered than he chose, only what was delivered counts.
 */
export const billableMinutes = (chosen: number, confirmed: number, { roundingMinutes, minimumMinutes }: Tariff): number => {
  const down = Math.floor(confirmed / roundingMinutes) * roundingMinutes
  const choseLess = chosen < minimumMinutes && confirmed > 0 && chosen - confirmed <= startMinutes
  return choseLess || confirmed >= minimumMinutes ? Math.max(minimumMinutes, down) : down
}

export const amountFen = (minutes: number, tariff: Tariff): number => Math.floor((minutes * tariff.fenPerHour) / 60)

const within = (list: readonly Stretch[], evening: Evening) => subtract(intersect(list, [evening]), evening.free)

/**
 * What each booking of an evening adds to its one bill, in the order in which they were made. Whatever the bill loses by
 * a later one (the minimum, when that one did not run) the earlier ones lose, so that no share is below nothing.
 */
const sharesOf = (evening: Evening, bookings: readonly Stretch[], runs: readonly Stretch[]): Share[] => {
  const bills = bookings.map((_, k) => {
    const chosen = within(bookings.slice(0, k + 1), evening)
    return billableMinutes(minutesOf(chosen), minutesOf(intersect(chosen, runs)), evening.tariff)
  })
  const upTo = bills.map((_, k) => Math.min(...bills.slice(k)))
  return upTo.map((minutes, k) => {
    const before = upTo[k - 1] ?? 0
    return { minutes: minutes - before, fen: amountFen(minutes, evening.tariff) - amountFen(before, evening.tariff) }
  })
}

const shareOf = (evenings: readonly Evening[], bookings: readonly Stretch[], runs: readonly Stretch[], k: number): Share =>
  evenings
    .map(e => sharesOf(e, bookings, runs)[k] ?? { minutes: 0, fen: 0 })
    .reduce((a, b) => ({ minutes: a.minutes + b.minutes, fen: a.fen + b.fen }), { minutes: 0, fen: 0 })

/**
 * What the k-th of one tenant's bookings of a zone costs as it ran: only time inside it, outside the centre's hours, and
 * confirmed by read-back. `evenings` are all that it touches, `bookings` all that touch them, each until when it was chosen.
 */
export const chargeOf = (
  evenings: readonly Evening[],
  bookings: readonly Stretch[],
  k: number,
  runs: readonly Stretch[],
): Charge => {
  const chosen = evenings.flatMap(e => within(bookings.slice(k, k + 1), e))
  return {
    ...shareOf(evenings, bookings, runs, k),
    told: shareOf(evenings, bookings, bookings, k),
    counted: intersect(chosen, runs),
    missing: subtract(chosen, runs),
  }
}

/** What a booking would cost beside those that were made before it, if all of it runs. */
export const quoteFor = (booked: Stretch, before: readonly Stretch[], evenings: readonly Evening[]) => {
  const { minutes: billableMinutes, fen } = shareOf(evenings, [...before, booked], [...before, booked], before.length)
  const minutes = minutesOf([booked])
  const overtimeMinutes = minutesOf(evenings.flatMap(e => within([booked], e)))
  return { minutes, freeMinutes: minutes - overtimeMinutes, billableMinutes, fen }
}

import { intersect, type Stretch, subtract, totalMs } from './intervals.ts'

/** C40: unit, rounding and minimum are settings; the manual gives no amounts. */
export type Tariff = { fenPerHour: number; roundingMinutes: number; minimumMinutes: number }

/** Minutes to bill for minutes confirmed: rounded to the nearest step, at least the minimum, nothing for nothing. */
export const billableMinutes = (confirmed: number, tariff: Tariff): number => {
  if (confirmed <= 0) return 0
  const rounded = Math.round(confirmed / tariff.roundingMinutes) * tariff.roundingMinutes
  return Math.max(tariff.minimumMinutes, rounded)
}

export const amountFen = (minutes: number, tariff: Tariff): number => Math.round((minutes * tariff.fenPerHour) / 60)

const minutesOf = (list: readonly Stretch[]) => Math.floor(totalMs(list) / 60_000)

/** What a booking would cost if it runs as booked: the part inside the centre's own hours is free (R41). */
export const quoteFor = (booked: Stretch, centreHours: readonly Stretch[], tariff: Tariff) => {
  const overtime = subtract([booked], centreHours)
  const minutes = minutesOf([booked])
  const billable = billableMinutes(minutesOf(overtime), tariff)
  return { minutes, freeMinutes: minutes - minutesOf(overtime), billableMinutes: billable, fen: amountFen(billable, tariff) }
}

/**
 * What a booking costs as it ran: only minutes inside it, outside the centre's hours, and confirmed by read-back.
 * The counted stretches are the evidence of the line.
 */
export const chargeFor = (booked: Stretch, centreHours: readonly Stretch[], runs: readonly Stretch[], tariff: Tariff) => {
  const counted = intersect(subtract([booked], centreHours), runs)
  const confirmedMinutes = Math.round(totalMs(counted) / 60_000)
  const most = quoteFor(booked, centreHours, tariff).billableMinutes
  const billable = Math.min(most, billableMinutes(confirmedMinutes, tariff))
  return { counted, confirmedMinutes, billableMinutes: billable, fen: amountFen(billable, tariff) }
}

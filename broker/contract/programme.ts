import { z } from 'zod'
import { slug, words } from './names.ts'

const minuteOfDay = z.number().int().min(0).max(1440)

/** So many minutes before `from` the zones start, to be comfortable when it comes. */
const preStartMin = z.number().int().min(0).max(180).default(0)

/**
 * Weekly hours of zones: ISO weekdays 1-7 and 0 for closed days, minutes of the site's local day. `to` 1440 is midnight at the
 * end; hours that end before they begin go on until the next day, and belong to the day on which they begin.
 */
export const weeklyHours = z.strictObject({
  id: z.string().max(60),
  what: words,
  zones: z.array(slug).min(1),
  days: z.array(z.number().int().min(0).max(7)).min(1),
  from: minuteOfDay,
  to: minuteOfDay,
  preStartMin,
})

/** A day that is not what its weekday says: `closed` (statutory holiday: no central air, R41) or `workday` (make-up day). */
export const exceptionDay = z.strictObject({ date: z.iso.date(), kind: z.enum(['closed', 'workday']), what: words })

/** An entitlement of one zone. Times are ms of the wall clock; [from, to). */
export const programmeBooking = z.strictObject({
  id: z.string().max(60),
  zone: slug,
  from: z.number(),
  to: z.number(),
  what: words,
  preStartMin,
})

/**
 * Everything the agent needs to run alone for 35 days (design §3). The newest revision replaces the older one whole.
 */
export const programme = z.strictObject({
  revision: z.number().int().positive(),
  madeAt: z.number(),
  timeZone: z.string().max(60),
  weekly: z.array(weeklyHours).max(500),
  exceptions: z.array(exceptionDay).max(400),
  bookings: z.array(programmeBooking).max(5000),
})
export type Programme = z.infer<typeof programme>

export const programmeReport = z.strictObject({
  revision: z.number().int().nonnegative(),
  at: z.number(),
  refused: z.array(z.strictObject({ id: z.string().max(80), reason: z.string().max(200) })).max(200),
  /** A revision that was not taken at all, and why; what was in force before goes on. */
  declined: z.strictObject({ revision: z.number().int(), reason: z.string().max(200) }).nullable(),
})
export type ProgrammeReport = z.infer<typeof programmeReport>

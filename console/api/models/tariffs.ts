import { z } from 'zod'
import { words } from '#contract/names'

/** Prices of the overtime air (C40): by zones, by dates, and by the kind of the day on which the evening begins. */

/** `any` holds where no price of the day's own kind does. `holiday`: a day of the calendar on which the centre is closed. */
export const tariffDays = ['any', 'workday', 'weekend', 'holiday'] as const
export type TariffDays = (typeof tariffDays)[number]

const label = z.string().trim().min(1).max(60)
export const tariffBody = z.strictObject({
  name: z.strictObject({ zh: label, en: label }),
  days: z.enum(tariffDays),
  fenPerHour: z.number().int().min(1).max(10_000_000),
  roundingMinutes: z.number().int().min(1).max(240),
  minimumMinutes: z.number().int().min(0).max(1440),
  from: z.iso.date(),
  /** The last day; null: until further notice. */
  to: z.iso.date().nullable(),
  zones: z.array(z.string().max(40)).min(1).max(2000),
})
export type TariffBody = z.infer<typeof tariffBody>
export const tariffView = tariffBody.extend({
  id: z.string(),
  name: words,
  /** Somebody has booked at it: then only its last day may still be set. */
  told: z.boolean(),
})
export type TariffView = z.infer<typeof tariffView>
/** All prices, and the zones that have none today. */
export const tariffList = z.object({ tariffs: z.array(tariffView), unpriced: z.array(z.string()) })
export type TariffList = z.infer<typeof tariffList>

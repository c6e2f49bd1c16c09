import { z } from 'zod'
import { words } from '#contract/names'

/** Rooms that are let or owned. Those with zones stand in the site file; the others the desk keeps. */

const name = z.string().trim().min(1).max(40)
export const unitBody = z.strictObject({
  name: z.strictObject({ zh: name, en: name }),
  /** A floor of the site; null: on none. */
  floor: z.string().max(40).nullable(),
})
export type UnitBody = z.infer<typeof unitBody>
/** `was`: as whoever changes it has seen it. */
export const unitChange = unitBody.extend({ was: unitBody })

export const unitView = z.object({
  id: z.string(),
  name: words,
  floor: z.string().nullable(),
  /** How many zones of the building it has. */
  zones: z.number().int(),
  /** The desk keeps it; otherwise it stands in the site file. */
  own: z.boolean(),
  /** Who rents and who owns it today; empty: nobody. */
  tenant: z.string(),
  owner: z.string(),
})
export type UnitView = z.infer<typeof unitView>
/** Those that a search finds, the first of them. */
export const unitList = z.object({ found: z.number().int(), units: z.array(unitView) })
export type UnitList = z.infer<typeof unitList>

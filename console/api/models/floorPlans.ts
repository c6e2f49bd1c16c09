import { z } from 'zod'

/** A device (`ahu-3`) or one of its points (`fire-panel/l3_w1_fire`) on the plan of a floor. */
export const spotRef = z.string().regex(/^[a-z0-9-]+(\/[A-Za-z0-9_]+)?$/)
/** From left or from top, in ten-thousandths of the picture. */
const share = z.number().int().min(0).max(10_000)

export const floorSpot = z.object({ ref: spotRef, x: share, y: share })
export type FloorSpot = z.infer<typeof floorSpot>

export const floorPlan = z.object({
  floor: z.string(),
  /** `none`: the site file names no picture. `missing`: it names one that is not there. */
  picture: z.enum(['none', 'missing', 'there']),
  spots: z.array(floorSpot),
  /** Placed once, and not in the site file any more. */
  gone: z.array(spotRef),
})
export type FloorPlanView = z.infer<typeof floorPlan>

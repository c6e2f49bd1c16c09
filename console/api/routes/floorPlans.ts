import { z } from 'zod'
import { floorPlan, floorSpot, spotRef } from '../models/floorPlans.ts'
import type { RouteTable } from '../route.ts'

const floor = z.object({ floor: z.string().max(40) })

export const floorPlanRoutes = {
  'GET /floors/:floor/plan': {
    summary: 'What stands where on the plan of a floor',
    right: 'see-live',
    whileLocked: true,
    params: floor,
    answer: floorPlan,
  },
  'GET /floors/:floor/picture': {
    summary: 'The picture of a floor that the site file names, as it is',
    right: 'see-live',
    whileLocked: true,
    params: floor,
  },
  'PUT /floors/:floor/spots': {
    summary: 'Places a device, or one of its points, on the plan of a floor, or moves it',
    right: 'place-points',
    params: floor,
    body: floorSpot,
    answer: floorPlan,
  },
  'POST /floors/:floor/spots/take-off': {
    summary: 'Takes a device, or one of its points, off the plan of a floor',
    right: 'place-points',
    params: floor,
    body: z.strictObject({ ref: spotRef }),
    answer: floorPlan,
  },
} as const satisfies RouteTable

import { z } from 'zod'
import { rosterLine, rosterShift } from '../models/cases.ts'
import type { RouteTable } from '../route.ts'

export const rosterRoutes = {
  'PUT /rosters/:id/shifts': {
    summary: 'Writes the table of a roster in preparation anew, whole',
    params: z.object({ id: z.string().max(40) }),
    body: z.strictObject({ revision: z.number().int().nonnegative(), shifts: z.array(rosterLine).max(2000) }),
    answer: z.array(rosterShift),
  },
} as const satisfies RouteTable

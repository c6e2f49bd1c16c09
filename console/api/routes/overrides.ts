import { z } from 'zod'
import { override } from '../models/overrides.ts'
import type { RouteTable } from '../route.ts'

export const overridesRoutes = {
  'GET /overrides': {
    summary: 'Everything that people have changed and not given back: what, by whom, why, until when, and what it was before',
    right: 'see-alarms',
    answer: z.array(override),
  },
} as const satisfies RouteTable

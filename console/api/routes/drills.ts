import { z } from 'zod'
import { shadowReport } from '../models/drills.ts'
import type { RouteTable } from '../route.ts'

export const drillRoutes = {
  'GET /drills/shadow/:compartment': {
    summary: 'What a fire in a compartment would set going now, and whom it would reach; nothing is written',
    right: 'raise-emergency',
    params: z.object({ compartment: z.string().max(40) }),
    answer: shadowReport,
  },
} as const satisfies RouteTable

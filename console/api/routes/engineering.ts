import { z } from 'zod'
import { engineering } from '../models/live.ts'
import type { RouteTable } from '../route.ts'

export const engineeringRoutes = {
  'GET /engineering': {
    summary: 'The programme of a week with its causes, the state of the journals, the last measured times of each linkage',
    right: 'see-engineering',
    query: z.object({ from: z.iso.date().optional() }),
    answer: engineering,
  },
} as const satisfies RouteTable

import { z } from 'zod'
import { gateView } from '../models/gate.ts'
import type { RouteTable } from '../route.ts'

export const gateRoutes = {
  'GET /gate': {
    summary: 'Who is at the doors and barriers now, and what came of it (R71, R72)',
    right: 'see-gate',
    answer: gateView,
  },
  'POST /gate/passages/:id/let-pass': {
    summary:
      'The owner of a vehicle at a barrier is confirmed, or it was asked whose it is: the barrier goes up for some seconds. Said again of one that has not passed, it goes up again',
    right: 'let-vehicles-pass',
    params: z.object({ id: z.string().max(40) }),
    body: z.strictObject({ outcome: z.enum(['confirmed', 'asked']) }),
  },
} as const satisfies RouteTable

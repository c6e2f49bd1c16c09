import { z } from 'zod'
import { caseFull } from '../models/cases.ts'
import { handoverReadiness } from '../models/duties.ts'
import type { RouteTable } from '../route.ts'

const item = z.object({ id: z.string().max(40), n: z.coerce.number().int().min(1) })

export const handoverRoutes = {
  'GET /handover/readiness': {
    summary: 'What his shift still lacks before it can be handed over, by the list that he has begun or by what is so now',
    answer: handoverReadiness,
  },
  'POST /cases/:id/items/:n/remark': {
    summary: 'The outgoing shift says what there is to an item of the handover',
    params: item,
    body: z.strictObject({ remark: z.string().trim().min(1).max(500) }),
    answer: caseFull,
  },
  'POST /cases/:id/items/:n/check': {
    summary: 'The incoming shift has gone through an item of the handover',
    params: item,
    answer: caseFull,
  },
} as const satisfies RouteTable

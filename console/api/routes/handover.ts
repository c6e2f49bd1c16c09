import { z } from 'zod'
import { caseFull } from '../models/cases.ts'
import type { RouteTable } from '../route.ts'

const item = z.object({ id: z.string().max(40), n: z.coerce.number().int().min(1) })

export const handoverRoutes = {
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

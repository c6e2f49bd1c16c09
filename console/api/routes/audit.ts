import { z } from 'zod'
import { auditKinds, auditLine } from '../models/audit.ts'
import type { RouteTable } from '../route.ts'

export const auditRoutes = {
  'GET /seal': {
    summary: 'The last entry of the chain over the books, as papers carry it; null before there is one',
    answer: z.object({ seal: z.string().nullable() }),
  },
  'GET /audit': {
    summary: 'Who changed what, newest first',
    right: 'see-audit',
    query: z.object({
      q: z.string().trim().max(80).default(''),
      what: z.enum(auditKinds).optional(),
      from: z.iso.date().optional(),
      to: z.iso.date().optional(),
      before: z.string().max(40).optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    answer: z.array(auditLine),
  },
} as const satisfies RouteTable

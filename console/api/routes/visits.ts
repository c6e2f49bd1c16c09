import { z } from 'zod'
import { visitProposal } from '../models/duties.ts'
import type { RouteTable } from '../route.ts'

export const visitsRoutes = {
  'GET /return-visits/proposal': {
    summary: "Which of this week's completed repairs should be visited, so that the site's share is met (R32)",
    right: 'plan-visits',
    answer: visitProposal,
  },
  'POST /return-visits/proposal': {
    summary: 'Opens return visits for completed repairs',
    right: 'plan-visits',
    body: z.strictObject({ repairs: z.array(z.string().max(40)).min(1).max(200) }),
    answer: visitProposal,
  },
} as const satisfies RouteTable

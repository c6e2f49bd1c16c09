import { z } from 'zod'
import { postChecks } from '../models/postChecks.ts'
import type { RouteTable } from '../route.ts'

export const postChecksRoutes = {
  'GET /post-checks': {
    summary: 'The check of the post that waits for an answer, and the latest before it',
    right: 'see-alarms',
    whileLocked: true,
    answer: postChecks,
  },
  'POST /post-checks': { summary: 'Asks whether somebody is at his post', right: 'check-posts' },
  'POST /post-checks/:id/answer': {
    summary: 'Whoever is at the post answers, and shows who he is',
    right: 'keep-watch',
    whileLocked: true,
    proves: true,
    params: z.object({ id: z.string().max(40) }),
  },
} as const satisfies RouteTable

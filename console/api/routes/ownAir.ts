import { z } from 'zod'
import { instantText } from '../instant.ts'
import { ownAir, ownHours, ownOrder, ownQuote } from '../models/ownAir.ts'
import type { RouteTable } from '../route.ts'

const token = z.object({ token: z.string().regex(/^[\w-]{32}$/) })
const ofBooking = token.extend({ id: z.string().max(40) })

export const ownAirRoutes = {
  'GET /mine/:token/air': {
    summary:
      'The overtime air of his tenant: what runs by read-back, what is booked, what was charged; open to the contact who has the link',
    open: true,
    params: token,
    answer: ownAir,
  },
  'GET /mine/:token/air/quote': {
    summary: 'What it would cost: of zones (by commas) and hours, or of other hours for a booking that there is',
    open: true,
    params: token,
    query: z.object({
      ...{ zones: z.string().max(1000).optional(), from: instantText.optional(), to: instantText },
      ...{ of: z.string().max(40).optional(), evening: z.iso.date().optional() },
    }),
    answer: ownQuote,
  },
  'POST /mine/:token/air': {
    summary: 'He books overtime air: the price that he was told, signed by hand',
    open: true,
    params: token,
    body: ownOrder,
    answer: ownAir,
  },
  'POST /mine/:token/air/:id/hours': {
    summary: 'He makes a booking longer or shorter: the price that he was told, signed by hand',
    open: true,
    params: ofBooking,
    body: ownHours,
    answer: ownAir,
  },
  'POST /mine/:token/air/:id/:act': {
    summary: 'He stops what runs, or withdraws what has not begun',
    open: true,
    params: ofBooking.extend({ act: z.enum(['stop', 'withdraw']) }),
    answer: ownAir,
  },
} as const satisfies RouteTable

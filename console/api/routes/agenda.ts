import { z } from 'zod'
import type { RouteTable } from '../route.ts'

export const agendaRoutes = {
  'GET /me/agenda': {
    summary: 'Since when there is a secret address of ones own shifts and bookings; null: there is none',
    answer: z.object({ madeAt: z.number().nullable() }),
  },
  'POST /me/agenda': {
    summary: 'Makes a new secret address for a calendar program; the one before opens nothing any more',
    answer: z.object({ path: z.string() }),
  },
  'POST /me/agenda/off': { summary: 'Turns the secret address off' },
  'GET /agenda/:token/zhiban.ics': {
    summary: 'Shifts and bookings as a calendar program reads them; open to whoever has the address',
    open: true,
    params: z.object({ token: z.string().min(20).max(64) }),
  },
} as const satisfies RouteTable

import { z } from 'zod'
import { instantText, month } from '../instant.ts'
import { language } from '../language.ts'
import { booking, chargeLine, evidence, quote } from '../models/money.ts'
import type { RouteTable } from '../route.ts'

const ofMonth = z.object({ month })

export const overtimeRoutes = {
  'GET /overtime/quote': {
    summary: 'What a booking would cost, before it is saved',
    right: 'see-overtime',
    query: z.object({ zone: z.string().max(40), from: instantText, to: instantText }),
    answer: quote,
  },
  'GET /overtime/centre-hours': {
    summary:
      "The centre's own hours that touch a stretch of time, and the first date of which nobody knows whether it is a holiday",
    right: 'see-overtime',
    query: z.object({ from: instantText, to: instantText }),
    answer: z.object({ hours: z.array(z.object({ from: z.number(), to: z.number() })), dayUnknown: z.string().nullable() }),
  },
  'GET /overtime/bookings': {
    summary: 'Bookings that touch a stretch of time, for the timeline',
    right: 'see-overtime',
    query: z.object({ from: instantText, to: instantText }),
    answer: z.array(booking),
  },
  'GET /tenants': {
    summary: 'Tenants with their contacts',
    right: 'see-overtime',
    answer: z.array(z.object({ id: z.string(), name: z.string(), short: z.string(), contact: z.string(), phone: z.string() })),
  },
  'GET /charges': {
    summary: 'Charge lines of a month',
    right: 'see-charges',
    query: ofMonth,
    answer: z.array(chargeLine),
  },
  'GET /charges/:id/evidence': {
    summary: 'What proves a charge line: runs with read-backs, commands, counted time',
    right: 'see-charges',
    params: z.object({ id: z.string().max(40) }),
    answer: evidence,
  },
  'GET /charges/month-sheet.xlsx': {
    summary: '《服务项目汇总表》 for Finance as an Excel file',
    right: 'see-charges',
    query: ofMonth.extend({ language }),
  },
} as const satisfies RouteTable

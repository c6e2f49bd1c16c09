import { z } from 'zod'
import { language } from '../language.ts'
import { dutyView, myDay } from '../models/duties.ts'
import type { RouteTable } from '../route.ts'

export const dutiesRoutes = {
  'GET /my-day': {
    summary: 'Duties of today and those still owed, and the cases in hand, the most urgent first',
    answer: myDay,
  },
  'GET /duties': {
    summary: 'Duties between two dates, for the calendar page',
    query: z.object({ from: z.iso.date(), to: z.iso.date() }),
    answer: z.array(dutyView),
  },
  'GET /duties/:id': {
    summary: 'One duty, with its figures as they stand now',
    params: z.object({ id: z.string().max(40) }),
    answer: dutyView,
  },
  'GET /duties/:id/report.xlsx': {
    summary: 'The summary of a duty as an Excel file; formulas cannot hide in it',
    params: z.object({ id: z.string().max(40) }),
    query: z.object({ language }),
  },
  'POST /duties/:id/done': {
    summary: 'Closes a duty with its evidence',
    params: z.object({ id: z.string().max(40) }),
    body: z.strictObject({ note: z.string().max(8000).default('') }),
  },
} as const satisfies RouteTable

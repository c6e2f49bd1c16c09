import { z } from 'zod'
import { month } from '../instant.ts'
import { language } from '../language.ts'
import { monthVerbs, monthView } from '../models/months.ts'
import type { RouteTable } from '../route.ts'

const params = z.object({ month })

export const monthsRoutes = {
  'GET /months/:month': {
    summary: 'What a month bills, with what was carried forward to it, and how far it has gone',
    right: 'see-charges',
    params,
    answer: monthView,
  },
  'POST /months/:month/acts/:verb': {
    summary:
      'Checks a month, hands it to Finance (which freezes it) or sends it back from there, audits, locks; 409 when it is not as it was seen',
    right: 'see-charges',
    proves: true,
    params: params.extend({ verb: z.enum(monthVerbs) }),
    body: z.strictObject({
      seen: z.object({ lines: z.number().int(), totalFen: z.number().int() }),
      /** Why Finance sends it back. */
      reason: z.string().trim().max(300).default(''),
    }),
    answer: monthView,
  },
  'POST /months/:month/lines/:charge/corrections': {
    summary:
      'Puts the sum of a paid service right, with a reason; what went to Finance stays, and gets the difference with its next sheet',
    right: 'see-charges',
    proves: true,
    params: params.extend({ charge: z.string().max(40) }),
    body: z.strictObject({
      fen: z.number().int().min(0).max(100_000_000_00),
      was: z.number().int(),
      reason: z.string().trim().min(1).max(300),
    }),
    answer: monthView,
  },
  'GET /months/:month/sheet.xlsx': {
    summary: '《服务项目汇总表》 for Finance as an Excel file',
    right: 'see-charges',
    params,
    query: z.object({ language }),
  },
} as const satisfies RouteTable

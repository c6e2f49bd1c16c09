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
    summary: 'Checks a month, hands it to Finance (which freezes it), audits, locks; 409 when it is not as it was seen',
    right: 'see-charges',
    proves: true,
    params: params.extend({ verb: z.enum(monthVerbs) }),
    body: z.strictObject({ seen: z.object({ lines: z.number().int(), totalFen: z.number().int() }) }),
    answer: monthView,
  },
  'GET /months/:month/sheet.xlsx': {
    summary: '《服务项目汇总表》 for Finance as an Excel file',
    right: 'see-charges',
    params,
    query: z.object({ language }),
  },
} as const satisfies RouteTable

import { z } from 'zod'
import { instantText, month } from '../instant.ts'
import { booking, chargeLine, evidence, quote } from '../models/money.ts'
import { tariffBody, tariffList } from '../models/tariffs.ts'
import { recordHistory } from '../models/tenants.ts'
import type { RouteTable } from '../route.ts'

const ofTariff = z.object({ id: z.string().max(40) })
const ofMonth = z.object({ month })

const list = z.string().max(1000).optional()
/**
 * Lists by commas. `also`: further zones; `weekdays` (1 Monday to 7 Sunday), `until` and `except`: repeated so. `of`: other hours for a
 * booking that there is, by the id of its case, and where it is repeated for one `evening`.
 */
const quoteQuery = z.object({
  ...{ zone: z.string().max(40), from: instantText, to: instantText },
  ...{ also: list, weekdays: list, until: z.iso.date().optional(), except: list },
  ...{ of: z.string().max(40).optional(), evening: z.iso.date().optional() },
})
export type QuoteQuery = z.infer<typeof quoteQuery>

export const overtimeRoutes = {
  'GET /overtime/quote': {
    summary: 'What a booking would cost, before it is saved',
    right: 'see-overtime',
    query: quoteQuery,
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
  'GET /overtime/bookings/:id': {
    summary: 'The zones and evenings of one booking, by the id of its case',
    right: 'see-overtime',
    params: z.object({ id: z.string().max(40) }),
    answer: z.array(booking),
  },
  'GET /tariffs': {
    summary: 'The prices of the overtime air, of all times, and the zones that have none today',
    right: 'see-charges',
    answer: tariffList,
  },
  'POST /tariffs': { summary: 'Adds a price', right: 'set-prices', proves: true, body: tariffBody, answer: tariffList },
  'PUT /tariffs/:id': {
    summary: 'Changes a price; of one at which somebody has booked, only its last day',
    right: 'set-prices',
    proves: true,
    params: ofTariff,
    body: tariffBody,
    answer: tariffList,
  },
  'DELETE /tariffs/:id': {
    summary: 'Takes away a price at which nobody has booked',
    right: 'set-prices',
    proves: true,
    params: ofTariff,
    answer: tariffList,
  },
  'GET /tariffs/:id/history': { summary: 'Who changed a price', right: 'see-charges', params: ofTariff, answer: recordHistory },
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
} as const satisfies RouteTable

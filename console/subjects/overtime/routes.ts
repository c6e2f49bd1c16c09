import { Refusal } from '#api/errors'
import type { ChargeLine } from '#api/models/money'
import { yuan } from '#api/money'
import { both } from '#api/words/both'
import { en } from '#api/words/en'
import { zh } from '#api/words/zh'
import type { Route } from '#program/httpApi'
import { type Asker, type Desk, deskRoute } from '../../server/desk/desk.ts'
import { refusal } from '../../server/engine/refusal.ts'
import { sendXlsx } from '../../server/export/sendSheet.ts'
import { tenantsIn } from '../../server/site/tenants.ts'
import { bookingsBetween } from './bookingList.ts'
import { chargeLines, evidenceOf } from './chargeLines.ts'
import { monthSheet } from './monthSheet.ts'
import { priced } from './quote.ts'

/** No page shows more at once. */
const mostShownMs = 7 * 86_400_000

/** How a price comes about, in a sentence. */
const quoteText = (t: typeof zh, q: Exclude<Awaited<ReturnType<typeof priced>>, { code: string }>): string => {
  const free = q.freeMinutes > 0 ? t.desk.freeMinutes(String(q.freeMinutes)) : ''
  const hours = t.desk.quoteReason(String(q.billableMinutes / 60), yuan(q.tariff.fenPerHour))
  const all = hours + free + (q.besideOthers ? t.desk.quotedBeside : '')
  return q.dayUnknown === null ? all : `${all}${t.marks.pause}${t.desk.dayUnknown(q.dayUnknown)}`
}

/** Quotes, the timeline, charge lines with their evidence, and the month-end sheet (R41, R38). */
export const overtimeRoutes = (desk: Desk): Route<Asker>[] => {
  const db = desk.books.read
  const clock = desk.directory.calendar.clockOf
  return [
    deskRoute('GET /overtime/quote', async ({ query }) => {
      const quoted = await priced({ db, directory: desk.directory, rules: desk.rules }, query)
      if ('code' in quoted) throw refusal(quoted)
      const { tariff, besideOthers, ...q } = quoted
      const reason = both(t => quoteText(t, quoted))
      return { zone: query.zone, ...q, tariff: tariff.name, pricePerHourFen: tariff.fenPerHour, reason }
    }),
    deskRoute('GET /overtime/centre-hours', async ({ query: { from, to } }) => {
      if (to <= from) throw new Refusal('ends-before-start', 'to')
      if (to - from > mostShownMs) throw new Refusal('too-long', 'to')
      const { dateOf } = desk.directory.calendar
      return {
        hours: await desk.directory.centreHours(db, { from, to }),
        dayUnknown: desk.rules.calendar.unknownFrom(dateOf(from), dateOf(to - 1)),
      }
    }),
    deskRoute('GET /overtime/bookings', ({ query }) => bookingsBetween(db, desk.rules, query, desk.wall())),
    deskRoute('GET /tenants', () => tenantsIn(db)),
    deskRoute('GET /charges', ({ query }) => chargeLines(db, query.month)),
    deskRoute('GET /charges/:id/evidence', async ({ params }) => {
      const evidence = await evidenceOf(db, desk.directory, params.id, desk.wall())
      if (!evidence) throw new Refusal('unknown-charge', 'id')
      return evidence
    }),
    deskRoute('GET /charges/month-sheet.xlsx', async ({ query, response }) => {
      const { language } = query
      const t = language === 'zh' ? zh : en
      const names = new Map((await tenantsIn(db)).map(t => [t.id, t.name]))
      const byTenant = new Map<string, ChargeLine[]>()
      for (const line of await chargeLines(db, query.month)) {
        const name = names.get(line.tenant) ?? line.tenant
        byTenant.set(name, [...(byTenant.get(name) ?? []), line])
      }
      const rows = [...byTenant].map(([tenant, list]) => ({
        tenant,
        lines: list.map(l => ({
          ...l,
          zoneName: desk.directory.placeName(l.zone)[language],
          date: desk.directory.calendar.dateOf(l.from),
          hours: `${clock(l.from)}–${clock(l.to)}`,
          noteText: l.note?.[language] ?? '',
        })),
      }))
      const site = desk.directory.site.name[language]
      const file = await monthSheet(t.charges.sheet, site, query.month, t.desk.sheet, t.charges, rows)
      sendXlsx(response, `month-sheet-${query.month}`, file)
    }),
  ]
}

import { Refusal } from '#api/errors'
import { yuan } from '#api/money'
import { say, type Text, together } from '#api/words/text'
import type { Route } from '#program/httpApi'
import { recordHistoryOf } from '../../server/books/history.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import { type Asker, type Desk, deskRoute } from '../../server/desk/desk.ts'
import { tableRoutes } from '../../server/desk/tableRoutes.ts'
import { refusal } from '../../server/engine/refusal.ts'
import { bookingsBetween } from './bookingList.ts'
import { chargeLines, evidenceOf } from './chargeLines.ts'
import { openPrices } from './priceSheet.ts'
import { removeTariff, saveTariffs, tariffList, tariffRecord } from './prices.ts'
import { priced } from './quote.ts'

/** No page shows more at once. */
const mostShownMs = 7 * 86_400_000

/** How a price comes about, in a sentence. */
const quoteText = (q: Exclude<Awaited<ReturnType<typeof priced>>, { code: string }>): Text =>
  together(
    say.desk.quoteReason(String(q.billableMinutes / 60), yuan(q.tariff.fenPerHour)),
    q.freeMinutes > 0 ? say.desk.freeMinutes(String(q.freeMinutes)) : '',
    q.besideOthers ? say.desk.quotedBeside : '',
    ...(q.dayUnknown === null ? [] : [say.marks.pause, say.desk.dayUnknown(q.dayUnknown)]),
  )

/** Quotes, the timeline, and charge lines with their evidence (R41). */
export const overtimeRoutes = (desk: Desk): Route<Asker>[] => {
  const db = desk.books.read
  const prices = () => tariffList(db, desk.directory, desk.wall())
  const change = async (who: Asker, act: (work: Work) => Promise<unknown>) => {
    await desk.unit(who.actor, act)
    return prices()
  }
  return [
    deskRoute('GET /overtime/quote', async ({ query }) => {
      const quoted = await priced({ db, directory: desk.directory, rules: desk.rules }, query)
      if ('code' in quoted) throw refusal(quoted)
      const { tariff, besideOthers, ...q } = quoted
      const reason = quoteText(quoted)
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
    deskRoute('GET /tariffs', () => prices()),
    deskRoute('POST /tariffs', ({ body, who }) => change(who, work => saveTariffs(work, desk.directory, [{ id: null, body }]))),
    deskRoute('PUT /tariffs/:id', ({ params, body, who }) =>
      change(who, work => saveTariffs(work, desk.directory, [{ id: params.id, body }])),
    ),
    deskRoute('DELETE /tariffs/:id', ({ params, who }) => change(who, work => removeTariff(work, desk.directory, params.id))),
    deskRoute('GET /tariffs/:id/history', ({ params }) => recordHistoryOf(db, tariffRecord(params.id))),
    ...tableRoutes(desk, 'prices', openPrices),
    deskRoute('GET /charges', ({ query }) => chargeLines(db, query.month)),
    deskRoute('GET /charges/:id/evidence', async ({ params }) => {
      const evidence = await evidenceOf(db, desk.directory, params.id, desk.wall())
      if (!evidence) throw new Refusal('unknown-charge', 'id')
      return evidence
    }),
  ]
}

import { Refusal } from '#api/errors'
import type { Route } from '#program/httpApi'
import { recordHistoryOf } from '../../server/books/history.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import { type Asker, type Desk, deskRoute } from '../../server/desk/desk.ts'
import { tableRoutes } from '../../server/desk/tableRoutes.ts'
import { bookingsBetween, hoursOf } from './bookingList.ts'
import { chargeLines, evidenceOf } from './chargeLines.ts'
import { openPrices } from './priceSheet.ts'
import { removeTariff, saveTariffs, tariffList, tariffRecord } from './prices.ts'
import { quoteFor } from './quoted.ts'

/** No page shows more at once. */
const mostShownMs = 7 * 86_400_000

/** Quotes, the timeline, and charge lines with their evidence (R41). */
export const overtimeRoutes = (desk: Desk): Route<Asker>[] => {
  const db = desk.books.read
  const prices = () => tariffList(db, desk.directory, desk.wall())
  const change = async (who: Asker, act: (work: Work) => Promise<unknown>) => {
    await desk.unit(who.actor, act)
    return prices()
  }
  return [
    deskRoute('GET /overtime/quote', ({ query }) => quoteFor(desk, query)),
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
    deskRoute('GET /overtime/bookings/:id', async ({ params, who }) => {
      await desk.engine.seen(db, params.id, who.user)
      return hoursOf(db, desk.rules, params.id, desk.wall())
    }),
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

import { Refusal } from '#api/errors'
import { yuan } from '#api/money'
import type { QuoteQuery } from '#api/routes/overtime'
import { say, type Text, together } from '#api/words/text'
import type { Route } from '#program/httpApi'
import type { BooksReader } from '../../server/books/books.ts'
import { recordHistoryOf } from '../../server/books/history.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import { type Asker, type Desk, deskRoute } from '../../server/desk/desk.ts'
import { tableRoutes } from '../../server/desk/tableRoutes.ts'
import type { Blocked } from '../../server/engine/blocked.ts'
import { refusal } from '../../server/engine/refusal.ts'
import type { Directory } from '../../server/site/directory.ts'
import { bookingsBetween, hoursOf } from './bookingList.ts'
import { chargeLines, evidenceOf } from './chargeLines.ts'
import type { Form } from './definition.ts'
import { openPrices } from './priceSheet.ts'
import { removeTariff, saveTariffs, tariffList, tariffRecord } from './prices.ts'
import { type Priced, priced } from './quote.ts'
import { rowsOf, type Segment, segmentsOf, withOtherHours } from './segments.ts'

/** No page shows more at once. */
const mostShownMs = 7 * 86_400_000

type Part = Priced['parts'][number]
const sumOf = ({ parts }: Priced, of: (p: Part) => number) => parts.reduce((s, p) => s + of(p), 0)

/** How a price comes about, in a sentence: of one zone and evening in whole, of more by how much of them it is. */
const quoteText = (quoted: Priced, first: Part): Text => {
  const { parts, dayUnknown } = quoted
  const hours = (minutes: number) => String(Math.round(minutes / 6) / 10)
  const zones = new Set(parts.map(p => p.zone)).size
  const said =
    parts.length === 1
      ? say.desk.quoteReason(hours(first.billableMinutes), yuan(first.tariff.fenPerHour))
      : say.desk.quoteMany(zones, parts.length / zones, hours(sumOf(quoted, p => p.billableMinutes)))
  const free = sumOf(quoted, p => p.freeMinutes)
  return together(
    said,
    free > 0 ? say.desk.freeMinutes(String(free)) : '',
    parts.some(p => p.besideOthers) ? say.desk.quotedBeside : '',
    ...(dayUnknown === null ? [] : [say.marks.pause, say.desk.dayUnknown(dayUnknown)]),
  )
}

const listed = (text: string | undefined) => text?.split(',').filter(s => s !== '')

/** What is asked of: a new booking; or, of one that there is, other hours (`of` and, where it is repeated, one evening). */
const wished = async (
  db: BooksReader,
  directory: Directory,
  at: number,
  q: QuoteQuery,
): Promise<{ segments: Segment[] | Blocked; kept: number }> => {
  if (q.of === undefined) {
    const weekdays = listed(q.weekdays) as Form['weekdays']
    const repeat =
      q.until === undefined ? {} : { until: q.until, ...(weekdays ? { weekdays } : {}), except: listed(q.except) ?? [] }
    return {
      segments: segmentsOf(directory, { zone: q.zone, from: q.from, to: q.to, also: listed(q.also) ?? [], ...repeat }),
      kept: 0,
    }
  }
  const rows = await rowsOf(db, q.of)
  const { proposed, stays } = withOtherHours(directory, rows, at, q)
  const kept = stays.reduce((s, r) => s + r.quoted_fen, 0)
  return { segments: proposed.length > 0 ? proposed : { code: 'already-over' }, kept }
}

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
      const { segments, kept } = await wished(db, desk.directory, desk.wall(), query)
      if ('code' in segments) throw refusal(segments)
      const quoted = await priced({ db, directory: desk.directory, rules: desk.rules }, segments)
      if ('code' in quoted) throw refusal(quoted)
      const [first] = quoted.parts
      if (!first) throw new Refusal('already-over')
      const sum = (of: (p: Part) => number) => sumOf(quoted, of)
      const { tenant, dayUnknown } = quoted
      return {
        ...{ zone: query.zone, tenant, tariff: first.tariff.name, pricePerHourFen: first.tariff.fenPerHour, dayUnknown },
        ...{ minutes: sum(p => p.minutes), billableMinutes: sum(p => p.billableMinutes), freeMinutes: sum(p => p.freeMinutes) },
        ...{ fen: quoted.fen + kept, reason: quoteText(quoted, first) },
      }
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

import { Refusal } from '#api/errors'
import type { Quote } from '#api/models/money'
import { yuan } from '#api/money'
import type { QuoteQuery } from '#api/routes/overtime'
import { say, type Text, together } from '#api/words/text'
import type { BooksReader } from '../../server/books/books.ts'
import type { Desk } from '../../server/desk/desk.ts'
import type { Blocked } from '../../server/engine/blocked.ts'
import { refusal } from '../../server/engine/refusal.ts'
import type { Directory } from '../../server/site/directory.ts'
import type { Form } from './definition.ts'
import { type Priced, priced } from './quote.ts'
import { rowsOf, type Segment, segmentsOf, withOtherHours } from './segments.ts'

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

/** What is told to a customer before anything is saved; throws where it cannot be booked so. */
export const quoteFor = async (desk: Pick<Desk, 'books' | 'directory' | 'rules' | 'wall'>, query: QuoteQuery): Promise<Quote> => {
  const { books, directory, rules } = desk
  const db = books.read
  const { segments, kept } = await wished(db, directory, desk.wall(), query)
  if ('code' in segments) throw refusal(segments)
  const quoted = await priced({ db, directory, rules }, segments)
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
}

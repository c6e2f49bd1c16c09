import type { BooksReader } from '../../server/books/books.ts'
import type { Stretch } from '../../server/domain/intervals.ts'
import type { Directory } from '../../server/site/directory.ts'
import { type Evening, quoteFor } from './arithmetic/tariff.ts'
import type { Segment } from './segments.ts'

/** The date of the evening that an instant belongs to: it lasts until the centre opens again. */
export const eveningDate = (directory: Directory, at: number): string => {
  const { calendar, centre } = directory
  const date = calendar.dateOf(at)
  return at < calendar.instantOf(date, centre.from) ? calendar.plusDays(date, -1) : date
}

/** The evenings that a stretch touches, each at the price of its date; undefined where one has none. */
export const eveningsOf = async (
  db: BooksReader,
  directory: Directory,
  zone: string,
  s: Stretch,
): Promise<Evening[] | undefined> => {
  const { calendar, centre } = directory
  const found: Evening[] = []
  for (let date = eveningDate(directory, s.from); ; date = calendar.plusDays(date, 1)) {
    const evening = {
      from: calendar.instantOf(date, centre.from),
      to: calendar.instantOf(calendar.plusDays(date, 1), centre.from),
    }
    if (found.length > 0 && evening.from >= s.to) return found
    const tariff = await directory.tariffOf(db, zone, evening.from)
    if (!tariff) return undefined
    found.push({ ...evening, tariff, free: await directory.centreHours(db, evening) })
  }
}

/** A tenant's bookings of a zone that touch a stretch and have not been given up, in the order in which they were made. */
export const bookingsOf = (db: BooksReader, b: { zone: string; tenant: string }, s: Stretch) =>
  db
    .selectFrom('booking')
    .select(['id', 'from_at as from', 'to_at as to', 'ended_at as endedAt'])
    .where('zone', '=', b.zone)
    .where('tenant', '=', b.tenant)
    .where('live', '=', 1)
    .where('from_at', '<', s.to)
    .where('to_at', '>', s.from)
    .orderBy('id')
    .execute()

/** The whole of some evenings. */
export const spanOf = (evenings: readonly Evening[]): Stretch => ({
  from: Math.min(...evenings.map(e => e.from)),
  to: Math.max(...evenings.map(e => e.to)),
})

/**
 * What one zone costs on one evening beside what the tenant had booked before it; undefined without a tariff. `id` is its own, once it
 * has one; `own`: all that is told with it, and what of it comes before.
 */
export const quoteOf = async (
  db: BooksReader,
  directory: Directory,
  booked: Segment & { tenant: string },
  own: { all: readonly Segment[]; before: readonly Segment[] },
) => {
  const { from, to, zone, tenant, id } = booked
  const evenings = await eveningsOf(db, directory, zone, { from, to })
  const tariff = evenings && (await directory.tariffOf(db, zone, evenings[0]?.from ?? from))
  if (!tariff) return undefined
  const span = spanOf(evenings)
  const standing = await bookingsOf(db, { zone, tenant }, span)
  const others = standing.filter(b => (id === undefined || b.id < id) && !own.all.some(o => o.id === b.id))
  const before = [...others, ...own.before.filter(o => o.zone === zone && o.from < span.to && o.to > span.from)]
  return { ...quoteFor({ from, to }, before, evenings), tariff, besideOthers: before.length > 0 }
}

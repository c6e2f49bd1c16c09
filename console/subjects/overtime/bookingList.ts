import type { Booking } from '#api/models/money'
import type { BooksReader } from '../../server/books/books.ts'
import type { SiteRules } from '../../server/site/siteRules.ts'
import { bookingFacts } from './bookingFacts.ts'

/** The bookings whose hours touch a stretch, with how far they have come. */
export const bookingsBetween = async (
  db: BooksReader,
  rules: SiteRules,
  stretch: { from: number; to: number },
  now: number,
): Promise<Booking[]> => {
  const rows = await db
    .selectFrom('booking')
    .innerJoin('case_file', 'case_file.id', 'booking.case_id')
    .select([
      'case_file.id',
      'case_file.number',
      'case_file.state',
      'facts_json',
      'zone',
      'booking.tenant',
      'from_at',
      'to_at',
      'quoted_fen',
    ])
    .where('from_at', '<', stretch.to)
    .where('to_at', '>', stretch.from)
    .orderBy('from_at')
    .limit(2000)
    .execute()
  return (await bookingFacts(db, rules, rows, now)).map(r => ({
    id: r.id,
    number: r.number,
    state: r.state,
    zone: r.zone,
    tenant: r.tenant,
    from: r.from,
    to: r.to,
    fen: r.quoted_fen,
    startBy: r.startBy,
    confirmedAt: r.confirmedAt,
  }))
}

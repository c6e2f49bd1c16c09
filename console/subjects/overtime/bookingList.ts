import type { Booking } from '#api/models/money'
import type { BooksReader } from '../../server/books/books.ts'
import type { SiteRules } from '../../server/site/siteRules.ts'
import { bookingFacts } from './bookingFacts.ts'

const rowsWith = (db: BooksReader) =>
  db
    .selectFrom('booking')
    .innerJoin('case_file', 'case_file.id', 'booking.case_id')
    .select([
      'booking.id',
      'booking.case_id',
      'case_file.number',
      'state',
      'facts_json',
      'zone',
      'booking.tenant',
      'from_at',
      'to_at',
      'quoted_fen',
      'booking.ended_at',
    ])
    .orderBy('from_at')
    .orderBy('booking.id')

type Row = Awaited<ReturnType<ReturnType<typeof rowsWith>['execute']>>[number]
const withFacts = async (db: BooksReader, rules: SiteRules, rows: readonly Row[], now: number): Promise<Booking[]> =>
  (await bookingFacts(db, rules, rows, now)).map(r => ({
    id: r.id,
    caseId: r.case_id,
    number: r.number,
    // What is over and charged of a booking that goes on is over.
    state: r.ended_at === null ? r.state : 'finished',
    zone: r.zone,
    tenant: r.tenant,
    from: r.from,
    to: r.to,
    fen: r.quoted_fen,
    startBy: r.startBy,
    confirmedAt: r.confirmedAt,
  }))

/** The bookings whose hours touch a stretch, zone by zone, with how far they have come. */
export const bookingsBetween = async (
  db: BooksReader,
  rules: SiteRules,
  stretch: { from: number; to: number },
  now: number,
): Promise<Booking[]> => {
  const touching = rowsWith(db)
    .where('from_at', '<', stretch.to)
    .where('to_at', '>', stretch.from)
    .where(e => e.or([e('live', '=', 1), e('state', '=', 'cancelled')]))
  return withFacts(db, rules, await touching.limit(2000).execute(), now)
}

/** Zones and evenings of one booking; what was given up of it is not among them unless nothing else is. */
export const hoursOf = async (db: BooksReader, rules: SiteRules, caseId: string, now: number): Promise<Booking[]> => {
  const rows = await rowsWith(db).select('live').where('case_id', '=', caseId).execute()
  const live = rows.filter(r => r.live === 1)
  return withFacts(db, rules, live.length > 0 ? live : rows, now)
}

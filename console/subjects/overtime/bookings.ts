import { mayDo } from '#api/rights'
import { say, textIn, together } from '#api/words/text'
import type { BooksReader } from '../../server/books/books.ts'
import type { Chapter, Draft } from '../../server/engine/chapter.ts'
import type { Directory } from '../../server/site/directory.ts'

/** Bookings that begin so soon belong to the next shift. */
const nextShiftMs = 12 * 3_600_000

/** A booked evening stands in the handover as such. */
export const handsOver = async (look: { db: BooksReader; at: number; directory: Directory }): Promise<Draft[]> => {
  const { db, at, directory } = look
  const clock = directory.calendar.clockOf
  const bookings = await db
    .selectFrom('booking')
    .innerJoin('case_file', 'case_file.id', 'booking.case_id')
    .select(['case_file.id', 'case_file.number', 'booking.zone', 'booking.from_at', 'booking.to_at', 'case_file.state'])
    .where('booking.live', '=', 1)
    .where('booking.to_at', '>', at)
    .where('booking.from_at', '<', at + nextShiftMs)
    .where('case_file.ended_at', 'is', null)
    .orderBy('booking.from_at')
    .execute()
  return bookings.map(b => {
    const [place, hours] = [directory.placeName(b.zone), `${clock(b.from_at)}–${clock(b.to_at)}`]
    const text = together(b.number, ' ', place, ' ', hours)
    return { kind: 'booking', ref: b.id, text, needsRemark: b.state !== 'signed' }
  })
}

/** Signed bookings, which the agents run by the programme. */
export const entitles: NonNullable<Chapter['entitles']> = async ({ db, directory, from, to }) => {
  const bookings = await db
    .selectFrom('booking')
    .innerJoin('case_file', 'case_file.id', 'booking.case_id')
    .leftJoin('tenant', 'tenant.id', 'booking.tenant')
    .select(['booking.case_id', 'booking.zone', 'booking.from_at', 'booking.to_at', 'case_file.number', 'tenant.short'])
    .where('booking.live', '=', 1)
    .where('case_file.state', '=', 'signed')
    .where('booking.to_at', '>', from)
    .where('booking.from_at', '<', to)
    .orderBy('booking.from_at')
    .execute()
  return bookings.map(b => {
    const what = `${b.number} ${b.short ?? ''}`.trim()
    const { bookingPreStartMin: preStartMin } = directory.site.centreHours
    return { id: b.case_id, zone: b.zone, from: b.from_at, to: b.to_at, what: { zh: what, en: what }, preStartMin }
  })
}

/** Bookings that are not over, for whoever may see them. */
export const agenda: NonNullable<Chapter['agenda']> = async ({ db, directory, person, from, to }) => {
  if (!mayDo(person.roles, 'see-overtime')) return []
  const bookings = await db
    .selectFrom('booking')
    .innerJoin('case_file', 'case_file.id', 'booking.case_id')
    .leftJoin('tenant', 'tenant.id', 'booking.tenant')
    .select(['booking.case_id', 'booking.zone', 'booking.from_at', 'booking.to_at', 'case_file.number', 'tenant.short'])
    .where('booking.live', '=', 1)
    .where('booking.to_at', '>', from)
    .where('booking.from_at', '<', to)
    .orderBy('booking.from_at')
    .execute()
  return bookings.map(b => ({
    id: b.case_id,
    from: b.from_at,
    to: b.to_at,
    what: say.agenda.booking(b.number, b.short ?? ''),
    where: textIn('zh', directory.placeName(b.zone)),
  }))
}

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
    .select([
      'case_file.id',
      'case_file.number',
      'booking.zone',
      'booking.from_at',
      'booking.to_at',
      'case_file.state',
      'form_json',
    ])
    .where('booking.live', '=', 1)
    .where('booking.to_at', '>', at)
    .where('booking.from_at', '<', at + nextShiftMs)
    .where('case_file.ended_at', 'is', null)
    .orderBy('booking.from_at')
    .orderBy('booking.id')
    .execute()
  return [...new Set(bookings.map(b => b.id))].flatMap(id => {
    const rows = bookings.filter(b => b.id === id)
    const [first] = rows
    if (!first) return []
    const evening = rows.filter(r => r.from_at === first.from_at)
    const hours = `${clock(first.from_at)}–${clock(Math.max(...evening.map(r => r.to_at)))}`
    const places = evening.flatMap(r => [' ', directory.placeName(r.zone)])
    const owes = JSON.parse(first.form_json).owes === true
    const text = together(first.number, ...places, ' ', hours, ...(owes ? [' ', say.overtime.owes] : []))
    return [{ kind: 'booking', ref: id, text, needsRemark: first.state !== 'signed' || owes }]
  })
}

/** Signed bookings, which the agents run by the programme. */
export const entitles: NonNullable<Chapter['entitles']> = async ({ db, directory, from, to }) => {
  const bookings = await db
    .selectFrom('booking')
    .innerJoin('case_file', 'case_file.id', 'booking.case_id')
    .leftJoin('tenant', 'tenant.id', 'booking.tenant')
    .select(['booking.id', 'booking.zone', 'booking.from_at', 'booking.to_at', 'case_file.number', 'tenant.short'])
    .where('booking.live', '=', 1)
    .where('case_file.state', '=', 'signed')
    // What is stopped leaves at once, whatever an agent's clock says.
    .where('booking.stopped_at', 'is', null)
    .where('booking.ended_at', 'is', null)
    .where('booking.to_at', '>', from)
    .where('booking.from_at', '<', to)
    .orderBy('booking.from_at')
    .execute()
  return bookings.map(b => {
    const what = `${b.number} ${b.short ?? ''}`.trim()
    const { bookingPreStartMin: preStartMin } = directory.site.centreHours
    return { id: b.id, zone: b.zone, from: b.from_at, to: b.to_at, what: { zh: what, en: what }, preStartMin }
  })
}

/** Bookings that are not over, for whoever may see them. */
export const agenda: NonNullable<Chapter['agenda']> = async ({ db, directory, person, from, to }) => {
  if (!mayDo(person.roles, 'see-overtime')) return []
  const bookings = await db
    .selectFrom('booking')
    .innerJoin('case_file', 'case_file.id', 'booking.case_id')
    .leftJoin('tenant', 'tenant.id', 'booking.tenant')
    .select(['booking.id', 'booking.zone', 'booking.from_at', 'booking.to_at', 'case_file.number', 'tenant.short'])
    .where('booking.live', '=', 1)
    .where('booking.to_at', '>', from)
    .where('booking.from_at', '<', to)
    .orderBy('booking.from_at')
    .execute()
  return bookings.map(b => ({
    id: b.id,
    from: b.from_at,
    to: b.to_at,
    what: say.agenda.booking(b.number, b.short ?? ''),
    where: textIn('zh', directory.placeName(b.zone)),
  }))
}

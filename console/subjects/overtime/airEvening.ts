import type { Selectable } from 'kysely'
import type { BooksReader } from '../../server/books/books.ts'
import type { Books } from '../../server/books/schema.ts'
import type { Stretch } from '../../server/domain/intervals.ts'
import type { Directory } from '../../server/site/directory.ts'
import type { ShareKey } from './arithmetic/sharedAir.ts'
import { eveningDate } from './evenings.ts'

/** A zone on an evening, as far as it is charged. */
export type Booked = Stretch & { id: string; caseId: string; zone: string; tenant: string; stopped: boolean }

const bookedIn = (b: Selectable<Books['booking']>): Booked => ({
  ...{ id: b.id, caseId: b.case_id, zone: b.zone, tenant: b.tenant },
  ...{ from: b.from_at, to: b.to_at, stopped: b.stopped_at !== null },
})

export const bookedOf = async (db: BooksReader, id: string): Promise<Booked | undefined> => {
  const row = await db.selectFrom('booking').selectAll().where('id', '=', id).executeTakeFirst()
  return row && bookedIn(row)
}

/** The zones that get their air from where this one gets it. */
const zonesBeside = ({ site }: Directory, zone: string): string[] => {
  const controllerOf = (id: string) => site.zones.find(z => z.id === id)?.controller ?? ''
  const handlers = site.devices.filter(d => d.feeds.includes(controllerOf(zone)))
  const beside = site.zones.filter(z => handlers.some(h => h.feeds.includes(z.controller))).map(z => z.id)
  return beside.includes(zone) ? beside : [zone]
}

/**
 * What is charged together with one zone and evening: all that is over of the air handler's evening, in the order in which it was booked,
 * and by which key it was shared, once it has been.
 */
export const airEvening = async (
  db: BooksReader,
  directory: Directory,
  of: Booked,
): Promise<{ booked: Booked[]; zones: string[]; sharedBy: ShareKey | null }> => {
  const { calendar, centre } = directory
  const zones = zonesBeside(directory, of.zone)
  const date = eveningDate(directory, of.from)
  const rows = await db
    .selectFrom('booking')
    .leftJoin('charge_line', 'charge_line.booking', 'booking.id')
    .selectAll('booking')
    .select('shared_by')
    .where('booking.zone', 'in', zones)
    .where('live', '=', 1)
    .where('ended_at', 'is not', null)
    .where('booking.from_at', '>=', calendar.instantOf(date, centre.from))
    .where('booking.from_at', '<', calendar.instantOf(calendar.plusDays(date, 1), centre.from))
    .orderBy('booking.id')
    .execute()
  const sharedBy = rows.find(r => r.shared_by !== null)?.shared_by ?? null
  return { booked: rows.map(bookedIn), zones, sharedBy: sharedBy as ShareKey | null }
}

/** How much of an air handler each of its zones is, by a key. */
export const weightsBy = ({ site }: Directory, key: ShareKey, zones: readonly string[]): ((zone: string) => number) => {
  const known = site.zones.filter(z => zones.includes(z.id))
  const byLoad = key === 'load' && known.every(z => z.ratedKw !== undefined)
  return zone => {
    const z = known.find(x => x.id === zone)
    if (key === 'equal' || !z) return 1
    return byLoad ? (z.ratedKw ?? z.areaM2) : z.areaM2
  }
}

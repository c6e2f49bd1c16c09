import { Refusal } from '#api/errors'
import type { FloorSpot } from '#api/models/floorPlans'
import { splitRef } from '#contract/names'
import type { Catalogue } from '#contract/profile'
import type { Site } from '#contract/site'
import { audit } from '../books/audit.ts'
import type { BooksReader } from '../books/books.ts'
import type { Work } from '../books/unitOfWork.ts'

/** Where devices and points stand on the plans of the floors: placed by an engineer, kept in the books. */

/** A device of the site, or a point that its profile has. */
export const isAtSite = (site: Site, profiles: Catalogue, ref: string): boolean => {
  const [id, point] = ref.includes('/') ? splitRef(ref) : [ref, undefined]
  const device = site.devices.find(d => d.id === id)
  if (!device || point === undefined) return device !== undefined
  return profiles.get(device.profile)?.points.has(point) === true
}

export const spotsOn = async (db: BooksReader, floor: string): Promise<FloorSpot[]> =>
  db.selectFrom('floor_spot').select(['ref', 'x', 'y']).where('floor', '=', floor).orderBy('ref').execute()

export const placeSpot = async (work: Work, floor: string, { ref, x, y }: FloorSpot): Promise<void> => {
  await work.tx
    .insertInto('floor_spot')
    .values({ floor, ref, x, y })
    .onConflict(c => c.columns(['floor', 'ref']).doUpdateSet({ x, y }))
    .execute()
  await audit(work.tx, work.at, work.actor, 'spot-placed', floor, { ref, x, y })
}

export const takeSpotOff = async (work: Work, floor: string, ref: string): Promise<void> => {
  const gone = await work.tx
    .deleteFrom('floor_spot')
    .where('floor', '=', floor)
    .where('ref', '=', ref)
    .returning('ref')
    .executeTakeFirst()
  if (!gone) throw new Refusal('unknown-spot', 'ref')
  await audit(work.tx, work.at, work.actor, 'spot-taken-off', floor, { ref })
}

import { system } from '../books/audit.ts'
import type { BooksReader, BooksStore } from '../books/books.ts'
import type { UnitOfWork } from '../books/unitOfWork.ts'
import type { Mirror } from '../live/mirror.ts'
import type { WallWatch } from '../live/wallWatch.ts'
import type { Directory } from './directory.ts'
import type { CaseEngine } from './engine.ts'

/** Real time to leave an agent for its last records of a run before the booking is charged. */
const settleMs = 2000

type Parts = {
  books: BooksStore
  unit: UnitOfWork
  engine: CaseEngine
  mirror: Mirror
  directory: Directory
  rate: number
  wallWatch: WallWatch
}

/** From what is open: it is looked for every second, however many years of bookings stand in the books. */
const overBookings = (db: BooksReader, before: number) =>
  db
    .selectFrom('booking')
    .select(['case_id', 'zone'])
    .where('case_id', 'in', e =>
      e
        .selectFrom('case_file')
        .select('id')
        .where('procedure', '=', 'overtime')
        .where('ended_at', 'is', null)
        .where('state', '=', 'signed'),
    )
    .where('to_at', '<=', before)
    .execute()

/**
 * Ends bookings whose time is over and charges them. While the agent is out of reach nothing is charged: what it did
 * is not known yet, and its journal will tell. Nor is anything while the wall clock has stepped: what is finished by a clock
 * that is put right again an hour later is finished for good.
 */
export const finishOvertime = async (parts: Parts, now: number) => {
  const { books, unit, engine, mirror, directory, rate, wallWatch } = parts
  const settled = (at: number) => at - settleMs * rate
  const reachable = ({ zone }: { zone: string }) => {
    const controller = directory.site.zones.find(z => z.id === zone)?.controller ?? ''
    return mirror.agents.get(mirror.agentOf(controller) ?? '')?.online ?? false
  }
  if (wallWatch.look() !== 0 || !(await overBookings(books.read, settled(now))).some(reachable)) return
  await unit(system, async work => {
    // Looked at again after `work.at` was taken: it may have been put while this waited for its turn.
    if (wallWatch.look() !== 0) return
    const over = await overBookings(work.tx, settled(work.at))
    for (const b of over.filter(reachable)) await engine.act(work, b.case_id, 'finish', {}, 'system')
  })
}

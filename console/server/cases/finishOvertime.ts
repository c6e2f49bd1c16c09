import { system } from '../books/audit.ts'
import type { UnitOfWork } from '../books/unitOfWork.ts'
import type { Mirror } from '../live/mirror.ts'
import type { Directory } from './directory.ts'
import type { CaseEngine } from './engine.ts'

/** Real time to leave an agent for its last records of a run before the booking is charged. */
const settleMs = 2000

/**
 * Ends bookings whose time is over and charges them. While the agent is out of reach nothing is charged: what it did
 * is not known yet, and its journal will tell.
 */
export const finishOvertime = (unit: UnitOfWork, engine: CaseEngine, mirror: Mirror, directory: Directory, rate: number) =>
  unit(system, async work => {
    const reachable = (zone: string) => {
      const controller = directory.site.zones.find(z => z.id === zone)?.controller ?? ''
      return mirror.agents.get(mirror.agentOf(controller) ?? '')?.online ?? false
    }
    const over = await work.tx
      .selectFrom('booking')
      .innerJoin('case_file', 'case_file.id', 'booking.case_id')
      .select(['booking.case_id', 'booking.zone'])
      .where('booking.live', '=', 1)
      .where('case_file.state', '=', 'signed')
      .where('booking.to_at', '<=', work.at - settleMs * rate)
      .execute()
    for (const { case_id, zone } of over) if (reachable(zone)) await engine.act(work, case_id, 'finish', {}, 'system')
  })

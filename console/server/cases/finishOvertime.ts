import { system } from '../books/audit.ts'
import type { UnitOfWork } from '../books/unitOfWork.ts'
import type { Mirror } from '../live/mirror.ts'
import type { CaseEngine } from './engine.ts'

/** Real time to leave an agent for its last records of a run before the booking is charged. */
const settleMs = 2000

/**
 * Ends bookings whose time is over and charges them. While the agent is out of reach nothing is charged: what it did
 * is not known yet, and its journal will tell.
 */
export const finishOvertime = (unit: UnitOfWork, engine: CaseEngine, mirror: Mirror, rate: number) =>
  unit(system, async work => {
    if (![...mirror.agents.values()].every(a => a.online)) return
    const over = await work.tx
      .selectFrom('booking')
      .innerJoin('case_file', 'case_file.id', 'booking.case_id')
      .select('booking.case_id')
      .where('booking.live', '=', 1)
      .where('case_file.state', '=', 'signed')
      .where('booking.to_at', '<=', work.at - settleMs * rate)
      .execute()
    for (const { case_id } of over) await engine.act(work, case_id, 'finish', {}, 'system')
  })

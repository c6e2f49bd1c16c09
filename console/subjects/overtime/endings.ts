import { say, together } from '#api/words/text'
import type { WallClock } from '#program/wallClock'
import { system } from '../../server/books/audit.ts'
import type { BooksReader, BooksStore } from '../../server/books/books.ts'
import { tell } from '../../server/books/notices.ts'
import type { UnitOfWork } from '../../server/books/unitOfWork.ts'
import type { CaseEngine } from '../../server/engine/cases/caseEngine.ts'
import type { Mirror } from '../../server/mirror/mirror.ts'
import type { WallWatch } from '../../server/mirror/wallWatch.ts'
import type { Directory } from '../../server/site/directory.ts'
import type { SiteRules } from '../../server/site/siteRules.ts'

import { overtime as definition } from './definition.ts'
import { overtimeSignReminder } from './settings.ts'

/** Real time to leave an agent for its last records of a run before the booking is charged. */
const settleMs = 2000

type Parts = {
  books: BooksStore
  unit: UnitOfWork
  engine: CaseEngine
  mirror: Mirror
  directory: Directory
  clock: Pick<WallClock, 'pace'>
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
        .where('procedure', '=', definition.id)
        .where('ended_at', 'is', null)
        .where('state', 'in', ['signed', 'stopping']),
    )
    .where('to_at', '<=', before)
    .execute()

/**
 * Ends bookings whose time is over and charges them. While the agent is out of reach nothing is charged: what it did
 * is not known yet, and its journal will tell. Nor is anything while the wall clock has stepped: what is finished by a clock
 * that is put right again an hour later is finished for good.
 */
export const finishOvertime = async (parts: Parts, now: number) => {
  const { books, unit, engine, mirror, directory, clock, wallWatch } = parts
  const settled = (at: number) => at - settleMs * clock.pace.rate
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

const unsigned = (db: BooksReader) =>
  db
    .selectFrom('booking')
    .innerJoin('case_file', 'case_file.id', 'booking.case_id')
    .select(['case_id', 'number', 'place', 'opened_at', 'from_at', 'to_at', 'chased_at'])
    .where('case_file.procedure', '=', definition.id)
    .where('case_file.ended_at', 'is', null)
    .where('state', 'in', ['quoted', 'accepted'])

/** So long before its start it is said that nobody has signed; one that was made later gets half of the time it has left. */
const chaseAt = (b: { opened_at: number; from_at: number }, leadMs: number) =>
  Math.max(b.from_at - leadMs, (b.opened_at + b.from_at) / 2)

/** Bookings that nobody has signed are chased once before they begin, and end with their time. */
export const windUpUnsigned = async (
  parts: Pick<Parts, 'books' | 'unit' | 'engine' | 'directory' | 'wallWatch'> & { rules: SiteRules },
  now: number,
) => {
  const { books, unit, engine, directory, rules, wallWatch } = parts
  const leadMs = rules.ms(overtimeSignReminder) ?? 0
  const look = async (db: BooksReader, at: number) => {
    const rows = await unsigned(db)
      .where('from_at', '<=', at + leadMs)
      .execute()
    return {
      over: rows.filter(b => b.to_at <= at),
      late: rows.filter(b => b.chased_at === null && b.to_at > at && chaseAt(b, leadMs) <= at),
    }
  }
  if (wallWatch.look() !== 0) return
  const seen = await look(books.read, now)
  if (seen.over.length + seen.late.length === 0) return
  await unit(system, async work => {
    if (wallWatch.look() !== 0) return
    const { over, late } = await look(work.tx, work.at)
    for (const b of over) await engine.act(work, b.case_id, 'lapse', {}, 'system')
    for (const b of late) {
      await work.tx.updateTable('booking').set({ chased_at: work.at }).where('case_id', '=', b.case_id).execute()
      const place = directory.placeName(b.place)
      const clock = directory.calendar.clockOf(b.from_at)
      const text = say.desk.unsigned(together(b.number, ' ', place), clock)
      await tell(work, { to: ['front-desk', 'supervisor'], record: b.case_id, kind: 'unsigned', text })
    }
  })
}

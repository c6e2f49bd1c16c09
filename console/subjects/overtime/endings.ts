import { say, together } from '#api/words/text'
import type { WallClock } from '#program/wallClock'
import { system } from '../../server/books/audit.ts'
import type { BooksReader, BooksStore } from '../../server/books/books.ts'
import { tell } from '../../server/books/notices.ts'
import type { UnitOfWork, Work } from '../../server/books/unitOfWork.ts'
import type { CaseEngine } from '../../server/engine/cases/caseEngine.ts'
import type { Mirror } from '../../server/mirror/mirror.ts'
import type { WallWatch } from '../../server/mirror/wallWatch.ts'
import type { Directory } from '../../server/site/directory.ts'
import type { SiteRules } from '../../server/site/siteRules.ts'
import { chargeOver } from './charges.ts'
import { overtime as definition } from './definition.ts'
import { openRows } from './segments.ts'
import { overtimeSignReminder } from './settings.ts'

/** Real time to leave an agent for its last records of a run before the booking is charged. */
const settleMs = 2000

type Parts = {
  books: BooksStore
  unit: UnitOfWork
  engine: CaseEngine
  mirror: Mirror
  directory: Directory
  rules: SiteRules
  clock: Pick<WallClock, 'pace'>
  wallWatch: WallWatch
}

/** From what is open: it is looked for every second, however many years of bookings stand in the books. */
const signedCases = (db: BooksReader) =>
  db
    .selectFrom('case_file')
    .where('procedure', '=', definition.id)
    .where('case_file.ended_at', 'is', null)
    .where('state', 'in', ['signed', 'stopping'])

/** Zones and evenings that are over and not charged; and bookings of which nothing is left to run. */
const over = async (db: BooksReader, before: number) => {
  const open = db.selectFrom('booking').select('case_id').where('live', '=', 1).where('ended_at', 'is', null)
  const [rows, empty] = await Promise.all([
    db
      .selectFrom('booking')
      .select(['id', 'case_id', 'zone'])
      .where('live', '=', 1)
      .where('ended_at', 'is', null)
      .where('to_at', '<=', before)
      .where('case_id', 'in', signedCases(db).select('id'))
      .execute(),
    signedCases(db).select('id').where('id', 'not in', open).execute(),
  ])
  return { rows, empty: empty.map(c => c.id) }
}

const finish = async (work: Work, engine: CaseEngine, id: string) => {
  const head = await engine.head(work.tx, id)
  await engine.actOn(work, head, head.form['owes'] === true ? 'finish-owing' : 'finish', {}, 'system')
}

/**
 * Ends bookings whose time is over and charges them. While the agent is out of reach nothing is charged: what it did
 * is not known yet, and its journal will tell. Nor is anything while the wall clock has stepped: what is finished by a clock
 * that is put right again an hour later is finished for good.
 */
export const finishOvertime = async (parts: Parts, now: number) => {
  const { books, unit, engine, mirror, directory, rules, clock, wallWatch } = parts
  const settled = (at: number) => at - settleMs * clock.pace.rate
  const reachable = ({ zone }: { zone: string }) => {
    const controller = directory.site.zones.find(z => z.id === zone)?.controller ?? ''
    return mirror.agents.get(mirror.agentOf(controller) ?? '')?.online ?? false
  }
  if (wallWatch.look() !== 0) return
  const seen = await over(books.read, settled(now))
  if (seen.empty.length === 0 && !seen.rows.some(reachable)) return
  await unit(system, async work => {
    // Looked at again after `work.at` was taken: it may have been put while this waited for its turn.
    if (wallWatch.look() !== 0) return
    const { rows, empty } = await over(work.tx, settled(work.at))
    const known = rows.filter(reachable)
    for (const id of new Set(known.map(r => r.case_id))) {
      const due = known.filter(r => r.case_id === id).map(r => r.id)
      if ((await openRows(work.tx, id)).length === due.length) await finish(work, engine, id)
      else await chargeOver(work, { directory, rules }, due)
    }
    for (const id of empty) await finish(work, engine, id)
  })
}

/** By their first evening: with it ends what the customer was told. */
const unsigned = (db: BooksReader) =>
  db
    .selectFrom('booking')
    .innerJoin('case_file', 'case_file.id', 'booking.case_id')
    .select(['case_id', 'number', 'place', 'opened_at', 'from_at', 'to_at', 'chased_at'])
    .whereRef('booking.id', '=', 'booking.case_id')
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
      await work.tx.updateTable('booking').set({ chased_at: work.at }).where('id', '=', b.case_id).execute()
      const place = directory.placeName(b.place)
      const clock = directory.calendar.clockOf(b.from_at)
      const text = say.desk.unsigned(together(b.number, ' ', place), clock)
      await tell(work, { to: ['front-desk', 'supervisor'], record: b.case_id, kind: 'unsigned', text })
    }
  })
}

import { bookingPhase, type Chain, type ReadBack, readBackOf } from '#api/bookingPhase'
import type { CaseHead } from '#api/models/cases'
import { say, together } from '#api/words/text'
import { setOwnAlarm } from '../../server/agents/alarms/consoleAlarms.ts'
import { consoleSource } from '../../server/agents/alarms/fact.ts'
import type { Reactions } from '../../server/agents/reactions.ts'
import { system } from '../../server/books/audit.ts'
import type { BooksReader, BooksStore } from '../../server/books/books.ts'
import { tell } from '../../server/books/notices.ts'
import type { UnitOfWork, Work } from '../../server/books/unitOfWork.ts'
import type { CaseEngine } from '../../server/engine/cases/caseEngine.ts'
import { headOf } from '../../server/engine/cases/caseRows.ts'
import type { Services } from '../../server/engine/services.ts'
import type { Mirror } from '../../server/mirror/mirror.ts'
import type { WallWatch } from '../../server/mirror/wallWatch.ts'
import type { Directory } from '../../server/site/directory.ts'
import type { SiteRules } from '../../server/site/siteRules.ts'
import { bookingFacts, sightOf } from './bookingFacts.ts'
import type { Form } from './definition.ts'

type Parts = {
  books: BooksStore
  unit: UnitOfWork
  engine: CaseEngine
  reactions: Reactions
  mirror: Mirror
  chains: ReadonlyMap<string, Chain>
  directory: Directory
  rules: SiteRules
  wallWatch: WallWatch
}
type NotRunning = Extract<ReadBack, { running: false }>

const keyPrefix = 'overtime/'

const bookings = (db: BooksReader) =>
  db
    .selectFrom('booking')
    .innerJoin('case_file', 'case_file.id', 'booking.case_id')
    .selectAll('case_file')
    .select(['booking.id as booking', 'zone', 'from_at', 'to_at', 'not_started_at'])

/** Signed bookings whose time it is. */
const underWay = (db: BooksReader, at: number) =>
  bookings(db).where('live', '=', 1).where('state', '=', 'signed').where('from_at', '<=', at).where('to_at', '>', at).execute()

/** Bookings of which it still stands that they have not started. */
const alarmed = async (db: BooksReader) => {
  const rows = await db
    .selectFrom('alarm')
    .select('key')
    .where('source', '=', consoleSource)
    .where('key', 'like', `${keyPrefix}%`)
    .where('returned_at', 'is', null)
    .execute()
  const ids = rows.map(r => r.key.slice(keyPrefix.length))
  return ids.length === 0 ? [] : bookings(db).where('booking.id', 'in', ids).execute()
}

/**
 * A signed booking whose zone has not been confirmed to run within the site's limit: an alarm, an urgent order to
 * engineering and a notice to the front desk to call the tenant, each once, in the transaction that notes it. The alarm
 * returns when the zone runs, or when the booking is over or given up.
 */
export const watchStarts = async (parts: Parts, now: number) => {
  const { books, unit, mirror, chains, rules, wallWatch } = parts
  // What a clock says that has stepped is not late.
  if (wallWatch.look() !== 0) return
  const look = async (db: BooksReader, at: number) => {
    const see = sightOf(mirror)
    const judged = async (rows: Awaited<ReturnType<typeof underWay>>) =>
      (await bookingFacts(db, rules, rows, at)).map(b => {
        const readBack = readBackOf(chains.get(b.zone) ?? [], see)
        return { b, readBack, phase: bookingPhase(b, readBack.running, at) }
      })
    const [due, standing] = [await judged(await underWay(db, at)), await judged(await alarmed(db))]
    return {
      late: due.flatMap(({ b, readBack, phase }) =>
        phase === 'not-started' && b.not_started_at === null && !readBack.running ? [{ b, readBack }] : [],
      ),
      over: standing.filter(x => x.phase !== 'not-started'),
    }
  }
  const seen = await look(books.read, now)
  if (seen.late.length + seen.over.length === 0) return
  await unit(system, async work => {
    const { late, over } = await look(work.tx, work.at)
    for (const { b, readBack } of late) await noteNotStarted(work, parts, headOf(b), b, readBack)
    for (const { b } of over) await setOwnAlarm(work, parts.reactions, { key: keyPrefix + b.booking, level: 3, name: '' }, false)
  })
}

const noteNotStarted = async (
  work: Work,
  { engine, reactions, directory }: Parts,
  head: CaseHead,
  b: { booking: string; zone: string },
  { why, device }: NotRunning,
) => {
  const place = directory.placeName(b.zone)
  const because = together(...(device ? [device, ' '] : []), say.overtime.whyNot[why] ?? why)
  const name = say.desk.notStarted(together(head.number, ' ', place), because)
  await work.tx.updateTable('booking').set({ not_started_at: work.at }).where('id', '=', b.booking).execute()
  await setOwnAlarm(work, reactions, { key: keyPrefix + b.booking, level: 3, name, place: b.zone }, true)
  await engine.remark(work, head.id, 'not-started', '', { why, name: because })
  const { contact, phone } = head.form as Pick<Form, 'contact' | 'phone'>
  const wish: Services['work-order'] = {
    address: b.zone,
    content: name,
    contact,
    phone: phone || '—',
    kind: 'equipment',
  }
  const order = await engine.ask(work, 'work-order', wish, { place: b.zone, urgent: true })
  await work.tx.insertInto('case_link').values({ from_case: head.id, to_case: order.id, relation: 'not-started' }).execute()
  const text = together(name, say.marks.break, say.desk.callTenant(`${contact} ${phone}`.trim()))
  await tell(work, { to: ['front-desk'], record: head.id, kind: 'not-started', text })
}

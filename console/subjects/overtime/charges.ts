import { ulid } from 'ulid'
import { inARow, say, type Text } from '#api/words/text'
import { audit } from '../../server/books/audit.ts'
import type { BooksReader } from '../../server/books/books.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import type { Stretch } from '../../server/domain/intervals.ts'
import type { Directory } from '../../server/site/directory.ts'
import { missedBecause } from './arithmetic/missedTime.ts'
import { chargedEnd } from './arithmetic/runEnd.ts'
import { type Charge, chargeOf, minutesOf } from './arithmetic/tariff.ts'
import { bookingsOf, eveningDate, eveningsOf, spanOf } from './evenings.ts'
import { missedCauses } from './missedCauses.ts'
import { openRows } from './segments.ts'

type Booked = Stretch & { id: string; caseId: string; zone: string; tenant: string; stopped: boolean }

const bookedOf = async (db: BooksReader, id: string): Promise<Booked | undefined> => {
  const b = await db.selectFrom('booking').selectAll().where('id', '=', id).executeTakeFirst()
  if (!b) return undefined
  const { case_id: caseId, zone, tenant, from_at: from, to_at: to, stopped_at } = b
  return { id, caseId, zone, from, to, tenant, stopped: stopped_at !== null }
}

/** Runs of a zone that touch a stretch; one that still goes on counts up to `at`. */
export const runsOf = async (db: BooksReader, zone: string, from: number, to: number, at: number) => {
  const rows = await db
    .selectFrom('run_interval')
    .selectAll()
    .where('zone', '=', zone)
    .where('from_at', '<', to)
    .where(e => e.or([e('to_at', 'is', null), e('to_at', '>', from)]))
    .orderBy('from_at')
    .execute()
  return rows.map(r => {
    const from = r.from_at
    return { ...r, from, to: r.to_at === null ? at : chargedEnd({ from, to: r.to_at, lastedMs: r.lasted_ms }) }
  })
}

/** What a line must say beside its figures and what was taken off. */
const noteOf = (booked: Booked, result: Charge, besideOthers: boolean): Text | null => {
  const confirmed = minutesOf(result.counted)
  const parts = [
    ...(confirmed === 0 ? [say.desk.notConfirmed] : []),
    ...(booked.stopped ? [say.desk.stoppedEarly] : []),
    ...(besideOthers ? [say.desk.besideOthers] : confirmed < result.minutes ? [say.desk.byMinimum] : []),
  ]
  return parts.length === 0 ? null : inARow(parts)
}

/** Makes the line of one zone and evening; returns the others whose share of the evening may have changed with it. */
const chargeOne = async (work: Work, directory: Directory, booked: Booked): Promise<string[]> => {
  const { tx, at } = work
  const evenings = await eveningsOf(tx, directory, booked.zone, booked)
  const [first] = evenings ?? []
  if (!evenings || !first) return []
  const span = spanOf(evenings)
  const bookings = (await bookingsOf(tx, booked, span)).filter(b => b.endedAt !== null)
  const k = bookings.findIndex(b => b.id === booked.id)
  if (k < 0) return []
  const runs = await runsOf(tx, booked.zone, span.from, span.to, at)
  const result = chargeOf(evenings, bookings, k, runs)
  const causes = await missedCauses(tx, directory, booked.zone, booked, runs)
  const missed = missedBecause(result.missing, causes, Math.max(0, result.told.fen - result.fen))
  const note = noteOf(booked, result, bookings.length > 1)
  const line = {
    case_id: booked.caseId,
    tenant: booked.tenant,
    zone: booked.zone,
    from_at: booked.from,
    to_at: booked.to,
    confirmed_minutes: minutesOf(result.counted),
    billable_minutes: result.minutes,
    fen_per_hour: first.tariff.fenPerHour,
    fen: result.fen,
    month: eveningDate(directory, booked.from).slice(0, 7),
    note_json: note && JSON.stringify(note),
    missed_json: JSON.stringify(missed),
    counted_json: JSON.stringify(result.counted),
  }
  const old = await tx.selectFrom('charge_line').selectAll().where('booking', '=', booked.id).executeTakeFirst()
  const others = bookings.filter(b => b.id !== booked.id).map(b => b.id)
  if (old && Object.entries(line).every(([key, value]) => old[key as keyof typeof line] === value)) return others
  if (old)
    await tx
      .updateTable('charge_line')
      .set({ ...line, made_at: at })
      .where('id', '=', old.id)
      .execute()
  else
    await tx
      .insertInto('charge_line')
      .values({ id: ulid(), booking: booked.id, ...line, made_at: at })
      .execute()
  await audit(tx, at, work.actor, old ? 'charge-corrected' : 'charge-made', booked.caseId, {
    fen: line.fen,
    ...(old ? { before: old.fen } : {}),
  })
  work.touched.charges = true
  return others
}

/**
 * Makes the charge line of one zone and evening, or makes it anew when late records changed what is known, and with it those
 * of the same evening. Billed is what was confirmed to run, in fen (design §6); exactly one line each.
 */
const charge = async (work: Work, directory: Directory, id: string): Promise<void> => {
  const booked = await bookedOf(work.tx, id)
  if (!booked) return
  for (const beside of await chargeOne(work, directory, booked)) {
    const other = await bookedOf(work.tx, beside)
    if (other) await chargeOne(work, directory, other)
  }
}

/** What is over of a booking is charged, each zone and evening once. */
export const chargeOver = async (work: Work, directory: Directory, ids: readonly string[]): Promise<void> => {
  for (const id of ids) {
    await work.tx.updateTable('booking').set({ ended_at: work.at }).where('id', '=', id).execute()
    await charge(work, directory, id)
  }
}

/** The rest of a booking. */
export const chargeAll = async (work: Work, directory: Directory, caseId: string): Promise<void> =>
  chargeOver(
    work,
    directory,
    (await openRows(work.tx, caseId)).map(r => r.id),
  )

/** Late run records of a zone: lines of bookings that they touch are made anew. */
export const rechargeZone = async (work: Work, directory: Directory, zone: string, from: number, to: number): Promise<void> => {
  const rows = await work.tx
    .selectFrom('charge_line')
    .select('booking')
    .where('zone', '=', zone)
    .where('from_at', '<', to)
    .where('to_at', '>', from)
    .execute()
  for (const r of rows) await charge(work, directory, r.booking)
}

import { ulid } from 'ulid'
import type { CaseHead } from '#api/models/cases'
import { yuan } from '#api/money'
import { say, type Text, together } from '#api/words/text'
import { audit } from '../../server/books/audit.ts'
import type { BooksReader } from '../../server/books/books.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import type { Stretch } from '../../server/domain/intervals.ts'
import type { Directory } from '../../server/site/directory.ts'
import { type Missed, missedBecause } from './arithmetic/missedTime.ts'
import { chargedEnd } from './arithmetic/runEnd.ts'
import { type Charge, chargeOf, minutesOf } from './arithmetic/tariff.ts'
import { bookingsOf, eveningDate, eveningsOf, spanOf } from './evenings.ts'
import { missedCauses } from './missedCauses.ts'

type Booked = Stretch & { id: string; zone: string; tenant: string; bookedTo: number }

const bookedOf = async (db: BooksReader, caseId: string): Promise<Booked | undefined> => {
  const b = await db
    .selectFrom('booking')
    .innerJoin('case_file', 'case_file.id', 'booking.case_id')
    .selectAll('booking')
    .select('case_file.form_json')
    .where('case_id', '=', caseId)
    .executeTakeFirst()
  if (!b) return undefined
  return { id: b.case_id, zone: b.zone, from: b.from_at, to: b.to_at, tenant: b.tenant, bookedTo: JSON.parse(b.form_json).to }
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

/** What a line must say beside its figures. */
const noteOf = (booked: Booked, result: Charge, missed: readonly Missed[], besideOthers: boolean): Text | null => {
  const confirmed = minutesOf(result.counted)
  const parts = [
    ...(confirmed === 0 ? [say.desk.notConfirmed] : []),
    ...missed.map(m => say.desk.tookOff(say.desk.missed[m.why] ?? m.why, m.minutes, yuan(m.fen))),
    ...(booked.to < booked.bookedTo ? [say.desk.stoppedEarly] : []),
    ...(besideOthers ? [say.desk.besideOthers] : confirmed < result.minutes ? [say.desk.byMinimum] : []),
  ]
  if (parts.length === 0) return null
  return together(...parts.flatMap((p, i) => (i === 0 ? [p] : [say.marks.break, p])))
}

/** Makes the line of one booking; returns the others whose share of the evening may have changed with it. */
const chargeOne = async (work: Work, directory: Directory, booked: Booked): Promise<string[]> => {
  const { tx, at } = work
  const evenings = await eveningsOf(tx, directory, booked.zone, booked)
  const [first] = evenings ?? []
  if (!evenings || !first) return []
  const span = spanOf(evenings)
  const bookings = (await bookingsOf(tx, booked, span)).filter(b => b.state === 'finished')
  const k = bookings.findIndex(b => b.id === booked.id)
  if (k < 0) return []
  const runs = await runsOf(tx, booked.zone, span.from, span.to, at)
  const result = chargeOf(evenings, bookings, k, runs)
  const causes = await missedCauses(tx, directory, booked.zone, booked, runs)
  const missed = missedBecause(result.missing, causes, Math.max(0, result.told.fen - result.fen))
  const note = noteOf(booked, result, missed, bookings.length > 1)
  const line = {
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
  const old = await tx.selectFrom('charge_line').selectAll().where('case_id', '=', booked.id).executeTakeFirst()
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
      .values({ id: ulid(), case_id: booked.id, ...line, made_at: at })
      .execute()
  await audit(tx, at, work.actor, old ? 'charge-corrected' : 'charge-made', booked.id, {
    fen: line.fen,
    ...(old ? { before: old.fen } : {}),
  })
  work.touched.charges = true
  return others
}

/**
 * Makes the charge line of a finished booking, or makes it anew when late records changed what is known, and with it those
 * of the same evening. Billed is what was confirmed to run, in fen (design §6); exactly one line a booking.
 */
export const charge = async (work: Work, directory: Directory, head: Pick<CaseHead, 'id'>): Promise<void> => {
  const booked = await bookedOf(work.tx, head.id)
  if (!booked) return
  for (const id of await chargeOne(work, directory, booked)) {
    const other = await bookedOf(work.tx, id)
    if (other) await chargeOne(work, directory, other)
  }
}

/** Late run records of a zone: lines of bookings that they touch are made anew. */
export const rechargeZone = async (work: Work, directory: Directory, zone: string, from: number, to: number): Promise<void> => {
  const rows = await work.tx
    .selectFrom('charge_line')
    .select('case_id')
    .where('zone', '=', zone)
    .where('from_at', '<', to)
    .where('to_at', '>', from)
    .execute()
  for (const r of rows) await charge(work, directory, { id: r.case_id })
}

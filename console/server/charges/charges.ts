import { ulid } from 'ulid'
import type { CaseHead } from '#api/models/cases'
import { both } from '#api/words/both'
import { audit } from '../books/audit.ts'
import type { BooksReader } from '../books/books.ts'
import type { Work } from '../books/unitOfWork.ts'
import type { Directory } from '../cases/directory.ts'
import { chargedEnd } from '../domain/runEnd.ts'
import { chargeFor, quoteFor } from '../domain/tariff.ts'

type Booked = { id: string; zone: string; from: number; to: number; tenant: string }

const bookedOf = async (db: BooksReader, caseId: string): Promise<Booked | undefined> => {
  const b = await db.selectFrom('booking').selectAll().where('case_id', '=', caseId).executeTakeFirst()
  return b && { id: b.case_id, zone: b.zone, from: b.from_at, to: b.to_at, tenant: b.tenant }
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

/**
 * Makes the charge line of a finished booking, or makes it anew when late records changed what is known. Billed is the
 * booked time in which the run is confirmed, in fen (design §6); exactly one line a booking.
 */
export const charge = async (work: Work, directory: Directory, head: Pick<CaseHead, 'id'>): Promise<void> => {
  const { tx, at } = work
  const booked = await bookedOf(tx, head.id)
  const tariff = booked && (await directory.tariffOf(tx, booked.zone, booked.from))
  if (!booked || !tariff) return
  const centre = await directory.centreHours(tx, booked)
  const runs = await runsOf(tx, booked.zone, booked.from, booked.to, at)
  const result = chargeFor(booked, centre, runs, tariff)
  const note =
    result.confirmedMinutes === 0
      ? both(t => t.desk.notConfirmed)
      : result.billableMinutes < quoteFor(booked, centre, tariff).billableMinutes
        ? both(t => t.desk.byConfirmed)
        : null
  const line = {
    tenant: booked.tenant,
    zone: booked.zone,
    from_at: booked.from,
    to_at: booked.to,
    confirmed_minutes: result.confirmedMinutes,
    billable_minutes: result.billableMinutes,
    fen_per_hour: tariff.fenPerHour,
    fen: result.fen,
    month: directory.calendar.dateOf(booked.from).slice(0, 7),
    note_json: note && JSON.stringify(note),
    counted_json: JSON.stringify(result.counted),
    made_at: at,
  }
  const old = await tx
    .selectFrom('charge_line')
    .select(['id', 'fen', 'confirmed_minutes'])
    .where('case_id', '=', booked.id)
    .executeTakeFirst()
  if (old && old.fen === line.fen && old.confirmed_minutes === line.confirmed_minutes) return
  if (old) await tx.updateTable('charge_line').set(line).where('id', '=', old.id).execute()
  else
    await tx
      .insertInto('charge_line')
      .values({ id: ulid(), case_id: booked.id, ...line })
      .execute()
  await audit(tx, at, work.actor, old ? 'charge-corrected' : 'charge-made', booked.id, {
    fen: line.fen,
    ...(old ? { before: old.fen } : {}),
  })
  work.touched.charges = true
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

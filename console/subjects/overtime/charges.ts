import { ulid } from 'ulid'
import { inARow, say, type Text } from '#api/words/text'
import { audit } from '../../server/books/audit.ts'
import type { BooksReader } from '../../server/books/books.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import type { Directory } from '../../server/site/directory.ts'
import type { SiteRules } from '../../server/site/siteRules.ts'
import { airEvening, type Booked, bookedOf, weightsBy } from './airEvening.ts'
import { missedBecause, type TakenOff } from './arithmetic/missedTime.ts'
import { chargedEnd } from './arithmetic/runEnd.ts'
import { type SharedLine, type ShareKey, shareOut } from './arithmetic/sharedAir.ts'
import { type Charge, chargeOf, minutesOf } from './arithmetic/tariff.ts'
import { bookingsOf, eveningDate, eveningsOf, spanOf } from './evenings.ts'
import { missedCauses } from './missedCauses.ts'
import { openRows } from './segments.ts'
import { overtimeSharedAir } from './settings.ts'

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

type Around = { directory: Directory; rules: Pick<SiteRules, 'value'> }
/** A booked zone and evening as it ran, before anything of it is shared. */
type Charged = { booked: Booked; result: Charge; missed: TakenOff[]; note: Text | null; fenPerHour: number }

const chargedOf = async ({ tx, at }: Work, directory: Directory, booked: Booked): Promise<Charged | undefined> => {
  const evenings = await eveningsOf(tx, directory, booked.zone, booked)
  const [first] = evenings ?? []
  if (!evenings || !first) return undefined
  const span = spanOf(evenings)
  const bookings = (await bookingsOf(tx, booked, span)).filter(b => b.endedAt !== null)
  const k = bookings.findIndex(b => b.id === booked.id)
  if (k < 0) return undefined
  const runs = await runsOf(tx, booked.zone, span.from, span.to, at)
  const result = chargeOf(evenings, bookings, k, runs)
  const causes = await missedCauses(tx, directory, booked.zone, booked, runs)
  return {
    ...{ booked, result, fenPerHour: first.tariff.fenPerHour, note: noteOf(booked, result, bookings.length > 1) },
    missed: missedBecause(result.missing, causes, Math.max(0, result.told.fen - result.fen)),
  }
}

const keepLine = async (work: Work, directory: Directory, c: Charged, key: ShareKey, shared: SharedLine) => {
  const { tx, at } = work
  const { booked, result } = c
  const less = { why: 'shared' as const, minutes: shared.sharedMinutes, fen: result.fen - shared.fen }
  const line = {
    case_id: booked.caseId,
    tenant: booked.tenant,
    zone: booked.zone,
    from_at: booked.from,
    to_at: booked.to,
    confirmed_minutes: minutesOf(result.counted),
    billable_minutes: result.minutes,
    fen_per_hour: c.fenPerHour,
    fen: shared.fen,
    month: eveningDate(directory, booked.from).slice(0, 7),
    note_json: c.note && JSON.stringify(c.note),
    missed_json: JSON.stringify(less.fen > 0 ? [...c.missed, less] : c.missed),
    counted_json: JSON.stringify(result.counted),
    shared_by: key,
  }
  const old = await tx.selectFrom('charge_line').selectAll().where('booking', '=', booked.id).executeTakeFirst()
  if (old && Object.entries(line).every(([key, value]) => old[key as keyof typeof line] === value)) return
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
}

/**
 * Makes the charge line of one zone and evening, or makes it anew when late records changed what is known, and with it those
 * of the same evening: the tenant's own of the zone, and those of others on its air handler. Billed is what was confirmed to run, in fen
 * (design §6); exactly one line each.
 */
const charge = async (work: Work, around: Around, id: string): Promise<void> => {
  const booked = await bookedOf(work.tx, id)
  if (!booked) return
  const done = await chargeEvening(work, around, booked)
  const evenings = await eveningsOf(work.tx, around.directory, booked.zone, booked)
  if (!evenings) return
  // What began on the evening before and runs into this one, or the other way round, is rounded with it.
  const own = await bookingsOf(work.tx, booked, spanOf(evenings))
  for (const { id: other } of own) {
    const beside = done.has(other) ? undefined : await bookedOf(work.tx, other)
    if (beside) for (const d of await chargeEvening(work, around, beside)) done.add(d)
  }
}

/** The ids of what has been charged. */
const chargeEvening = async (work: Work, { directory, rules }: Around, of: Booked): Promise<Set<string>> => {
  const evening = await airEvening(work.tx, directory, of)
  // As it was shared the first time: another rule is for other evenings.
  const key = evening.sharedBy ?? (rules.value(overtimeSharedAir) as ShareKey)
  const together = evening.booked.filter(b => key !== 'each' || (b.zone === of.zone && b.tenant === of.tenant))
  const lines: Charged[] = []
  for (const b of together) {
    const charged = await chargedOf(work, directory, b)
    if (charged) lines.push(charged)
  }
  const weightOf = weightsBy(directory, key, evening.zones)
  const parts = lines.map(({ booked: { tenant, zone }, result: { counted, fen }, fenPerHour }) => ({
    ...{ tenant, counted, fen, fenPerHour, weight: weightOf(zone) },
  }))
  const shares = key === 'each' ? parts.map(p => ({ fen: p.fen, sharedMinutes: 0 })) : shareOut(parts)
  for (const [i, share] of shares.entries()) {
    const line = lines[i]
    if (line) await keepLine(work, directory, line, key, share)
  }
  return new Set(together.map(b => b.id))
}

/** What is over of a booking is charged, each zone and evening once. */
export const chargeOver = async (work: Work, around: Around, ids: readonly string[]): Promise<void> => {
  for (const id of ids) {
    await work.tx.updateTable('booking').set({ ended_at: work.at }).where('id', '=', id).execute()
    await charge(work, around, id)
  }
}

/** The rest of a booking. */
export const chargeAll = async (work: Work, around: Around, caseId: string): Promise<void> =>
  chargeOver(
    work,
    around,
    (await openRows(work.tx, caseId)).map(r => r.id),
  )

/** Late run records of a zone: lines of bookings that they touch are made anew. */
export const rechargeZone = async (work: Work, around: Around, zone: string, from: number, to: number): Promise<void> => {
  const rows = await work.tx
    .selectFrom('charge_line')
    .select('booking')
    .where('zone', '=', zone)
    .where('from_at', '<', to)
    .where('to_at', '>', from)
    .execute()
  for (const r of rows) await charge(work, around, r.booking)
}

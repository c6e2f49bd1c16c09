import { type Selectable, sql } from 'kysely'
import type { ChargeLine } from '#api/models/money'
import { yuan } from '#api/money'
import { inARow, say, type Text } from '#api/words/text'
import { commandsBetween } from '../../server/agents/link/commandList.ts'
import type { BooksReader } from '../../server/books/books.ts'
import { inParts } from '../../server/books/inParts.ts'
import type { Books } from '../../server/books/schema.ts'
import type { Charge } from '../../server/engine/charge.ts'
import { billedLines } from '../../server/engine/serviceCharges.ts'
import type { Directory } from '../../server/site/directory.ts'
import { type TakenOff, takenOffReasons } from './arithmetic/missedTime.ts'
import { runsOf } from './charges.ts'
import { overtime } from './definition.ts'

/** Commands so long before and after the hour explain it. */
const aroundMs = 600_000

const lineOf = (row: Selectable<Books['charge_line']> & { number: string }): ChargeLine => ({
  id: row.id,
  caseId: row.case_id,
  number: row.number,
  tenant: row.tenant,
  zone: row.zone,
  from: row.from_at,
  to: row.to_at,
  confirmedMinutes: row.confirmed_minutes,
  billableMinutes: row.billable_minutes,
  pricePerHourFen: row.fen_per_hour,
  fen: row.fen,
  note: noteOf(row),
  missed: JSON.parse(row.missed_json),
})

const tookOff = (m: TakenOff): Text => say.desk.tookOff(say.desk.missed[m.why] ?? m.why, m.minutes, yuan(m.fen))
const noteOf = (row: Pick<Selectable<Books['charge_line']>, 'note_json' | 'missed_json'>): Text | null => {
  const missed: TakenOff[] = JSON.parse(row.missed_json)
  const notes = [...missed.map(tookOff), ...(row.note_json === null ? [] : [JSON.parse(row.note_json) as Text])]
  return notes.length === 0 ? null : inARow(notes)
}

/** The line that a charge is of: ids have 26 letters, and a reason may follow. */
const lineOfCharge = sql<string>`substr(charge, 1, 26)`

const rowsOf = (db: BooksReader) =>
  db
    .selectFrom('charge_line')
    .innerJoin('case_file', 'case_file.id', 'charge_line.case_id')
    .selectAll('charge_line')
    .select('case_file.number')

/** The lines of a month, by tenant and time. */
export const chargeLines = async (db: BooksReader, month?: string): Promise<ChargeLine[]> => {
  let q = rowsOf(db)
  if (month) q = q.where('charge_line.month', '=', month)
  return (await q.orderBy('charge_line.tenant').orderBy('charge_line.from_at').execute()).map(lineOf)
}

/** The newest lines of one tenant. */
export const chargeLinesOf = async (db: BooksReader, tenant: string, most: number): Promise<ChargeLine[]> => {
  const his = rowsOf(db).where('charge_line.tenant', '=', tenant)
  const newest = his.orderBy('charge_line.from_at', 'desc').orderBy('charge_line.id', 'desc')
  return (await newest.limit(most).execute()).map(lineOf)
}

/** What a line stands on: the runs that were read back, the commands around them, and what of them counts. */
export const evidenceOf = async (db: BooksReader, directory: Directory, id: string, now: number) => {
  const row = await rowsOf(db).where('charge_line.id', '=', lineId(id)).executeTakeFirst()
  if (!row) return undefined
  const line = lineOf(row)
  const runs = await runsOf(db, line.zone, line.from, line.to, now)
  const controller = directory.site.zones.find(z => z.id === line.zone)?.controller
  const chain = directory.site.devices.filter(d => d.id === controller || d.feeds.includes(controller ?? '')).map(d => d.id)
  return {
    line,
    runs: runs.map(r => ({ id: r.id, from: r.from_at, to: r.to_at, why: r.why, proof: JSON.parse(r.proof_json) })),
    commands: await commandsBetween(db, chain, { from: line.from - aroundMs, to: line.to + aroundMs }, 50),
    counted: JSON.parse(row.counted_json),
  }
}

/** By the id of its line, and where something is taken off, the reason. */
const chargeId = (line: string, why?: string) => (why === undefined ? line : `${line}:${why}`)
const lineId = (charge: string) => charge.split(':')[0] ?? charge

/**
 * What overtime air has charged and no sheet holds as it is now, of the months up to this one (R41). What was booked and not delivered
 * is a line of its own, below nothing, with its reason: the customer sees what it would have been.
 */
export const overtimeCharges = async (db: BooksReader, until: string): Promise<Charge[]> => {
  const billed = billedLines(db)
    .select([lineOfCharge.as('line'), e => e.fn.sum<number>('fen').as('fen')])
    .groupBy('line')
    .as('billed')
  const rows = await rowsOf(db)
    .where('charge_line.month', '<=', until)
    .leftJoin(billed, 'billed.line', 'charge_line.id')
    .where(e => e.or([e('billed.fen', 'is', null), e('billed.fen', '!=', e.ref('charge_line.fen'))]))
    .orderBy('charge_line.from_at')
    .orderBy('charge_line.id')
    .execute()
  const sent = new Set<string>()
  for (const part of inParts(rows)) {
    const of = await billedLines(db)
      .select('charge')
      .where(
        lineOfCharge,
        'in',
        part.map(r => r.id),
      )
      .execute()
    for (const { charge } of of) sent.add(charge)
  }
  return rows.flatMap(row => {
    const { caseId, number, tenant, zone, from, to, ...line } = lineOf(row)
    const taken = line.missed.filter(m => m.fen > 0)
    const common = { caseId, number, tenant, place: zone, at: from, to, month: row.month, proved: true }
    const lost = taken.reduce((sum, m) => sum + m.fen, 0)
    const { confirmedMinutes, pricePerHourFen } = line
    const billableMinutes = line.billableMinutes + (pricePerHourFen === 0 ? 0 : Math.round((lost * 60) / pricePerHourFen))
    const whole: Charge = {
      ...{ ...common, id: chargeId(row.id), item: overtime.name, fen: line.fen + lost },
      measured: { confirmedMinutes, billableMinutes, pricePerHourFen },
      note: row.note_json === null ? null : JSON.parse(row.note_json),
    }
    const credits = takenOffReasons.flatMap((why): Charge[] => {
      const m = taken.find(x => x.why === why)
      const id = chargeId(row.id, why)
      // One that has gone to Finance and is not so any more comes to nothing now.
      if (!m && !sent.has(id)) return []
      return [
        { ...common, id, item: say.desk.credit, fen: m ? -m.fen : 0, measured: null, note: m ? tookOff({ ...m, why }) : null },
      ]
    })
    return [whole, ...credits]
  })
}

import type { Selectable } from 'kysely'
import type { ChargeLine } from '#api/models/money'
import { commandsBetween } from '../../server/agents/link/commandList.ts'
import type { BooksReader } from '../../server/books/books.ts'
import type { Books } from '../../server/books/schema.ts'
import type { Charge } from '../../server/engine/charge.ts'
import { billedOf } from '../../server/engine/serviceCharges.ts'
import type { Directory } from '../../server/site/directory.ts'
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
  note: row.note_json === null ? null : JSON.parse(row.note_json),
  missed: JSON.parse(row.missed_json),
})

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

/** What a line stands on: the runs that were read back, the commands around them, and what of them counts. */
export const evidenceOf = async (db: BooksReader, directory: Directory, id: string, now: number) => {
  const row = await rowsOf(db).where('charge_line.id', '=', id).executeTakeFirst()
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

/** What overtime air has charged and no sheet holds as it is now, of the months up to this one (R41). */
export const overtimeCharges = async (db: BooksReader, until: string): Promise<Charge[]> => {
  const rows = await rowsOf(db)
    .where('charge_line.month', '<=', until)
    .leftJoin(billedOf(db), 'billed.charge', 'charge_line.id')
    .where(e => e.or([e('billed.fen', 'is', null), e('billed.fen', '!=', e.ref('charge_line.fen'))]))
    .execute()
  return rows.map(row => {
    const { id, caseId, number, tenant, zone, from, to, note, ...line } = lineOf(row)
    const { confirmedMinutes, billableMinutes, pricePerHourFen } = line
    return {
      ...{ id, caseId, number, item: overtime.name, tenant, place: zone, at: from, to, month: row.month, fen: line.fen },
      ...{ measured: { confirmedMinutes, billableMinutes, pricePerHourFen }, note, proved: true },
    }
  })
}

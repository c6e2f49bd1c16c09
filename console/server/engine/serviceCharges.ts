import { ulid } from 'ulid'
import { Refusal } from '#api/errors'
import type { CaseHead } from '#api/models/cases'
import { hasRole, type Role } from '#api/rights'
import type { Words } from '#contract/names'
import { audit } from '../books/audit.ts'
import type { BooksReader } from '../books/books.ts'
import { writeHistory } from '../books/history.ts'
import type { Someone } from '../books/persons.ts'
import type { Work } from '../books/unitOfWork.ts'
import { wordsIn } from '../books/words.ts'
import type { Directory } from '../site/directory.ts'
import type { Charge } from './charge.ts'

/** Paid services but overtime air, which has evidence of its own (R38): a case charges each month once. */

export const chargeService = async (
  work: Work,
  directory: Directory,
  head: Pick<CaseHead, 'id' | 'place'>,
  item: Words,
  fen: number,
  served: { at: number; month: string } = { at: work.at, month: directory.calendar.dateOf(work.at).slice(0, 7) },
): Promise<void> => {
  const { tx, at } = work
  const { month } = served
  const same = tx.selectFrom('service_charge').select('id').where('case_id', '=', head.id).where('month', '=', month)
  if (await same.executeTakeFirst()) return
  // Whoever sits there when it is served pays, not whoever sat there when it was asked for.
  const tenant = (await directory.tenantOfPlace(tx, head.place, served.at))?.id ?? null
  await tx
    .insertInto('service_charge')
    .values({
      ...{ id: ulid(), case_id: head.id, item_json: JSON.stringify(item), tenant, place: head.place },
      ...{ at: served.at, month, fen },
    })
    .execute()
  await audit(tx, at, work.actor, 'charge-made', head.id, { fen, month })
  work.touched.charges = true
}

/** The lines that the sheets of months bill: not those of a sheet that Finance has sent back. */
export const billedLines = (db: BooksReader) =>
  db
    .selectFrom('sheet_line')
    .innerJoin('month_sheet', j =>
      j.onRef('month_sheet.month', '=', 'sheet_line.sheet').onRef('month_sheet.round', '=', 'sheet_line.round'),
    )

/** What the sheets of months hold of each charge. */
export const billedOf = (db: BooksReader) =>
  billedLines(db)
    .select(['charge', e => e.fn.sum<number>('fen').as('fen')])
    .groupBy('charge')
    .as('billed')

/** What services have charged and no sheet holds as it is now, of the months up to this one. */
export const serviceCharges = async (db: BooksReader, until: string): Promise<Charge[]> => {
  const rows = await db
    .selectFrom('service_charge')
    .innerJoin('case_file', 'case_file.id', 'service_charge.case_id')
    .selectAll('service_charge')
    .select('case_file.number')
    .where('month', '<=', until)
    .leftJoin(billedOf(db), 'billed.charge', 'service_charge.id')
    .where(e => e.or([e('billed.fen', 'is', null), e('billed.fen', '!=', e.ref('service_charge.fen'))]))
    .execute()
  return rows.map(r => ({
    ...{ id: r.id, caseId: r.case_id, number: r.number, item: wordsIn(r.item_json), tenant: r.tenant, place: r.place },
    ...{ at: r.at, to: null, month: r.month, fen: r.fen, measured: null, note: null, proved: false },
  }))
}

/** Somebody above puts a sum right, with a reason. `was`: the sum that he has seen. */
export const correctCharge = async (
  work: Work,
  id: string,
  o: { fen: number; was: number; reason: string },
  doer: Someone & { roles: readonly Role[] },
): Promise<void> => {
  if (!hasRole(doer.roles, ['supervisor', 'manager'])) throw new Refusal('not-your-role')
  const charge = await work.tx.selectFrom('service_charge').selectAll().where('id', '=', id).executeTakeFirst()
  if (!charge) throw new Refusal('unknown-charge', 'charge')
  if (charge.fen !== o.was) throw new Refusal('changed-meanwhile', 'was')
  await work.tx.updateTable('service_charge').set({ fen: o.fen }).where('id', '=', id).execute()
  const detail = { before: o.was, fen: o.fen, month: charge.month }
  await writeHistory(work, { record: charge.case_id, verb: 'charge-corrected', note: o.reason, detail })
  await audit(work.tx, work.at, work.actor, 'charge-corrected', charge.case_id, detail)
  work.touched.charges = true
  work.touched.cases.add(charge.case_id)
}

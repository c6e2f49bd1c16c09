import { ulid } from 'ulid'
import type { CaseHead } from '#api/models/cases'
import type { Words } from '#contract/names'
import { audit } from '../books/audit.ts'
import type { BooksReader } from '../books/books.ts'
import type { Work } from '../books/unitOfWork.ts'
import { wordsIn } from '../books/words.ts'
import type { Directory } from '../site/directory.ts'
import type { Charge } from './charge.ts'

/** Paid services but overtime air, which has evidence of its own (R38): a case charges each month once. */

export const chargeService = async (
  work: Work,
  directory: Directory,
  head: Pick<CaseHead, 'id' | 'number' | 'tenant' | 'place'>,
  item: Words,
  fen: number,
  month = directory.calendar.dateOf(work.at).slice(0, 7),
): Promise<void> => {
  const { tx, at } = work
  const same = tx.selectFrom('service_charge').select('id').where('case_id', '=', head.id).where('month', '=', month)
  if (await same.executeTakeFirst()) return
  await tx
    .insertInto('service_charge')
    .values({
      ...{ id: ulid(), case_id: head.id, item_json: JSON.stringify(item), tenant: head.tenant, place: head.place },
      ...{ at, month, fen },
    })
    .execute()
  await audit(tx, at, work.actor, 'charge-made', head.id, { fen, month })
  work.touched.charges = true
}

/** What services have charged, of the months up to this one. */
export const serviceCharges = async (db: BooksReader, until: string): Promise<Charge[]> => {
  const rows = await db
    .selectFrom('service_charge')
    .innerJoin('case_file', 'case_file.id', 'service_charge.case_id')
    .selectAll('service_charge')
    .select('case_file.number')
    .where('month', '<=', until)
    .execute()
  return rows.map(r => ({
    ...{ id: r.id, caseId: r.case_id, number: r.number, item: wordsIn(r.item_json), tenant: r.tenant, place: r.place },
    ...{ at: r.at, to: null, month: r.month, fen: r.fen, measured: null, note: null, proved: false },
  }))
}

import { system } from '../../server/books/audit.ts'
import type { BooksReader, BooksStore } from '../../server/books/books.ts'
import type { Desk } from '../../server/desk/desk.ts'
import { headOf } from '../../server/engine/cases/caseRows.ts'
import { caseOf, casesOf } from '../../server/engine/cases/casesIn.ts'
import { chargeService } from '../../server/engine/serviceCharges.ts'
import { regularCleaning, regularItem } from './definition.ts'

/** R39: the agreement is what Finance charges by, each month that it serves, from the month that it names; also for months that went by while we were down. */
export const chargeMonths = async (
  desk: Pick<Desk, 'unit' | 'rules' | 'directory'> & { books: BooksStore },
  now: number,
): Promise<void> => {
  const { calendar } = desk.rules
  const due = async (db: BooksReader, at: number) => {
    const current = calendar.local.dateOf(at).slice(0, 7)
    // Months are charged in their order, all of them at once: whoever has this one has those before.
    const charged = db.selectFrom('service_charge').select('case_id').where('month', '=', current)
    const rows = await casesOf(db, regularCleaning).where('state', '=', 'serving').where('id', 'not in', charged).execute()
    return rows.flatMap(row => {
      const head = caseOf(regularCleaning, headOf(row))
      const months: string[] = []
      const first: string = head.form.first ?? current
      for (let m = first; m <= current; m = calendar.monthAfter(m)) months.push(m)
      return months.map(month => ({ head, month }))
    })
  }
  if ((await due(desk.books.read, now)).length === 0) return
  await desk.unit(system, async work => {
    for (const { head, month } of await due(work.tx, work.at)) {
      const at = calendar.local.instantOf(`${month}-01`, 0)
      await chargeService(work, desk.directory, head, regularItem, head.form.monthlyFen ?? 0, { at, month })
    }
  })
}

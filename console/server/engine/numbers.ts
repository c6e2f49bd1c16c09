import type { Work } from '../books/unitOfWork.ts'
import type { Directory } from '../site/directory.ts'

/** Gap-free per procedure or register and year: the counter moves in the transaction that uses the number. */
export const nextNumber = async (work: Work, directory: Directory, of: { id: string; prefix: string }): Promise<string> => {
  const date = directory.calendar.dateOf(work.at)
  const row = await work.tx
    .insertInto('counter')
    .values({ procedure: of.id, period: date.slice(0, 4), n: 1 })
    .onConflict(c => c.columns(['procedure', 'period']).doUpdateSet(e => ({ n: e('counter.n', '+', 1) })))
    .returning('n')
    .executeTakeFirstOrThrow()
  return `${of.prefix}-${date.replaceAll('-', '')}-${String(row.n).padStart(4, '0')}`
}

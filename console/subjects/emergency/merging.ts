import { Refusal } from '#api/errors'
import type { CaseHead } from '#api/models/cases'
import { say } from '#api/words/text'
import type { BooksReader } from '../../server/books/books.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import type { CaseEngine } from '../../server/engine/cases/caseEngine.ts'
import { headOf } from '../../server/engine/cases/caseRows.ts'
import { caseOf } from '../../server/engine/cases/casesIn.ts'
import { emergency } from './definition.ts'

/** Two tickets of one event become one: its link, from what was merged to what it was merged into. */
const merged = 'merged-into'

/** The tickets that were merged into one, also by way of another. */
const mergedInto = async (db: BooksReader, id: string): Promise<{ id: string; place: string | null }[]> => {
  const direct = await db
    .selectFrom('case_link')
    .innerJoin('case_file', 'case_file.id', 'case_link.from_case')
    .select(['case_file.id', 'case_file.place'])
    .where('to_case', '=', id)
    .where('relation', '=', merged)
    .execute()
  const further = await Promise.all(direct.map(d => mergedInto(db, d.id)))
  return [...direct, ...further.flat()]
}

/** Where it is: its own place, and those of what was merged into it. */
export const placesOf = async (db: BooksReader, head: Pick<CaseHead, 'id' | 'place'>): Promise<string[]> =>
  [head, ...(await mergedInto(db, head.id))].flatMap(t => t.place ?? [])

/** The open ticket that goes on for one that was merged; undefined once that has ended too. */
export const goesOnAs = async (db: BooksReader, id: string): Promise<CaseHead | undefined> => {
  const row = await db
    .selectFrom('case_link')
    .innerJoin('case_file', 'case_file.id', 'case_link.to_case')
    .selectAll('case_file')
    .where('from_case', '=', id)
    .where('relation', '=', merged)
    .executeTakeFirst()
  if (!row) return undefined
  return row.ended_at === null ? headOf(row) : row.state === 'merged' ? goesOnAs(db, row.id) : undefined
}

/** `from` ends in `into`: its alarms go on there, its steps and its record stay where they are, and each names the other. */
export const mergeTickets = async (
  work: Work,
  engine: CaseEngine,
  from: CaseHead,
  into: CaseHead,
  why: string,
): Promise<void> => {
  const [one, other] = [caseOf(emergency, from), caseOf(emergency, into)]
  if (from.id === into.id || from.procedure !== emergency.id || into.procedure !== emergency.id)
    throw new Refusal('unknown-case', 'into')
  if (from.endedAt !== null || into.endedAt !== null) throw new Refusal('case-is-over', from.endedAt === null ? 'into' : 'id')
  // A fire never disappears in a drill, nor a drill in a fire.
  if (one.form.drill !== other.form.drill) throw new Refusal('is-a-drill', 'into')
  // What is graver goes on: else its plan and its posts would be lost.
  if (one.form.level < other.form.level) throw new Refusal('less-grave', 'into')
  await work.tx.updateTable('alarm').set({ ticket: into.id }).where('ticket', '=', from.id).execute()
  await work.tx.insertInto('case_link').values({ from_case: from.id, to_case: into.id, relation: merged }).execute()
  const name = say.desk.mergedInto(into.number)
  await engine.remark(work, from.id, 'merged-into', why, { name })
  await engine.remark(work, into.id, 'merged-in', why, { name: say.desk.mergedFrom(from.number) })
  await engine.actOn(work, await engine.head(work.tx, from.id), 'merge', {}, 'system')
  const moved = await work.tx.selectFrom('alarm').select(['id', 'returned_at']).where('ticket', '=', into.id).execute()
  for (const { id } of moved) work.touched.alarms.add(id)
  const now = await engine.head(work.tx, into.id)
  if (now.state === 'verify' && moved.some(a => a.returned_at === null)) await engine.actOn(work, now, 'again', {}, 'system')
}

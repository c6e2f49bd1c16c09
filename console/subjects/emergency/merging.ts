import { Refusal } from '#api/errors'
import type { CaseHead } from '#api/models/cases'
import { say, together } from '#api/words/text'
import type { Words } from '#contract/names'
import { accountIdOf } from '../../server/books/audit.ts'
import type { BooksReader } from '../../server/books/books.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import { wordsIn } from '../../server/books/words.ts'
import type { CaseEngine } from '../../server/engine/cases/caseEngine.ts'
import { headOf } from '../../server/engine/cases/caseRows.ts'
import { caseOf } from '../../server/engine/cases/casesIn.ts'
import { emergency } from './definition.ts'
import { eventReport } from './routines.ts'
import { postsIn } from './rows.ts'
import { nextStep, postsOf } from './steps.ts'
import { type TellAround, tellOfTicket } from './telling.ts'

/** Two tickets of one event become one: its link, from what was merged to what it was merged into. */
const merged = 'merged-into'
/** So many of the last that ended at a place are asked where they went on. */
const mostAsked = 3

/** A ticket and those that were merged into it, also by way of another. */
export const wholeOf = async (
  db: BooksReader,
  head: Pick<CaseHead, 'id' | 'place'>,
): Promise<{ id: string; place: string | null }[]> => {
  const direct = await db
    .selectFrom('case_link')
    .innerJoin('case_file', 'case_file.id', 'case_link.from_case')
    .select(['case_file.id', 'case_file.place'])
    .where('to_case', '=', head.id)
    .where('relation', '=', merged)
    .execute()
  const further = await Promise.all(direct.map(d => wholeOf(db, d)))
  return [{ id: head.id, place: head.place }, ...further.flat()]
}

/** Where it is: its own place, and those of what was merged into it. */
export const placesOf = async (db: BooksReader, head: Pick<CaseHead, 'id' | 'place'>): Promise<string[]> => [
  ...new Set((await wholeOf(db, head)).flatMap(t => t.place ?? [])),
]

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

/** The open tickets as which those go on that were merged at a place lately. */
export const goOnAs = async (db: BooksReader, place: string | null): Promise<CaseHead[]> => {
  const ended = await db
    .selectFrom('case_file')
    .select('id')
    .where('procedure', '=', emergency.id)
    .where('state', '=', 'merged')
    .where('place', place === null ? 'is' : '=', place)
    .orderBy('ended_at', 'desc')
    .limit(mostAsked)
    .execute()
  const found = await Promise.all(ended.map(e => goesOnAs(db, e.id)))
  return found.flatMap(head => head ?? [])
}

/** What nobody has answered yet is to be done all the same: it goes on with the other, its clock where it was. */
const moveSteps = async (work: Work, from: CaseHead, into: CaseHead, place: Words): Promise<void> => {
  const rows = await work.tx.selectFrom('case_step').selectAll().where('case_id', '=', from.id).orderBy('n').execute()
  const open = rows.filter(r => r.done_at === null && r.aside_at === null)
  const first = await nextStep(work, into.id)
  const newOf = new Map(open.map((r, i) => [r.n, first + i]))
  for (const row of open) {
    const text = wordsIn(row.text_json)
    const moved = { zh: `${place.zh} ${text.zh}`, en: `${place.en} ${text.en}` }
    await work.tx
      .insertInto('case_step')
      .values({
        ...row,
        ...{ case_id: into.id, n: newOf.get(row.n) ?? row.n, text_json: JSON.stringify({ ...text, ...moved }) },
        after_n: row.after_n === null ? null : (newOf.get(row.after_n) ?? null),
      })
      .execute()
    await work.tx
      .updateTable('case_step')
      .set({
        aside_at: work.at,
        aside_by: work.actor.display,
        aside_by_id: accountIdOf(work.actor),
        aside_why: `→ ${into.number} ${newOf.get(row.n)}`,
      })
      .where('case_id', '=', from.id)
      .where('n', '=', row.n)
      .execute()
  }
}

/** Whoever has the one has the other: he is not called once more. */
const carryAnswer = async (work: Work, from: CaseHead, into: CaseHead): Promise<void> => {
  const call = await work.tx.selectFrom('call_out').selectAll().where('case_id', '=', from.id).executeTakeFirst()
  if (!call || call.answered_at === null) return
  const { answered_at, answered_by, answered_by_id, eta_min } = call
  await work.tx
    .updateTable('call_out')
    .set({ answered_at, answered_by, answered_by_id, eta_min, next_at: null })
    .where('case_id', '=', into.id)
    .where('answered_at', 'is', null)
    .execute()
}

/** One event, one report: that of the ticket that goes on. */
const endReport = (work: Work, from: CaseHead, into: CaseHead) =>
  work.tx
    .updateTable('duty')
    .set({ done_at: work.at, done_by: work.actor.display, note: `→ ${into.number}` })
    .where('routine', '=', eventReport.id)
    .where('period', '=', from.number)
    .where('done_at', 'is', null)
    .execute()

/**
 * `from` ends in `into`, a ticket of the same kind: its alarms and what is still to be done go on there, its record stays, each names the other, and the
 * posts of both are told.
 */
export const mergeTickets = async (
  work: Work,
  o: { engine: CaseEngine; around: TellAround; from: CaseHead; into: CaseHead; why: string },
): Promise<void> => {
  const { engine, around, from, into, why } = o
  if (from.id === into.id || from.procedure !== emergency.id || into.procedure !== emergency.id)
    throw new Refusal('unknown-case', 'into')
  if (from.endedAt !== null || into.endedAt !== null) throw new Refusal('case-is-over', from.endedAt === null ? 'into' : 'id')
  const [one, other] = [caseOf(emergency, from).form, caseOf(emergency, into).form]
  // A fire never disappears in a drill, nor in a robbery, whose plan is another.
  if (one.drill !== other.drill) throw new Refusal('is-a-drill', 'into')
  if (one.kind !== other.kind) throw new Refusal('other-kind', 'into')
  // What is graver goes on: else its posts would not be called.
  if (one.level < other.level) throw new Refusal('less-grave', 'into')
  const steps = await work.tx
    .selectFrom('case_step')
    .select(['posts_json', 'owner_json'])
    .where('case_id', '=', from.id)
    .execute()
  const moved = await work.tx
    .updateTable('alarm')
    .set({ ticket: into.id })
    .where('ticket', '=', from.id)
    .returning(['id', 'returned_at'])
    .execute()
  for (const { id } of moved) work.touched.alarms.add(id)
  await work.tx.insertInto('case_link').values({ from_case: from.id, to_case: into.id, relation: merged }).execute()
  await moveSteps(work, from, into, around.directory.placeName(from.place))
  await carryAnswer(work, from, into)
  await endReport(work, from, into)
  work.touched.duties = true
  await engine.remark(work, from.id, 'merged-into', why, { name: into.number })
  await engine.remark(work, into.id, 'merged-in', why, { name: from.number })
  await engine.actOn(work, await engine.head(work.tx, from.id), 'merge', {}, 'system')
  const now = await engine.head(work.tx, into.id)
  if (now.state === 'verify' && moved.some(a => a.returned_at === null)) await engine.actOn(work, now, 'again', {}, 'system')
  const posts = steps.flatMap(s => postsOf(wordsIn(s.owner_json), postsIn(s)))
  const text = together(say.desk.mergedFrom(from.number, into.number), say.marks.says, why)
  const said = await tellOfTicket(work, around, into, { step: null, kind: 'emergency', text, posts })
  await engine.remark(work, into.id, 'told', '', said)
}

import type { ExpressionBuilder } from 'kysely'
import { say, together } from '#api/words/text'
import { system } from '../../books/audit.ts'
import type { BooksReader, BooksStore } from '../../books/books.ts'
import { writeHistory } from '../../books/history.ts'
import { tell } from '../../books/notices.ts'
import type { Books } from '../../books/schema.ts'
import type { UnitOfWork } from '../../books/unitOfWork.ts'
import type { Procedure } from '../definition.ts'
import type { CaseEngine } from './caseEngine.ts'
import { headOf } from './caseRows.ts'

const mostAtOnce = 200

/** The cases of a procedure, in these of its states, of which something is asked now: none that rest, or rest until a day to come. */
export const isAwake = (p: Procedure, states: readonly string[]) => (e: ExpressionBuilder<Books, 'case_file'>) => {
  const rests = (s: string) => p.states[s]?.rests
  const awake = states.filter(s => rests(s) !== true)
  if (awake.length === 0) return e.lit(false)
  const untilADay = awake.filter(s => rests(s) !== undefined)
  const here = e.and([e('procedure', '=', p.id), e('state', 'in', awake)])
  return untilADay.length === 0 ? here : e.and([here, e.or([e('state', 'not in', untilADay), e('wakes_at', 'is', null)])])
}

/** A resting case wakes on its day: from then on it is asked for again, and whom its state names is told, once. */
export const wakeDue = async (engine: CaseEngine, books: BooksStore, unit: UnitOfWork, now: number): Promise<void> => {
  const due = (db: BooksReader, at: number) =>
    db.selectFrom('case_file').selectAll().where('wakes_at', '<=', at).orderBy('wakes_at').limit(mostAtOnce).execute()
  if ((await due(books.read, now)).length === 0) return
  await unit(system, async work => {
    for (const row of await due(work.tx, work.at)) {
      const head = headOf(row)
      await work.tx.updateTable('case_file').set({ wakes_at: null, changed_at: work.at }).where('id', '=', row.id).execute()
      const state = engine.procedureOf(head).states[head.state]
      const rests = state?.rests
      if (head.endedAt !== null || typeof rests !== 'object') continue
      await writeHistory(work, { record: head.id, verb: 'wake' })
      const text = together(head.number, ' ', state?.name ?? '', say.marks.says, say.desk.wakes)
      await tell(work, { to: rests.tells, record: head.id, kind: 'wakes', text })
      work.touched.cases.add(head.id)
    }
  })
}

import { Refusal } from '#api/errors'
import type { CaseHead, RosterShift } from '#api/models/cases'
import type { LocalCalendar } from '#contract/programmeHours'
import type { BooksReader } from '../../server/books/books.ts'
import { writeHistory } from '../../server/books/history.ts'
import type { Work } from '../../server/books/unitOfWork.ts'

import { didOf } from '../../server/engine/definition.ts'
import { swapped } from './definition.ts'

/** Who is on which shift of a month (R63): child rows of its case. */
export const shiftsOf = (db: BooksReader, caseId: string): Promise<RosterShift[]> =>
  db
    .selectFrom('roster_shift')
    .select(['date', 'shift', 'person'])
    .where('case_id', '=', caseId)
    .orderBy('date')
    .orderBy('shift')
    .orderBy('person')
    .execute()

/** Writes the whole table anew while it is being prepared. */
export const setShifts = async (work: Work, head: CaseHead, lines: readonly RosterShift[]): Promise<void> => {
  if (head.state !== 'preparing') throw new Refusal('not-in-this-state', 'state')
  const month = String(head.form['month'])
  const outside = lines.find(l => !l.date.startsWith(month))
  if (outside) throw new Refusal('not-in-this-month', 'date', { date: outside.date })
  const keys = lines.map(l => `${l.date} ${l.shift} ${l.person}`)
  const twice = keys.find((k, i) => keys.indexOf(k) !== i)
  if (twice) throw new Refusal('person-twice', 'person', { date: twice })
  await work.tx.deleteFrom('roster_shift').where('case_id', '=', head.id).execute()
  for (const l of lines)
    await work.tx
      .insertInto('roster_shift')
      .values({ case_id: head.id, ...l })
      .execute()
  await writeHistory(work, { record: head.id, verb: 'shifts', detail: { shifts: lines } })
  await work.tx
    .updateTable('case_file')
    .set({ changed_at: work.at, revision: head.revision + 1 })
    .where('id', '=', head.id)
    .execute()
  work.touched.cases.add(head.id)
}

/** Puts the substitute in the place of who was on the shift. */
export const swapShift = async (work: Work, head: CaseHead): Promise<void> => {
  const said = didOf(head.facts, swapped)
  if (!said) return
  await work.tx
    .updateTable('roster_shift')
    .set({ person: said.substitute })
    .where('case_id', '=', head.id)
    .where('date', '=', said.date)
    .where('shift', '=', said.shift)
    .where('person', '=', said.person)
    .execute()
}

/** The first day of the month on which too few are on duty: one on every day (R62), more on holidays where the site says so (T69). */
export const uncoveredDay = (
  calendar: LocalCalendar,
  month: string,
  lines: readonly RosterShift[],
  fewest: (date: string) => number,
): string | undefined => {
  for (let date = `${month}-01`; date.startsWith(month); date = calendar.plusDays(date, 1))
    if (lines.filter(l => l.date === date && l.shift === 'day').length < fewest(date)) return date
  return undefined
}

import { Refusal } from '#api/errors'
import type { CaseHead, RosterShift } from '#api/models/cases'
import type { LocalCalendar } from '#contract/programmeHours'
import type { BooksReader } from '../../server/books/books.ts'
import { writeHistory } from '../../server/books/history.ts'
import { isOnLeave, personFilesIn } from '../../server/books/personFiles.ts'
import { accountOf, withNamesNow } from '../../server/books/persons.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import { caseOf } from '../../server/engine/cases/casesIn.ts'
import { didOf } from '../../server/engine/definition.ts'
import { roster, swapped } from './definition.ts'

type Line = RosterShift & { person_id: string | null }

/** Who is on which shift of a month (R63): child rows of its case. */
export const linesOf = async (db: BooksReader, caseId: string): Promise<Line[]> => {
  const rows = await db
    .selectFrom('roster_shift')
    .select(['date', 'shift', 'person', 'person_id'])
    .where('case_id', '=', caseId)
    .orderBy('date')
    .orderBy('shift')
    .orderBy('person')
    .execute()
  return withNamesNow(db, rows)
}

/** As a screen shows it. */
export const shiftsOf = async (db: BooksReader, caseId: string): Promise<RosterShift[]> =>
  (await linesOf(db, caseId)).map(({ date, shift, person }) => ({ date, shift, person }))

/** Whether a line is somebody's, however he is called by now. */
export const isOf = (line: Line, who: { id: string | null; name: string }): boolean =>
  who.id === null ? line.person === who.name : line.person_id === who.id

/** The first of the shifts that would be kept by somebody who is on leave that day. */
export const absent = async (db: BooksReader, lines: readonly Line[]): Promise<Line | undefined> => {
  const files = await personFilesIn(db)
  return lines.find(l => isOnLeave(files.get(l.person_id ?? ''), l.date))
}

/** Writes the whole table anew while it is being prepared. */
export const setShifts = async (work: Work, head: CaseHead, lines: readonly RosterShift[]): Promise<void> => {
  if (head.state !== 'preparing') throw new Refusal('not-in-this-state', 'state')
  const month = caseOf(roster, head).form.month
  const outside = lines.find(l => !l.date.startsWith(month))
  if (outside) throw new Refusal('not-in-this-month', 'date', { date: outside.date })
  const accounts = new Map<string, string | null>()
  for (const name of new Set(lines.map(l => l.person))) accounts.set(name, await accountOf(work.tx, name, 'person'))
  const known = lines.map(l => ({ ...l, person_id: accounts.get(l.person) ?? null }))
  const keys = known.map(l => `${l.date} ${l.shift} ${l.person_id ?? l.person}`)
  const twice = lines.find((_, i) => keys.indexOf(keys[i] ?? '') !== i)
  if (twice) throw new Refusal('person-twice', 'person', { date: `${twice.date} ${twice.shift} ${twice.person}` })
  const away = await absent(work.tx, known)
  if (away) throw new Refusal('on-leave', 'person', { date: `${away.date} ${away.shift} ${away.person}` })
  await work.tx.deleteFrom('roster_shift').where('case_id', '=', head.id).execute()
  for (const l of known)
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
  const who = { id: await accountOf(work.tx, said.person, 'person'), name: said.person }
  const line = (await linesOf(work.tx, head.id)).find(l => l.date === said.date && l.shift === said.shift && isOf(l, who))
  if (!line) return
  let row = work.tx
    .updateTable('roster_shift')
    .set({ person: said.substitute, person_id: await accountOf(work.tx, said.substitute, 'substitute') })
    .where('case_id', '=', head.id)
    .where('date', '=', said.date)
    .where('shift', '=', said.shift)
  row = line.person_id === null ? row.where('person', '=', line.person) : row.where('person_id', '=', line.person_id)
  await row.execute()
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

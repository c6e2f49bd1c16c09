import type { BooksReader } from '../books/books.ts'
import { isOnLeave, noFile, personFilesIn } from '../books/personFiles.ts'
import { withNamesNow } from '../books/persons.ts'

/** Rosters count from when they are approved. */
const inForce = ['in-force', 'appraised'] as const

/** Who is on duty on a date, by the rosters in force, how he is reached, and whether he is on leave all the same. */
export const onDutyOn = async (db: BooksReader, date: string) => {
  const rows = await db
    .selectFrom('roster_shift')
    .innerJoin('case_file', 'case_file.id', 'roster_shift.case_id')
    .select(['roster_shift.shift', 'roster_shift.person', 'roster_shift.person_id', 'case_file.department'])
    .where('roster_shift.date', '=', date)
    .where('case_file.state', 'in', inForce)
    .orderBy('roster_shift.shift')
    .orderBy('case_file.department')
    .orderBy('roster_shift.person')
    .execute()
  const [named, files] = await Promise.all([withNamesNow(db, rows), personFilesIn(db)])
  return named.map(r => {
    const file = files.get(r.person_id ?? '') ?? noFile
    return { ...r, tel: file.tel, languages: file.languages, onLeave: isOnLeave(file, date) }
  })
}

/** The shifts of the dates in [from, to) by the rosters in force then, one a person; also of rosters that are closed by now. */
export const rosteredBetween = async (db: BooksReader, from: string, to: string) =>
  db
    .selectFrom('roster_shift')
    .innerJoin('case_file', 'case_file.id', 'roster_shift.case_id')
    .select(['roster_shift.person', 'roster_shift.person_id'])
    .where('roster_shift.date', '>=', from)
    .where('roster_shift.date', '<', to)
    .where('case_file.state', 'in', [...inForce, 'closed'])
    .execute()

import type { Shift } from '#api/shifts'
import { minuteOfClock } from '#contract/clockText'
import type { BooksReader } from '../books/books.ts'
import { isOnLeave, noFile, personFilesIn } from '../books/personFiles.ts'
import { withNamesNow } from '../books/persons.ts'

import type { Directory } from './directory.ts'
import { nightFrom, serviceFrom, serviceTo } from './settings.ts'
import type { SiteRules } from './siteRules.ts'

/** Rosters count from when they are approved. */
const inForce = ['in-force', 'appraised'] as const

/** Which shift it is: service hours, the hours until the night, the night, which belongs to the date on which it began (R61-R65, T73). */
export const shiftAt = (rules: SiteRules, calendar: Directory['calendar'], at: number): { date: string; shift: Shift } => {
  const date = calendar.dateOf(at)
  const minute = minuteOfClock(calendar.clockOf(at).slice(0, 5))
  const [from, to, night] = [serviceFrom, serviceTo, nightFrom].map(s => rules.minuteOfDay(s)) as [number, number, number]
  if (minute < from) return { date: calendar.plusDays(date, -1), shift: 'night' }
  if (minute < to) return { date, shift: 'day' }
  return { date, shift: minute < night ? 'evening' : 'night' }
}

/** Who is on duty this minute, by the rosters in force; whoever is on leave is not. */
export const onDutyAt = async (db: BooksReader, rules: SiteRules, calendar: Directory['calendar'], at: number) => {
  const now = shiftAt(rules, calendar, at)
  return (await onDutyOn(db, now.date)).filter(r => r.shift === now.shift && !r.onLeave)
}

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

/** Somebody's own shifts of the dates in [from, to), by the rosters in force. */
export const shiftsOfPerson = async (db: BooksReader, person: string, from: string, to: string) =>
  db
    .selectFrom('roster_shift')
    .innerJoin('case_file', 'case_file.id', 'roster_shift.case_id')
    .select(['roster_shift.date', 'roster_shift.shift'])
    .distinct()
    .where('roster_shift.person_id', '=', person)
    .where('roster_shift.date', '>=', from)
    .where('roster_shift.date', '<', to)
    .where('case_file.state', 'in', inForce)
    .orderBy('roster_shift.date')
    .execute()

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

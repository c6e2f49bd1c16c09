import type { Subject } from '../../server/desk/subject.ts'
import { routines } from './routines.ts'
import { archiveCheckMonths } from './settings.ts'

/** What the calendar owes and a note closes: meetings, rounds, plans, reports that nothing here counts. */
export const calendarWork: Subject = { routines, settings: [archiveCheckMonths] }

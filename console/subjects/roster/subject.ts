import type { Department } from '#api/departments'
import type { Subject } from '../../server/desk/subject.ts'
import { casesOf } from '../../server/engine/cases/casesIn.ts'
import type { Evidence } from '../../server/engine/chapter.ts'
import { caseKind } from '../../server/engine/chapter.ts'
import { counted } from '../../server/engine/routines/evidence.ts'
import { agenda } from './agenda.ts'
import { roster as definition } from './definition.ts'
import { needs } from './needs.ts'
import { shiftsOf, swapShift } from './rosterBook.ts'
import { rosterRoutes } from './routes.ts'
import { routines } from './routines.ts'
import { holidayDuty } from './settings.ts'

/** R63 (004 row 7): "CS and ENG". */
const rostered: readonly Department[] = ['customer-service', 'engineering']

/** Rosters of the next month that have been handed in, and of which departments one is owed (R63). */
const rosterFigures: Evidence = {
  async count({ db, rules, period }) {
    const month = rules.calendar.monthAfter(`${period}-01`)
    const rows = await casesOf(db, definition).where('state', 'in', ['submitted', 'in-force', 'appraised', 'closed']).execute()
    const handedIn = rows.filter(r => JSON.parse(r.form_json).month === month)
    const owed = rostered.filter(d => !handedIn.some(r => r.department === d))
    return counted({ rosters: handedIn }, { rostersOwed: owed.length })
  },
  mustBeNothing: { rostersOwed: 'roster-missing' },
}

/** Who is on duty, by month and department (R61-R63). */
export const roster: Subject = {
  cases: [
    caseKind(definition, {
      needs,
      causes: { 'swap-shift': swapShift },
      parts: async ({ db, head }) => ({ shifts: await shiftsOf(db, head.id) }),
    }),
  ],
  routines,
  evidence: { roster: rosterFigures },
  settings: [holidayDuty],
  routes: rosterRoutes,
  agenda,
}

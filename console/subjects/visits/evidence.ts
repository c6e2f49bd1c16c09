import type { CaseHead } from '#api/models/cases'
import type { ReportTable } from '#api/models/duties'
import { say, worded } from '#api/words/text'
import { headOf } from '../../server/engine/cases/caseRows.ts'
import { caseOf, casesOf, choiceOf, openedIn, stateOf } from '../../server/engine/cases/casesIn.ts'
import type { Evidence, EvidenceLook } from '../../server/engine/chapter.ts'
import { didOf } from '../../server/engine/definition.ts'
import { type Count, columns, counted, table } from '../../server/engine/routines/evidence.ts'
import { returnVisit, satisfied, unsatisfied } from './definition.ts'
import { customerVisits, repairVisitRate } from './settings.ts'
import { toVisitIn } from './toVisit.ts'

const aboutAMonth = 27 * 86_400_000

/** What was completed in the stretch, and how much of it has been visited; visits of complaints and of customers besides. */
const count = async (look: EvidenceLook): Promise<Count> => {
  const { db, rules, stretch: s } = look
  const done = await toVisitIn(db, look, s)
  const visited = done.filter(r => r.visited)
  const rate = rules.number(repairVisitRate)
  const visits = await casesOf(db, returnVisit).where('ended_at', '>=', s.from).where('ended_at', '<', s.to).execute()
  const complaintVisits = (await openedIn(db, returnVisit, s)).filter(v => v.form.about === 'after-complaint')
  // Return visits do not count as customer visits, and a customer counts once (004 row 11).
  const customers = new Map(visits.filter(v => JSON.parse(v.form_json).about === 'visit').map(v => [v.tenant ?? v.place, v]))
  return counted(
    {
      completed: done.map(r => r.row),
      visited: visited.map(r => r.row),
      // T30: of the complaints that were to be visited, those that have been.
      complaintVisits,
      complaintVisitsOpen: complaintVisits.filter(v => Object.keys(v.facts).length === 0),
      customers: [...customers.values()],
    },
    {
      ...(done.length > 0 ? { percent: Math.floor((visited.length * 100) / done.length) } : {}),
      owed: rate === null ? 0 : Math.max(0, Math.ceil((done.length * rate) / 100) - visited.length),
      ...(s.to - s.from > aboutAMonth
        ? { customersOwed: Math.max(0, (rules.number(customerVisits) ?? 0) - customers.size) }
        : {}),
    },
  )
}

const wordsOf = ({ facts }: Pick<CaseHead, 'facts'>) => didOf(facts, satisfied)?.words ?? didOf(facts, unsatisfied)?.words ?? ''

const tables = async ({ db, directory, stretch }: EvidenceLook): Promise<ReportTable[]> => {
  const rows = await casesOf(db, returnVisit)
    .where('changed_at', '>=', stretch.from)
    .where('opened_at', '<', stretch.to)
    .orderBy('opened_at')
    .execute()
  const about = choiceOf(returnVisit, 'about')
  return table(
    say.report.visits,
    columns('number', 'kind', 'place', 'what', 'state', 'words'),
    rows
      .map(row => caseOf(returnVisit, headOf(row)))
      .map(h => [
        h.number,
        about(h.form.about),
        directory.placeName(h.place),
        worded(h.form.subject),
        stateOf(returnVisit, h),
        wordsOf(h),
      ]),
  )
}

export const visitFigures: Evidence = { count, tables, quotas: ['owed', 'customersOwed'] }

import type { Subject } from '../../server/desk/subject.ts'
import { caseKind } from '../../server/engine/chapter.ts'
import { appraised } from './appraised.ts'
import { returnVisit } from './definition.ts'
import { visitFigures } from './evidence.ts'
import { needs } from './needs.ts'
import { visitRoutes } from './routes.ts'
import { routines } from './routines.ts'
import { complaintVisitsBy, customerVisits, repairVisitRate, visitArchiveMonths } from './settings.ts'

/** Whether customers are satisfied: after complaints, after repairs, and of themselves (R32, R33). */
export const visits: Subject = {
  cases: [caseKind(returnVisit, { needs })],
  routines,
  evidence: { 'visit-figures': visitFigures },
  settings: [repairVisitRate, complaintVisitsBy, customerVisits, visitArchiveMonths],
  routes: visitRoutes,
  reactions: ({ engine }) => ({ appraised: (work, head, said) => appraised(work, engine, head, said) }),
}

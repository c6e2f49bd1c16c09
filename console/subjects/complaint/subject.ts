import type { Subject } from '../../server/desk/subject.ts'
import { caseKind } from '../../server/engine/chapter.ts'
import { causes } from './causes.ts'
import { corrective } from './correctiveDefinition.ts'
import { complaint as definition } from './definition.ts'
import { complaintFigures } from './evidence.ts'
import { needs, statementNeeds } from './needs.ts'
import { routines } from './routines.ts'
import * as settings from './settings.ts'
import { statement } from './statementDefinition.ts'

/** What a customer is not satisfied with, until he is answered and visited; with its statements and corrective reports (R23-R31). */
export const complaint: Subject = {
  cases: [caseKind(definition, { needs, causes }), caseKind(statement, { needs: statementNeeds }), caseKind(corrective, {})],
  routines,
  evidence: { 'complaint-figures': complaintFigures },
  settings: Object.values(settings),
}

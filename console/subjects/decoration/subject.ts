import type { Subject } from '../../server/desk/subject.ts'
import { caseKind } from '../../server/engine/chapter.ts'
import { decoration as definition } from './definition.ts'

/** Decoration, from the application to the papers (R55). */
export const decoration: Subject = { cases: [caseKind(definition, {})] }

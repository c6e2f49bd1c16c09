import type { Subject } from '../../server/desk/subject.ts'
import { caseKind } from '../../server/engine/chapter.ts'
import { moveIn as definition } from './definition.ts'
import { formsBeforeEntry } from './settings.ts'

/** Moving in (R10-R12, R15). */
export const moveIn: Subject = { cases: [caseKind(definition, {})], settings: [formsBeforeEntry] }

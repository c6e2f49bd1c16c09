import type { Subject } from '../../server/desk/subject.ts'
import { caseKind } from '../../server/engine/chapter.ts'
import { moveOut as definition } from './definition.ts'
import { moveOutDays } from './settings.ts'

/** Moving out (R16). */
export const moveOut: Subject = { cases: [caseKind(definition, {})], settings: [moveOutDays] }

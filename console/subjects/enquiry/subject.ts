import type { Subject } from '../../server/desk/subject.ts'
import { caseKind } from '../../server/engine/chapter.ts'
import { enquiry as definition } from './definition.ts'
import { opinions } from './evidence.ts'
import { routines } from './routines.ts'

/** What somebody asks or wishes and does not get an answer to at once (R3, R5, R6, R9). */
export const enquiry: Subject = { cases: [caseKind(definition, {})], routines, evidence: { opinions } }

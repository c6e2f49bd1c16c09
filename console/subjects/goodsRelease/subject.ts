import type { Subject } from '../../server/desk/subject.ts'
import { caseKind } from '../../server/engine/chapter.ts'
import { goodsRelease as definition } from './definition.ts'
import { needs } from './needs.ts'

/** Goods that leave the house (R56). */
export const goodsRelease: Subject = { cases: [caseKind(definition, { needs })] }

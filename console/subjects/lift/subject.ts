import type { Subject } from '../../server/desk/subject.ts'
import { caseKind } from '../../server/engine/chapter.ts'
import { goodsLift, liftKind } from './definition.ts'
import { needs } from './needs.ts'
import { settings } from './settings.ts'

/** The goods lift, for goods (R43) and for who moves in or out (R13). */
export const lift: Subject = { cases: [caseKind(goodsLift, { needs })], things: [liftKind], settings }

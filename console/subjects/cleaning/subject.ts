import type { Subject } from '../../server/desk/subject.ts'
import { caseKind } from '../../server/engine/chapter.ts'
import { causes } from './causes.ts'
import { regularCleaning, specialCleaning } from './definition.ts'
import { chargeMonths } from './monthly.ts'

/** Offices cleaned for money: regularly by agreement (R39), and when it is asked for (R40). */
export const cleaning: Subject = {
  cases: [caseKind(regularCleaning, { causes }), caseKind(specialCleaning, {})],
  chores: desk => [{ what: 'months of regular cleaning', act: () => chargeMonths(desk, desk.wall()) }],
}

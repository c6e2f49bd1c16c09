import type { Subject } from '../../server/desk/subject.ts'
import { caseKind } from '../../server/engine/chapter.ts'
import { orderFor } from './alarmOrders.ts'
import { causes } from './causes.ts'
import { repair as definition } from './definition.ts'
import { repairFigures } from './evidence.ts'
import { needs } from './needs.ts'
import { repairRecord } from './register.ts'
import { routines } from './routines.ts'
import { handoverBanSerious, handoverBanUrgent, repairRecordKept, repairVisitsWithOvertime, urgentResponse } from './settings.ts'

/** Repair orders, from wherever they come: customers, rounds, alarms, booked air (R45-R48). */
export const repair: Subject = {
  cases: [caseKind(definition, { needs, causes })],
  registers: [repairRecord],
  routines,
  evidence: { 'repair-figures': repairFigures },
  settings: [urgentResponse, repairVisitsWithOvertime, handoverBanSerious, handoverBanUrgent, repairRecordKept],
  reactions: ({ engine }) => ({ raised: (work, alarm) => orderFor(work, engine, alarm) }),
}

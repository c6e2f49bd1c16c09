import type { Subject } from '../server/desk/subject.ts'
import { alarms } from './alarms/subject.ts'
import { calendarWork } from './calendarWork/subject.ts'
import { calls } from './calls/subject.ts'
import { cleaning } from './cleaning/subject.ts'
import { complaint } from './complaint/subject.ts'
import { contractors } from './contractors/subject.ts'
import { decoration } from './decoration/subject.ts'
import { documents } from './documents/subject.ts'
import { dutyRecord } from './dutyRecord/subject.ts'
import { emergency } from './emergency/subject.ts'
import { enquiry } from './enquiry/subject.ts'
import { gatehouse } from './gatehouse/subject.ts'
import { goodsRelease } from './goodsRelease/subject.ts'
import { handover } from './handover/subject.ts'
import { keys } from './keys/subject.ts'
import { leaflets } from './leaflets/subject.ts'
import { lift } from './lift/subject.ts'
import { mail } from './mail/subject.ts'
import { monthEnd } from './monthEnd/subject.ts'
import { moveIn } from './moveIn/subject.ts'
import { moveOut } from './moveOut/subject.ts'
import { occupancy } from './occupancy/subject.ts'
import { overrides } from './overrides/subject.ts'
import { overtime } from './overtime/subject.ts'
import { postChecks } from './postChecks/subject.ts'
import { priceList } from './priceList/subject.ts'
import { repair } from './repair/subject.ts'
import { roster } from './roster/subject.ts'
import { rounds } from './rounds/subject.ts'
import { selfService } from './selfService/subject.ts'
import { visits } from './visits/subject.ts'

/** Everything that people do at this desk, in the order in which it is listed. A new procedure is its folder and a line here. */
export const subjects: readonly Subject[] = [
  emergency,
  alarms,
  overtime,
  repair,
  complaint,
  enquiry,
  visits,
  handover,
  overrides,
  roster,
  postChecks,
  calls,
  priceList,
  cleaning,
  monthEnd,
  moveIn,
  moveOut,
  occupancy,
  decoration,
  lift,
  gatehouse,
  selfService,
  goodsRelease,
  mail,
  keys,
  leaflets,
  dutyRecord,
  rounds,
  contractors,
  documents,
  calendarWork,
]

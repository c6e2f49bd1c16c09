import type { Subject } from '../server/desk/subject.ts'
import { alarms } from './alarms/subject.ts'
import { calendarWork } from './calendarWork/subject.ts'
import { calls } from './calls/subject.ts'
import { complaint } from './complaint/subject.ts'
import { dutyRecord } from './dutyRecord/subject.ts'
import { emergency } from './emergency/subject.ts'
import { enquiry } from './enquiry/subject.ts'
import { handover } from './handover/subject.ts'
import { overrides } from './overrides/subject.ts'
import { overtime } from './overtime/subject.ts'
import { postChecks } from './postChecks/subject.ts'
import { repair } from './repair/subject.ts'
import { roster } from './roster/subject.ts'
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
  dutyRecord,
  calendarWork,
]

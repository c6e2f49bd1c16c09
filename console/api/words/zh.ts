import { alarmsWords } from './zh/alarms.ts'
import { auditWords } from './zh/audit.ts'
import { building } from './zh/building.ts'
import { demoWords } from './zh/demo.ts'
import { emergencyWords } from './zh/emergency.ts'
import { frame } from './zh/frame.ts'
import { gateWords } from './zh/gate.ts'
import { masterWords } from './zh/master.ts'
import { ownAirWords } from './zh/ownAir.ts'
import { selfServiceWords } from './zh/selfService.ts'
import { serviceDesk } from './zh/serviceDesk.ts'
import { staffWords } from './zh/staff.ts'

/** Chinese is the source; English must have the same shape or the build fails. */
export const zh = {
  ...frame,
  ...building,
  ...alarmsWords,
  ...emergencyWords,
  ...serviceDesk,
  ...ownAirWords,
  ...selfServiceWords,
  ...demoWords,
  ...staffWords,
  ...gateWords,
  ...masterWords,
  ...auditWords,
}

/** The shape of a part of the dictionary, with any text in its places. */
export type Part<T> = T extends (...args: infer A) => string
  ? (...args: A) => string
  : T extends string
    ? string
    : T extends string[]
      ? string[]
      : { [K in keyof T]: Part<T[K]> }
export type Messages = Part<typeof zh>

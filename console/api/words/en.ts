import { alarmsWords } from './en/alarms.ts'
import { auditWords } from './en/audit.ts'
import { building } from './en/building.ts'
import { demoWords } from './en/demo.ts'
import { emergencyWords } from './en/emergency.ts'
import { frame } from './en/frame.ts'
import { gateWords } from './en/gate.ts'
import { masterWords } from './en/master.ts'
import { ownAirWords } from './en/ownAir.ts'
import { selfServiceWords } from './en/selfService.ts'
import { serviceDesk } from './en/serviceDesk.ts'
import { staffWords } from './en/staff.ts'
import type { Messages } from './zh.ts'

export const en: Messages = {
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

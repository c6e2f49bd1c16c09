import { z } from 'zod'
import { setting } from '../../server/site/settings.ts'

export const overtimeStartLimit = setting({
  key: 'overtime-start-limit',
  name: { zh: '超时空调启动时限', en: 'Overtime air confirmed to run within' },
  source: 'R41, C40',
  unit: 'min',
  schema: z.number().int().min(1).max(240),
  default: 10,
})
export const overtimeSignReminder = setting({
  key: 'overtime-sign-reminder',
  name: { zh: '超时空调未签字，开始前多久提醒', en: 'Overtime air not signed: reminded before its start' },
  source: 'R41, C40',
  unit: 'min',
  schema: z.number().int().min(1).max(1440),
  default: 60,
})
export const overtimeSignedLater = setting({
  key: 'overtime-signed-later',
  name: { zh: '超时空调可先延长、后补签字', en: 'Overtime air may be made longer before it is signed' },
  source: 'R41, C40',
  unit: 'flag',
  schema: z.boolean(),
  default: false,
})

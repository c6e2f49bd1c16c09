import { z } from 'zod'
import { setting } from '../../server/site/settings.ts'
import { shareKeys } from './arithmetic/sharedAir.ts'

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
export const overtimeSharedAir = setting({
  key: 'overtime-shared-air',
  name: {
    zh: '两户同时用一台空调机组的超时空调',
    en: 'Overtime air of several tenants on one air handler at the same time',
  },
  source: 'R41, C40',
  unit: 'choice',
  schema: z.enum(shareKeys),
  choices: [
    { value: 'each', label: { zh: '各户照付', en: 'charged to each' } },
    { value: 'equal', label: { zh: '按户均分', en: 'shared equally' } },
    { value: 'area', label: { zh: '按面积分摊', en: 'shared by area' } },
    {
      value: 'load',
      label: { zh: '按额定冷量分摊（有区域未填时按面积）', en: 'shared by rated load (by area where a zone has none)' },
    },
  ],
  default: 'each',
})
export const overtimeByLink = setting({
  key: 'overtime-by-link',
  name: {
    zh: '客户可用自己的链接申请、延长、停止超时空调',
    en: 'Customers book, extend and stop overtime air by their own links',
  },
  source: 'R41, C40',
  unit: 'flag',
  schema: z.boolean(),
  default: true,
})
export const overtimeSignedLater = setting({
  key: 'overtime-signed-later',
  name: { zh: '超时空调可先延长、后补签字', en: 'Overtime air may be made longer before it is signed' },
  source: 'R41, C40',
  unit: 'flag',
  schema: z.boolean(),
  default: false,
})

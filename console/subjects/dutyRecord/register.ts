import type { Role } from '#api/rights'
import { anyContact, anyPhone, anyPlace, matterField, optional, outcome, timeField } from '../../server/engine/fields.ts'
import type { Register } from '../../server/engine/registers/register.ts'
import { recordCheckShare } from './settings.ts'

const everyDesk: readonly Role[] = ['operator', 'guard', 'front-desk', 'supervisor', 'engineer', 'manager', 'general-manager']

export const dutyRecord: Register = {
  id: 'duty-record',
  prefix: 'ZB',
  name: { zh: '值班记录表', en: 'Duty record' },
  source: 'R47, R62, R64 (004 P3-1.7; 2c 1; 004 row 1)',
  // R47: when the service was given; 2c 1.3: from when to when the duty was.
  fields: [
    matterField({ zh: '情况', en: 'Situation' }),
    anyPlace,
    anyContact,
    anyPhone,
    optional(timeField('serviceAt', { zh: '服务时间', en: 'Served at' })),
    optional(timeField('from', { zh: '值班开始', en: 'Duty from' })),
    optional(timeField('to', { zh: '值班结束', en: 'Duty to' })),
    outcome,
  ],
  writes: everyDesk,
  sees: everyDesk,
  reads: ['supervisor', 'manager', 'general-manager'],
  checks: ['manager', 'general-manager'],
  checkShare: recordCheckShare,
}

import type { Role } from '#api/rights'
import {
  anyContact,
  anyPhone,
  anyPlace,
  choiceField,
  longField,
  matterField,
  optional,
  outcome,
  timeField,
} from '../../server/engine/fields.ts'
import type { Register } from '../../server/engine/registers/register.ts'
import { recordCheckShare } from './settings.ts'

const everyDesk: readonly Role[] = ['operator', 'guard', 'front-desk', 'supervisor', 'engineer', 'manager', 'general-manager']

/** The areas of a duty, as 2c 1 names them. */
const areas = {
  managed: { zh: '管理区域', en: 'Managed area' },
  public: { zh: '公共区域', en: 'Public areas' },
  sales: { zh: '售楼处', en: 'Sales office' },
  bank: { zh: '银行', en: 'Bank' },
  club: { zh: '会所', en: 'Club' },
  greening: { zh: '绿化', en: 'Greening' },
} as const
export const areaKeys = Object.keys(areas)
const found = { good: { zh: '正常', en: 'in order' }, bad: { zh: '有问题', en: 'something is wrong' } } as const

/** What whoever is on duty looks at, area by area, the effect lighting at its times among it: R62 (2c 1.4, 1.5). */
export const dutyRounds: Register = {
  id: 'duty-rounds',
  prefix: 'XC',
  name: { zh: '值班检查记录', en: 'Areas looked at on duty' },
  purpose: {
    zh: '按规定次数巡视各区域、试灯，发现的问题当场记',
    en: 'Rounds of the areas and the lamp test as often as is owed; what is found is written on the spot',
  },
  source: 'R62 (2c 1)',
  fields: [
    choiceField('area', { zh: '区域', en: 'Area' }, areas),
    choiceField('state', { zh: '状况、卫生', en: 'State and hygiene' }, found),
    choiceField('staff', { zh: '人员工作、纪律', en: 'Staff at work, discipline' }, found),
    choiceField(
      'lamps',
      { zh: '效果照明灯具开关', en: 'Effect lighting' },
      {
        on: { zh: '按时开', en: 'on at its time' },
        off: { zh: '按时关', en: 'off at its time' },
        wrong: { zh: '不按时，已处理', en: 'not at its time, seen to' },
        none: { zh: '此处没有', en: 'none here' },
      },
    ),
    optional(longField('matter', { zh: '问题与处理', en: 'What was wrong and done' }, 300)),
  ],
  about: 'area',
  writes: everyDesk,
  sees: everyDesk,
  reads: [],
  checks: [],
}

export const dutyRecord: Register = {
  id: 'duty-record',
  prefix: 'ZB',
  name: { zh: '值班记录表', en: 'Duty record' },
  purpose: {
    zh: '当班发生的事、处理和结果按时间记，主管阅后签字，抽查',
    en: 'What happened on the shift, what was done and what came of it, by time; read and signed by the supervisor, and spot-checked',
  },
  source: 'R47, R62, R64 (004 P3-1.7; 2c 1; 004 row 1)',
  ofDuty: true,
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

import type { Role } from '#api/rights'
import type { Words } from '#contract/names'
import type { Field } from '../server/engine/definition.ts'
import { address, choiceField, contact, longField, optional, phone, textField, timeField } from '../server/engine/fields.ts'

/** Something to write down and find again (design §6). An entry is never changed: a correction is a new entry. */
export type Register = {
  id: string
  /** Prefix of its numbers. */
  prefix: string
  name: Words
  source: string
  fields: readonly Field[]
  writes: readonly Role[]
  sees: readonly Role[]
  /** Who signs that he has read an entry; nobody for registers that are only kept. */
  reads: readonly Role[]
  /** Who checks a share of it each month (R64). */
  checks: readonly Role[]
}

const everyDesk: readonly Role[] = ['operator', 'guard', 'front-desk', 'supervisor', 'engineer', 'manager', 'general-manager']
const matter = (zh: string, en: string) => longField('matter', { zh, en })
/** T1, T2: within the site's number of rings, or not (C7). */
const answered = choiceField(
  'answer',
  { zh: '接听', en: 'Answered' },
  {
    'in-time': { zh: '按时接听', en: 'In time' },
    late: { zh: '超过铃声', en: 'After too many rings' },
    missed: { zh: '未接', en: 'Missed' },
  },
)
const outcome = optional(textField('outcome', { zh: '结果、去向', en: 'Result, passed on to' }, 500))
const company = optional(textField('company', { zh: '单位', en: 'Company' }))
const anyContact = optional(contact)
const anyPhone = optional(phone)
const anyPlace: Field = optional({ ...address, key: 'place', label: { zh: '房号、位置', en: 'Unit, place' } })

export const registers: readonly Register[] = [
  {
    id: 'phone-record',
    prefix: 'DH',
    name: { zh: '电话记录表', en: 'Phone record' },
    source: 'R4, R5 (000 §4.5.4.2)',
    fields: [anyPhone, optional(answered), anyContact, company, anyPlace, matter('来电内容', 'What the call is about'), outcome],
    writes: everyDesk,
    sees: everyDesk,
    reads: [],
    checks: [],
  },
  {
    id: 'visit-register',
    prefix: 'LF',
    name: { zh: '来访登记表', en: 'Visit register' },
    source: 'R6 (000 §4.5.4.3)',
    fields: [contact, company, anyPhone, anyPlace, matter('来访事由', 'What the visit is about'), outcome],
    writes: everyDesk,
    sees: everyDesk,
    reads: [],
    checks: [],
  },
  {
    id: 'three-arrivals',
    prefix: 'SL',
    name: { zh: '三来登记本', en: 'Register of visits, letters and calls' },
    source: 'R3 (001 §4)',
    fields: [
      choiceField(
        'way',
        { zh: '来信、来访、来电', en: 'Letter, visit or call' },
        { letter: { zh: '来信', en: 'Letter' }, visit: { zh: '来访', en: 'Visit' }, call: { zh: '来电', en: 'Call' } },
      ),
      contact,
      anyPhone,
      anyPlace,
      matter('事项', 'Matter'),
      optional(timeField('promised', { zh: '告知的预计解决时间', en: 'Time of solution that was told' })),
      outcome,
    ],
    writes: everyDesk,
    sees: everyDesk,
    reads: [],
    checks: [],
  },
  {
    id: 'duty-record',
    prefix: 'ZB',
    name: { zh: '值班记录表', en: 'Duty record' },
    source: 'R47, R62, R64 (004 P3-1.7; 2c 1; 004 row 1)',
    // R47: when the service was given; 2c 1.3: from when to when the duty was.
    fields: [
      matter('情况', 'Situation'),
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
  },
]

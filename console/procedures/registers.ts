import { z } from 'zod'
import { instant } from '#api/instant'
import type { Role } from '#api/rights'
import type { Words } from '#contract/names'
import type { Field } from './definition.ts'
import { contact, phone } from './fields.ts'

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
}

const desk: readonly Role[] = ['front-desk', 'supervisor', 'manager']
const everyDesk: readonly Role[] = ['operator', 'guard', 'front-desk', 'supervisor', 'engineer', 'manager']
const text = (key: string, zh: string, en: string, max = 60): Field => ({
  key,
  label: { zh, en },
  kind: 'text',
  schema: z.string().trim().max(max).optional(),
})
const what = (zh: string, en: string): Field => ({
  key: 'matter',
  label: { zh, en },
  kind: 'long',
  schema: z.string().trim().min(1).max(1000),
})
const outcome = text('outcome', '结果、去向', 'Result, passed on to', 500)
const company = text('company', '单位', 'Company')
const anyPhone: Field = { ...phone, schema: z.string().trim().max(40).optional() }
const anyPlace: Field = {
  key: 'place',
  label: { zh: '房号、位置', en: 'Unit, place' },
  kind: 'unit',
  schema: z.string().max(60).optional(),
}

export const registers: readonly Register[] = [
  {
    id: 'phone-record',
    prefix: 'DH',
    name: { zh: '电话记录表', en: 'Phone record' },
    source: 'R4, R5 (000 §4.5.4.2)',
    fields: [
      anyPhone,
      { ...contact, schema: z.string().trim().max(60).optional() },
      company,
      anyPlace,
      what('来电内容', 'What the call is about'),
      outcome,
    ],
    writes: everyDesk,
    sees: everyDesk,
    reads: [],
  },
  {
    id: 'visit-register',
    prefix: 'LF',
    name: { zh: '来访登记表', en: 'Visit register' },
    source: 'R6 (000 §4.5.4.3)',
    fields: [contact, company, anyPhone, anyPlace, what('来访事由', 'What the visit is about'), outcome],
    writes: everyDesk,
    sees: everyDesk,
    reads: [],
  },
  {
    id: 'three-arrivals',
    prefix: 'SL',
    name: { zh: '三来登记本', en: 'Register of visits, letters and calls' },
    source: 'R3 (001 §4)',
    fields: [
      {
        key: 'way',
        label: { zh: '来信、来访、来电', en: 'Letter, visit or call' },
        kind: 'choice',
        schema: z.enum(['letter', 'visit', 'call']),
        choices: [
          { value: 'letter', label: { zh: '来信', en: 'Letter' } },
          { value: 'visit', label: { zh: '来访', en: 'Visit' } },
          { value: 'call', label: { zh: '来电', en: 'Call' } },
        ],
      },
      contact,
      anyPhone,
      anyPlace,
      what('事项', 'Matter'),
      {
        key: 'promised',
        label: { zh: '告知的预计解决时间', en: 'Time of solution that was told' },
        kind: 'time',
        schema: instant.optional(),
      },
      outcome,
    ],
    writes: everyDesk,
    sees: everyDesk,
    reads: [],
  },
  {
    id: 'duty-record',
    prefix: 'ZB',
    name: { zh: '值班记录表', en: 'Duty record' },
    source: 'R47, R62, R64 (004 P3-1.7; 2c 1; 004 row 1)',
    fields: [
      what('情况', 'Situation'),
      anyPlace,
      { ...contact, schema: z.string().trim().max(60).optional() },
      anyPhone,
      outcome,
    ],
    writes: everyDesk,
    sees: everyDesk,
    reads: desk,
  },
]

import { z } from 'zod'
import { departments } from '#api/departments'
import { instant } from '#api/instant'
import type { Words } from '#contract/names'
import type { Field } from './definition.ts'

const said = z.string().trim().min(1)

// ---- kinds of fields

/** One of several values; the first argument is the key under which it is kept. */
export const choiceField = (key: string, label: Words, values: Record<string, Words>): Field => ({
  key,
  label,
  kind: 'choice',
  schema: z.enum(Object.keys(values) as [string, ...string[]]),
  choices: Object.entries(values).map(([value, words]) => ({ value, label: words })),
})
export const longField = (key: string, label: Words, most = 1000): Field => ({ key, label, kind: 'long', schema: said.max(most) })
export const flagField = (key: string, label: Words): Field => ({
  key,
  label,
  kind: 'flag',
  schema: z.boolean().default(false),
})
export const textField = (key: string, label: Words, most = 60): Field => ({ key, label, kind: 'text', schema: said.max(most) })
/** Somebody by name: people of the site are proposed, others can be written. */
export const personField = (key: string, label: Words): Field => ({ ...textField(key, label), kind: 'person' })
export const dateField = (key: string, label: Words): Field => ({ key, label, kind: 'date', schema: z.iso.date() })
export const timeField = (key: string, label: Words): Field => ({ key, label, kind: 'time', schema: instant })

/** The same field where the console itself may have written it: in both languages, each reader is given his own. */
export const orWorded = (f: Field): Field => ({
  ...f,
  schema: z.union([f.schema, z.strictObject({ zh: said.max(1000), en: said.max(1000) })]),
})

/** The same field where nothing needs to be said. */
export const optional = (f: Field): Field => ({ ...f, schema: f.schema.optional() })

// ---- fields that many procedures ask for
export const reason = textField('reason', { zh: '原因', en: 'Reason' }, 500)
/** A signature inside the house: the name of whoever is signed in, set by the console. */
export const ownSignature: Field = { ...textField('signature', { zh: '签名', en: 'Signature' }), signs: 'doer' }
/** A customer's, typed for him by the desk. */
export const signature: Field = { ...textField('signature', { zh: '签名', en: 'Signature' }), signs: 'customer' }
export const result = longField('result', { zh: '处理结果', en: 'Result' })
export const handler = personField('handler', { zh: '经办人', en: 'Handled by' })
export const department = choiceField('department', { zh: '责任部门', en: 'Department' }, departments)

/** R24 (8), R45: said to the manager. */
export const unsolved: Words = { zh: '解决不了，请协调', en: 'cannot be solved here: please arrange' }

export const address: Field = { key: 'address', label: { zh: '客户地址', en: 'Address' }, kind: 'unit', schema: said.max(60) }
export const contact = textField('contact', { zh: '联系人', en: 'Contact' })
export const phone: Field = { key: 'phone', label: { zh: '联系电话', en: 'Phone' }, kind: 'phone', schema: said.max(40) }
/** R3: a customer who cannot be helped at once is told when he will be. */
export const promised = optional(timeField('promised', { zh: '答应客户的时间', en: 'Promised to the customer for' }))

import { z } from 'zod'
import { departments } from '#api/departments'
import { drawing } from '#api/drawing'
import { instant, month } from '#api/instant'
import { isText, type Text } from '#api/words/text'
import type { Words } from '#contract/names'
import type { PointRole } from '#contract/pointRoles'
import type { Field } from './field.ts'
import { labels } from './labels.ts'

const said = z.string().trim().min(1)
const worded = z.custom<Text>(v => typeof v === 'object' && isText(v, 1000))

// ---- kinds of fields

/** One of several values; the first argument is the key under which it is kept. */
export const choiceField = <const K extends string, const V extends string>(
  key: K,
  label: Words,
  values: Readonly<Record<V, Words>>,
) => ({
  key,
  label,
  kind: 'choice' as const,
  schema: z.enum(Object.keys(values) as [V, ...V[]]),
  choices: Object.entries<Words>(values).map(([value, words]) => ({ value, label: words })),
})
export const longField = <const K extends string>(key: K, label: Words, most = 1000) => ({
  key,
  label,
  kind: 'long' as const,
  schema: said.max(most),
})
export const flagField = <const K extends string>(key: K, label: Words) => ({
  key,
  label,
  kind: 'flag' as const,
  schema: z.boolean().default(false),
})
export const textField = <const K extends string>(key: K, label: Words, most = 60) => ({
  key,
  label,
  kind: 'text' as const,
  schema: said.max(most),
})
/** Somebody by name: people of the site are proposed, others can be written. */
export const personField = <const K extends string>(key: K, label: Words) => ({
  ...textField(key, label),
  kind: 'person' as const,
})
export const dateField = <const K extends string>(key: K, label: Words) => ({
  key,
  label,
  kind: 'date' as const,
  schema: z.iso.date(),
})
/** Integer fen (1/100 yuan), typed and shown in yuan; not below nothing. */
export const moneyField = <const K extends string>(key: K, label: Words) => ({
  key,
  label,
  kind: 'money' as const,
  schema: z.number().int().min(0).max(100_000_000_00),
})
/** One of the site's own things of a kind, by its id. */
export const thingField = <const K extends string>(key: K, label: Words, things: string) => ({
  key,
  label,
  kind: 'thing' as const,
  things,
  schema: said.max(40),
})
/** An open case of a procedure, by its number. */
export const caseField = <const K extends string>(key: K, label: Words, procedure: string) => ({
  key,
  label,
  kind: 'case' as const,
  things: procedure,
  schema: said.max(40),
})
/** A device of the site that has a point of this role, such as a door that can be locked. */
export const deviceField = <const K extends string>(key: K, label: Words, role: PointRole) => ({
  key,
  label,
  kind: 'device' as const,
  role,
  schema: said.max(40),
})
export const monthField = <const K extends string>(key: K, label: Words) => ({
  key,
  label,
  kind: 'month' as const,
  schema: month,
})
export const timeField = <const K extends string>(key: K, label: Words) => ({
  key,
  label,
  kind: 'time' as const,
  schema: instant,
})

/** The same field where the console itself may have written it: each reader is given it in his language. */
export const orWorded = <const F extends Field>(f: F) => ({ ...f, schema: z.union([f.schema as F['schema'], worded]) })

/** The same field, changed by steps alone. */
export const byStep = <const F extends Field>(f: F) => ({ ...f, byStep: true as const })

/** The same field with what is often said in it. */
export const withPhrases = <const F extends Field>(f: F, ...phrases: readonly Words[]) => ({ ...f, phrases })

/** The same field where nothing needs to be said. */
export const optional = <const F extends Field>(f: F) => ({ ...f, schema: (f.schema as F['schema']).optional() })

/** What a double is ended by: the state that it ends in, and the step. */
export const doubleEnded = { name: { zh: '已并入另一单', en: 'Merged into another' }, ends: true } as const
export const mergeStep = <const P extends string>(procedure: P) =>
  ({
    verb: 'merge',
    label: { zh: '同一件事，并入另一单', en: 'The same matter: merge into another' },
    to: 'merged',
    by: ['front-desk', 'supervisor'],
    asks: [caseField('into', { zh: '并入哪一单', en: 'Into which' }, procedure)],
    causes: [{ merges: 'into' }],
  }) as const

// ---- fields that many procedures ask for
export const reason = textField('reason', { zh: '原因', en: 'Reason' }, 500)
/** What a row of a case is: given by its definition in every language, or written by somebody. */
export const lineItem = (most: number) => orWorded(textField('item', { zh: '内容', en: 'Item' }, most))
/** A signature inside the house: the name of whoever is signed in, set by the console. */
export const ownSignature = { ...textField('signature', labels.signature), signs: 'doer' as const }
/** A customer's, typed for him by the desk. */
export const signature = { ...textField('signature', labels.signature), signs: 'customer' as const, personal: true as const }
/** The same in his own hand: drawn on a screen, or scanned (design §6). */
export const drawn = {
  key: 'drawn',
  label: { zh: '手写签名', en: 'In his own hand' },
  kind: 'drawing',
  schema: drawing.optional(),
  personal: true,
} as const satisfies Field
/** A customer signs: his name, and his hand where he is there to give it. */
export const customerSigns = [signature, drawn] as const
export const result = longField('result', { zh: '处理结果', en: 'Result' })
export const handler = personField('handler', { zh: '经办人', en: 'Handled by' })
export const department = choiceField('department', { zh: '责任部门', en: 'Department' }, departments)

/** R24 (8), R45: said to the manager. */
export const unsolved: Words = { zh: '解决不了，请协调', en: 'cannot be solved here: please arrange' }

export const address = {
  key: 'address',
  label: { zh: '客户地址', en: 'Address' },
  kind: 'unit',
  schema: said.max(60),
} as const satisfies Field
export const contact = { ...textField('contact', { zh: '联系人', en: 'Contact' }), personal: true as const }
export const phone = {
  key: 'phone',
  label: { zh: '联系电话', en: 'Phone' },
  kind: 'phone',
  schema: said.max(40),
} as const satisfies Field
/** R3: a customer who cannot be helped at once is told when he will be. */
export const promised = optional(timeField('promised', { zh: '答应客户的时间', en: 'Promised to the customer for' }))

// ---- fields that many registers ask for: most of it need not be known
export const matterField = (label: Words) => longField('matter', label)
export const outcome = optional(textField('outcome', { zh: '结果、去向', en: 'Result, passed on to' }, 500))
export const company = optional(textField('company', { zh: '单位', en: 'Company' }))
export const anyContact = optional(contact)
export const anyPhone = optional(phone)
export const anyPlace = optional({ ...address, key: 'place', label: { zh: '房号、位置', en: 'Unit, place' } })

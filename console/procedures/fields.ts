import { z } from 'zod'
import { instant } from '#api/instant'
import type { Field } from './definition.ts'

const said = z.string().trim().min(1)

/** Fields that many procedures ask for. */
export const reason: Field = { key: 'reason', label: { zh: '原因', en: 'Reason' }, kind: 'text', schema: said.max(500) }
export const signature: Field = {
  key: 'signature',
  label: { zh: '签名', en: 'Signature' },
  kind: 'text',
  schema: said.max(60),
}
export const result: Field = { key: 'result', label: { zh: '处理结果', en: 'Result' }, kind: 'long', schema: said.max(1000) }
export const handler: Field = { key: 'handler', label: { zh: '经办人', en: 'Handled by' }, kind: 'text', schema: said.max(60) }

export const address: Field = { key: 'address', label: { zh: '客户地址', en: 'Address' }, kind: 'unit', schema: said.max(60) }
export const contact: Field = { key: 'contact', label: { zh: '联系人', en: 'Contact' }, kind: 'text', schema: said.max(60) }
export const phone: Field = { key: 'phone', label: { zh: '联系电话', en: 'Phone' }, kind: 'phone', schema: said.max(40) }
/** R3: a customer who cannot be helped at once is told when he will be. */
export const promised: Field = {
  key: 'promised',
  label: { zh: '答应客户的时间', en: 'Promised to the customer for' },
  kind: 'time',
  schema: instant.optional(),
}

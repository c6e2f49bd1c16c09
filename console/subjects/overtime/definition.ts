import { z } from 'zod'
import { instant } from '#api/instant'
import { say } from '#api/words/text'
import { procedure } from '../../server/engine/definition.ts'
import type { CaseData, Field, FormOf } from '../../server/engine/field.ts'
import { contact, reason, signature } from '../../server/engine/fields.ts'
import type { Services } from '../../server/engine/services.ts'

const fields = [
  { key: 'zone', label: { zh: '区域', en: 'Zone' }, kind: 'unit', schema: z.string().min(1) },
  { key: 'from', label: { zh: '开启时间', en: 'On' }, kind: 'time', schema: instant },
  { key: 'to', label: { zh: '关闭时间', en: 'Off' }, kind: 'time', schema: instant },
  contact,
  { key: 'phone', label: { zh: '电话', en: 'Phone' }, kind: 'phone', schema: z.string().trim().max(40) },
  { key: 'rateFen', label: { zh: '单价', en: 'Rate' }, kind: 'text', schema: z.number().int().nonnegative().optional() },
  { key: 'quotedFen', label: { zh: '预计金额', en: 'Quoted' }, kind: 'text', schema: z.number().int().nonnegative() },
] as const satisfies readonly Field[]
const short = { zh: '超时', en: 'Overtime' }
export type Form = FormOf<typeof fields>
/** A booking that the customer has signed. */
export const signed = { verb: 'sign', asks: [signature] } as const

/** The order that engineering gets for a signed booking (R41: 《维修通知单》 sent to ENG). */
const orderForm = (of: CaseData<Pick<Form, 'contact' | 'phone' | 'from'>>): Services['work-order'] => ({
  address: of.place,
  content: say.overtime.orderText(of.number, of.words.place, of.words.times, of.words.tenant),
  contact: of.form.contact,
  phone: of.form.phone || '—',
  appointment: of.form.from,
  kind: 'booked-air',
})

/**
 * Overtime air conditioning: R41 (000 §4.9.2.1). On and off time stated, price told, customer accepts, form filled,
 * taken to the unit and signed, order to engineering, totals before month-end. No signature, no order.
 */
export const overtime = procedure(fields, {
  id: 'overtime',
  version: 2,
  prefix: 'OT',
  name: { zh: '超时空调', en: 'Overtime air conditioning' },
  list: { name: short, icon: 'clock' },
  call: { name: short, key: 'o' },
  source: 'R41 (000 §4.9.2.1)',
  about: 'contact',
  initial: 'quoted',
  opening: { needs: ['bookable'], causes: ['reserve'] },
  placeOf: form => form.zone,
  states: {
    quoted: { name: { zh: '已报价', en: 'Quoted' } },
    accepted: { name: { zh: '待签字', en: 'Awaiting signature' } },
    signed: { name: { zh: '已排', en: 'Booked' }, rests: true },
    stopping: { name: { zh: '停止中', en: 'Stopping' }, rests: true },
    finished: { name: { zh: '已毕', en: 'Finished' }, ends: true },
    cancelled: { name: { zh: '已取消', en: 'Cancelled' }, ends: true },
  },
  path: ['quoted', 'accepted', 'signed', 'finished'],
  transitions: [
    {
      verb: 'accept',
      label: { zh: '客户认可价格', en: 'Customer accepts the price' },
      from: ['quoted'],
      to: 'accepted',
      by: ['front-desk', 'supervisor'],
      needs: ['not-over', 'price-as-told'],
    },
    {
      ...signed,
      label: { zh: '客户签字', en: 'Customer signs' },
      from: ['accepted'],
      to: 'signed',
      by: ['front-desk', 'supervisor'],
      needs: ['not-over', 'price-as-told'],
      causes: ['publish-programme', { asksFor: 'work-order', relation: 'order', form: orderForm }],
    },
    {
      verb: 'cancel',
      label: { zh: '取消预约', en: 'Cancel' },
      from: ['quoted', 'accepted'],
      to: 'cancelled',
      by: ['front-desk', 'supervisor'],
      asks: [reason],
      causes: ['unreserve'],
    },
    {
      verb: 'withdraw',
      label: { zh: '撤销', en: 'Withdraw' },
      from: ['signed'],
      to: 'cancelled',
      by: ['front-desk', 'supervisor'],
      needs: ['not-started'],
      asks: [reason],
      causes: ['unreserve', 'publish-programme', { acts: 'void', on: 'order' }],
    },
    // He has what he chose: from here it is charged as if he had booked no longer.
    {
      verb: 'stop',
      label: { zh: '客户要求提前停止', en: 'Stopped early for the customer' },
      from: ['signed'],
      to: 'stopping',
      by: ['front-desk', 'supervisor', 'operator'],
      needs: ['under-way'],
      asks: [reason],
      causes: ['end-now', 'publish-programme'],
    },
    {
      verb: 'lapse',
      label: { zh: '到时未签，作废', en: 'Time over unsigned, lapsed' },
      from: ['quoted', 'accepted'],
      to: 'cancelled',
      by: ['system'],
      needs: ['interval-over'],
      causes: [
        'unreserve',
        {
          tells: ['front-desk', 'supervisor'],
          kind: 'lapsed',
          text: { zh: '到时未签字，预约作废', en: 'was never signed; its time is over and it has lapsed' },
        },
      ],
    },
    {
      verb: 'finish',
      label: { zh: '运行结束，计费', en: 'Run over, charge' },
      from: ['signed', 'stopping'],
      to: 'finished',
      by: ['system'],
      needs: ['interval-over'],
      causes: ['charge', 'publish-programme', { acts: 'close', on: 'order' }],
    },
  ],
  opens: ['front-desk', 'supervisor'],
  sees: ['operator', 'front-desk', 'supervisor', 'engineer', 'manager', 'general-manager', 'finance'],
  booksZones: true,
  printed: { zh: '超时空调申请表', en: 'Overtime air-conditioning application' },
})

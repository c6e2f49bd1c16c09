import { z } from 'zod'
import { instant } from '#api/instant'
import { say, together } from '#api/words/text'
import { procedure, staying } from '../../server/engine/definition.ts'
import type { CaseData, Field, FormOf } from '../../server/engine/field.ts'
import {
  byStep,
  choiceField,
  contact,
  customerSigns,
  dateField,
  flagField,
  optional,
  personField,
  reason,
} from '../../server/engine/fields.ts'
import type { Services } from '../../server/engine/services.ts'

const zoneId = z.string().min(1).max(40)
const on = { key: 'from', label: { zh: '开启时间', en: 'On' }, kind: 'time', schema: instant } as const
const off = { key: 'to', label: { zh: '关闭时间', en: 'Off' }, kind: 'time', schema: instant } as const
const fen = z.number().int().nonnegative()
const quoted = { key: 'quotedFen', label: { zh: '预计金额', en: 'Quoted' }, kind: 'money', schema: fen } as const
const weekdays = choiceField(
  'weekdays',
  { zh: '重复的星期', en: 'Repeated on' },
  {
    1: { zh: '周一', en: 'Mon' },
    2: { zh: '周二', en: 'Tue' },
    3: { zh: '周三', en: 'Wed' },
    4: { zh: '周四', en: 'Thu' },
    5: { zh: '周五', en: 'Fri' },
    6: { zh: '周六', en: 'Sat' },
    7: { zh: '周日', en: 'Sun' },
  },
)
const evening = dateField('evening', { zh: '哪一晚', en: 'Evening of' })
const until = dateField('until', { zh: '重复至', en: 'Repeated until' })

const fields = [
  { key: 'zone', label: { zh: '区域', en: 'Zone' }, kind: 'unit', schema: zoneId },
  { key: 'also', label: { zh: '同开区域', en: 'Zones beside it' }, kind: 'unit', schema: z.array(zoneId).max(39).optional() },
  on,
  off,
  { ...weekdays, schema: z.array(weekdays.schema).min(1).max(7).optional() },
  { ...until, schema: until.schema.optional() },
  {
    key: 'except',
    label: { zh: '不开的日期', en: 'But not on' },
    kind: 'date',
    schema: z.array(z.iso.date()).max(60).optional(),
  },
  contact,
  { key: 'phone', label: { zh: '电话', en: 'Phone' }, kind: 'phone', schema: z.string().trim().max(40) },
  { key: 'rateFen', label: { zh: '单价', en: 'Rate' }, kind: 'money', schema: fen.optional() },
  quoted,
  byStep(flagField('owes', { zh: '改时待补签', en: 'Change still to be signed' })),
] as const satisfies readonly Field[]
const short = { zh: '超时', en: 'Overtime' }
export type Form = FormOf<typeof fields>
/** It is of more than one evening. */
const repeats = { field: 'until', filled: true } as const
const once = { field: 'until', filled: false } as const
const owes = { field: 'owes', is: [true] } as const
const desk = ['front-desk', 'supervisor'] as const
const moved = { zh: '开关时间已改', en: 'has other hours now' }
/** A booking that the customer has signed. */
export const signed = { verb: 'sign', asks: customerSigns } as const

/** Whoever asked for more by telephone. */
const asker = personField('asker', { zh: '谁要求延长', en: 'Asked for by' })
const countersign = {
  verb: 'countersign',
  label: { zh: '客户补签', en: 'Customer signs the change' },
  by: desk,
  asks: customerSigns,
  sets: [{ field: 'owes', to: false }],
} as const
const stop = {
  verb: 'stop',
  label: { zh: '客户要求提前停止', en: 'Stopped early for the customer' },
  by: [...desk, 'operator'],
  needs: ['under-way'],
  asks: [reason],
  causes: ['end-now', 'publish-programme'],
} as const
const ownStop = {
  label: { zh: '客户自助提前停止', en: 'Stopped early by the customer' },
  by: ['customer'],
  needs: ['under-way'],
  causes: ['end-now', 'publish-programme'],
} as const
const finish = {
  verb: 'finish',
  label: { zh: '运行结束，计费', en: 'Run over, charge' },
  by: ['system'],
  needs: ['all-over'],
  causes: ['charge', 'publish-programme', { acts: 'close', on: 'order' }],
} as const

/** The order that engineering gets for a signed booking (R41: 《维修通知单》 sent to ENG). */
export const orderForm = (of: CaseData<Pick<Form, 'contact' | 'phone' | 'from' | 'also' | 'until'>>): Services['work-order'] => ({
  address: of.place,
  content: say.overtime.orderText(
    of.number,
    together(of.words.place, ...(of.form.also ?? []).flatMap(id => [say.marks.list, of.words.placeOf(id)])),
    together(of.words.times, ...(of.form.until === undefined ? [] : [' ', say.overtime.repeatedUntil(of.form.until)])),
    of.words.tenant,
  ),
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
  purpose: {
    zh: '客户申请下班后用空调：说明开关时间、报价、认可、填表签字，再发单给工程部；运行以回读为准，月底按实际运行计费',
    en: "Air outside the hours: times, price told and accepted, form signed, order to engineering; what is read back to run is charged at month's end",
  },
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
    unsigned: { name: { zh: '已毕，改时待补签', en: 'Over, change to be signed' }, main: 'countersign' },
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
      by: [...desk, 'customer'],
      needs: ['not-over', 'price-as-told'],
    },
    {
      ...signed,
      label: { zh: '客户签字', en: 'Customer signs' },
      from: ['accepted'],
      to: 'signed',
      by: [...desk, 'customer'],
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
    // Longer, shorter, earlier or later: the same form, signed again, and one bill.
    ...[
      { verb: 'change', when: once, asks: [optional(on), off, quoted, ...customerSigns], sets: ['from', 'to'] },
      { verb: 'change-evening', when: repeats, asks: [evening, optional(on), off, quoted, ...customerSigns], sets: [] },
    ].map(x => ({
      verb: x.verb,
      label: { zh: '改时间，客户签字', en: 'Other hours, signed' },
      from: ['signed'],
      to: 'signed',
      by: [...desk, 'customer'] as const,
      when: x.when,
      needs: ['changeable'],
      asks: x.asks,
      sets: [...x.sets, 'quotedFen', { field: 'owes', to: false }],
      causes: [
        'move',
        'retell-order',
        'publish-programme',
        { tells: ['engineer', 'operator'] as const, kind: 'moved', text: moved },
      ],
    })),
    // By telephone, at night: where the site allows it, the signature is brought in afterwards.
    ...[
      { verb: 'extend', when: once, asks: [off, quoted, asker], sets: ['to'] },
      { verb: 'extend-evening', when: repeats, asks: [evening, off, quoted, asker], sets: [] },
    ].map(x => ({
      verb: x.verb,
      label: { zh: '客户认可，延长，后补签字', en: 'Longer, accepted, to be signed later' },
      from: ['signed'],
      to: 'signed',
      by: desk,
      when: x.when,
      needs: ['signed-later', 'changeable'],
      asks: x.asks,
      sets: [...x.sets, 'quotedFen', { field: 'owes', to: true }],
      causes: [
        'move',
        'retell-order',
        'publish-programme',
        { tells: ['engineer', 'operator'] as const, kind: 'moved', text: moved },
      ],
    })),
    ...staying(['signed', 'stopping'], { ...countersign, when: owes }),
    { ...countersign, from: ['unsigned'], to: 'finished' },
    {
      verb: 'skip',
      label: { zh: '某一晚不开', en: 'Not on one evening' },
      from: ['signed'],
      to: 'signed',
      by: desk,
      when: repeats,
      needs: ['evening-ahead'],
      asks: [evening, reason],
      causes: ['skip-evening', 'publish-programme'],
    },
    {
      verb: 'curtail',
      label: { zh: '提前结束重复', en: 'Repeated no longer' },
      from: ['signed'],
      to: 'signed',
      by: desk,
      when: repeats,
      needs: ['sooner'],
      asks: [until, reason],
      sets: ['until'],
      causes: ['drop-later', 'publish-programme'],
    },
    {
      verb: 'stop-zone',
      label: { zh: '只停一个区域', en: 'One zone stopped early' },
      from: ['signed'],
      to: 'signed',
      by: [...desk, 'operator'],
      when: { field: 'also', filled: true },
      needs: ['under-way'],
      asks: [{ key: 'stopped', label: { zh: '区域', en: 'Zone' }, kind: 'unit', schema: zoneId }, reason],
      causes: ['end-zone', 'publish-programme'],
    },
    // He has what he chose: from here it is charged as if he had booked no longer.
    {
      ...stop,
      from: ['signed'],
      to: 'stopping',
      when: once,
    },
    { ...stop, verb: 'stop-evening', from: ['signed'], to: 'signed', when: repeats },
    // By himself, through his own link: nobody asks him why.
    { ...ownStop, verb: 'stop-own', from: ['signed'], to: 'stopping', when: once },
    { ...ownStop, verb: 'stop-own-evening', from: ['signed'], to: 'signed', when: repeats },
    {
      verb: 'withdraw-own',
      label: { zh: '客户自助撤销', en: 'Withdrawn by the customer' },
      from: ['signed'],
      to: 'cancelled',
      by: ['customer'],
      needs: ['not-started'],
      causes: ['unreserve', 'publish-programme', { acts: 'void', on: 'order' }],
    },
    {
      verb: 'lapse',
      label: { zh: '到时未签，作废', en: 'Time over unsigned, lapsed' },
      from: ['quoted', 'accepted'],
      to: 'cancelled',
      by: ['system'],
      needs: ['first-over'],
      causes: [
        'unreserve',
        {
          tells: ['front-desk', 'supervisor'],
          kind: 'lapsed',
          text: { zh: '到时未签字，预约作废', en: 'was never signed; its time is over and it has lapsed' },
        },
      ],
    },
    { ...finish, from: ['signed', 'stopping'], to: 'finished', when: { not: owes } },
    { ...finish, verb: 'finish-owing', from: ['signed', 'stopping'], to: 'unsigned', when: owes },
  ],
  opens: [...desk, 'customer'],
  customerSees: true,
  sees: ['operator', 'front-desk', 'supervisor', 'engineer', 'manager', 'general-manager', 'finance'],
  booksZones: true,
  printed: { zh: '超时空调申请表', en: 'Overtime air-conditioning application' },
})

import { procedure } from '../../server/engine/definition.ts'
import {
  address,
  byStep,
  choiceField,
  contact,
  customerSigns,
  longField,
  moneyField,
  monthField,
  optional,
  ownSignature,
  phone,
  reason,
  textField,
  timeField,
} from '../../server/engine/fields.ts'

const first = monthField('first', { zh: '起收月份', en: 'Charged from (month)' })
const last = monthField('last', { zh: '收到哪个月', en: 'Charged until (month)' })
const monthly = moneyField('monthlyFen', { zh: '每月收费', en: 'Price a month' })
const price = moneyField('priceFen', { zh: '收费价格', en: 'Price' })
const wishes = longField('wishes', { zh: '清洁要求', en: 'Wishes' })
const satisfied = choiceField(
  'satisfied',
  { zh: '客户满意程度', en: 'Satisfaction' },
  {
    good: { zh: '满意', en: 'Satisfied' },
    fair: { zh: '基本满意', en: 'Fairly satisfied' },
    poor: { zh: '不满意', en: 'Not satisfied' },
  },
)

/** What a month of regular cleaning is called on the bill. */
export const regularItem = { zh: '日常清洁', en: 'Regular cleaning' }

/**
 * 《日常清洁协议》: R39 (000 §4.9.4.1(1)). The Affairs Assistant goes there and agrees on wishes, times and price; drafts it, the manager approves,
 * the customer signs; the original goes to Finance, and each month that it serves is charged.
 */
export const regularCleaning = procedure(
  [
    address,
    contact,
    phone,
    optional(wishes),
    optional(textField('times', { zh: '清洁时间', en: 'Times' }, 200)),
    optional(monthly),
    optional(first),
    optional(last),
  ],
  {
    id: 'regular-cleaning',
    version: 1,
    prefix: 'QJ',
    name: { zh: '日常清洁', en: 'Regular cleaning' },
    purpose: {
      zh: '日常清洁：上门了解、拟协议、报批、签约，每月计费',
      en: 'Regular cleaning: a visit, an agreement, approved and signed, charged monthly',
    },
    list: { icon: 'clipboard' },
    call: { name: { zh: '日常清洁', en: 'Regular cleaning' }, key: 'd' },
    source: 'R39 (000 §4.9.4.1(1))',
    about: 'contact',
    initial: 'applied',
    placeOf: form => form.address,
    departmentOf: () => 'customer-service',
    states: {
      applied: { name: { zh: '已申请，待上门', en: 'Applied' }, main: 'draft' },
      drafted: { name: { zh: '协议已起草，待经理核准', en: 'Drafted' }, main: 'approve' },
      approved: { name: { zh: '已核准，待客户签字', en: 'Approved' }, main: 'sign' },
      serving: { name: { zh: '服务中', en: 'Served' }, main: 'end', rests: true },
      ended: { name: { zh: '协议终止', en: 'Ended' }, ends: true },
      void: { name: { zh: '不办了', en: 'Called off' }, ends: true },
    },
    path: ['applied', 'drafted', 'approved', 'serving', 'ended'],
    transitions: [
      {
        verb: 'draft',
        label: { zh: '上门确认，起草协议', en: 'Agreed there: draft it' },
        from: ['applied', 'drafted'],
        to: 'drafted',
        by: ['front-desk', 'supervisor'],
        asks: [wishes, textField('times', { zh: '清洁时间', en: 'Times' }, 200), monthly, first],
        sets: ['wishes', 'times', 'monthlyFen', 'first'],
        rules: [
          {
            source: 'R39',
            field: 'first',
            must: { left: { field: 'first' }, is: '>=', right: { monthOf: { today: true } } },
            say: { zh: '起收月份不能早于本月', en: 'not charged for months that are over' },
          },
        ],
        causes: [
          { tells: ['manager'], kind: 'approve', text: { zh: '《日常清洁协议》请核准', en: 'an agreement to be approved' } },
        ],
      },
      {
        verb: 'approve',
        label: { zh: '核准', en: 'Approve' },
        from: ['drafted'],
        to: 'approved',
        by: ['manager'],
        notBy: ['draft'],
        asks: [ownSignature],
        causes: [
          { tells: ['front-desk'], kind: 'approved', text: { zh: '已核准，请客户签字', en: 'approved: let the customer sign' } },
        ],
      },
      {
        verb: 'return',
        label: { zh: '退回修改', en: 'Send back' },
        from: ['drafted'],
        to: 'applied',
        by: ['manager'],
        asks: [reason],
      },
      {
        verb: 'sign',
        label: { zh: '客户已签，正本交财务', en: 'Signed: original to Finance' },
        from: ['approved'],
        to: 'serving',
        by: ['front-desk', 'supervisor'],
        asks: customerSigns,
        causes: [
          {
            tells: ['finance'],
            kind: 'agreement',
            text: { zh: '《日常清洁协议》正本，按月收费', en: 'original of an agreement: charged by the month' },
          },
        ],
      },
      {
        verb: 'end',
        label: { zh: '终止协议', en: 'End it' },
        from: ['serving'],
        to: 'ended',
        by: ['supervisor', 'manager'],
        asks: [last, reason],
        sets: ['last'],
        rules: [
          {
            source: 'R39',
            field: 'last',
            must: { left: { field: 'last' }, is: '<=', right: { monthOf: { today: true } } },
            say: { zh: '到那个月再终止', en: 'end it when that month has come' },
          },
        ],
        causes: [
          'charge-until',
          { tells: ['finance'], kind: 'agreement', text: { zh: '日常清洁协议终止', en: 'an agreement has ended' } },
        ],
      },
      {
        verb: 'cancel',
        label: { zh: '不办了', en: 'Called off' },
        from: ['applied', 'drafted', 'approved'],
        to: 'void',
        by: ['front-desk', 'supervisor'],
        asks: [reason],
      },
    ],
    opens: ['front-desk', 'supervisor'],
    corrects: [],
    sees: ['front-desk', 'supervisor', 'finance', 'manager', 'general-manager'],
    wholePage: true,
    byHand: [
      { zh: '客户服务部经理', en: 'Customer Service Manager' },
      { zh: '客户签字', en: 'Customer' },
    ],
    printed: { zh: '日常清洁协议', en: 'Agreement on regular cleaning' },
  },
)

/**
 * 《客户服务收费单》: R40 (000 §4.9.4.1(2)). Wishes, time and price are agreed there; served, then the customer says how satisfied he is and signs:
 * only then is it charged.
 */
export const specialCleaning = procedure(
  [address, contact, phone, wishes, byStep(optional(timeField('when', { zh: '清洁时间', en: 'When' }))), byStep(optional(price))],
  {
    id: 'special-cleaning',
    version: 1,
    prefix: 'TQ',
    name: { zh: '特殊清洁', en: 'Special cleaning' },
    purpose: {
      zh: '特殊清洁：上门定时间和价格，做完由客户评价签字后计费',
      en: 'Special cleaning: time and price agreed on the spot; charged once the customer has said how satisfied he is and signed',
    },
    list: { icon: 'clipboard' },
    call: { name: { zh: '特殊清洁', en: 'Special cleaning' }, key: 'e' },
    source: 'R40 (000 §4.9.4.1(2))',
    about: 'wishes',
    initial: 'asked',
    placeOf: form => form.address,
    departmentOf: () => 'customer-service',
    states: {
      asked: { name: { zh: '待上门确认', en: 'Asked for' }, main: 'agree' },
      agreed: {
        name: { zh: '时间、价格已定', en: 'Agreed' },
        main: 'serve',
        rests: { until: 'when', tells: ['front-desk', 'supervisor'] },
      },
      served: { name: { zh: '已做，待客户签字', en: 'Served' }, main: 'sign' },
      done: { name: { zh: '客户已签，计入汇总', en: 'Signed and charged' }, ends: true },
      void: { name: { zh: '不做了', en: 'Called off' }, ends: true },
    },
    path: ['asked', 'agreed', 'served', 'done'],
    transitions: [
      {
        verb: 'agree',
        label: { zh: '上门确认时间、价格', en: 'Time and price agreed' },
        from: ['asked', 'agreed'],
        to: 'agreed',
        by: ['front-desk', 'supervisor'],
        asks: [timeField('when', { zh: '清洁时间', en: 'When' }), price],
        sets: ['when', 'priceFen'],
      },
      {
        verb: 'serve',
        label: { zh: '已做完', en: 'Served' },
        from: ['agreed'],
        to: 'served',
        by: ['front-desk', 'supervisor'],
      },
      {
        verb: 'sign',
        label: { zh: '满意程度、客户签字', en: 'Satisfaction and signature' },
        from: ['served'],
        to: 'done',
        by: ['front-desk', 'supervisor'],
        asks: [satisfied, ...customerSigns],
        causes: [{ charges: { zh: '特殊清洁', en: 'Special cleaning' }, fen: 'priceFen' }],
      },
      {
        // The customer disputes what was agreed, or was served less.
        verb: 'reprice',
        label: { zh: '改定价格', en: 'Another price agreed' },
        from: ['served'],
        to: 'served',
        by: ['supervisor', 'manager'],
        asks: [price, reason],
        sets: ['priceFen'],
      },
      {
        verb: 'waive',
        label: { zh: '不收费结束', en: 'End without charge' },
        from: ['served'],
        to: 'void',
        by: ['supervisor', 'manager'],
        asks: [reason],
      },
      {
        verb: 'cancel',
        label: { zh: '不做了', en: 'Called off' },
        from: ['asked', 'agreed'],
        to: 'void',
        by: ['front-desk', 'supervisor'],
        asks: [reason],
      },
    ],
    leadsTo: ['grievance'],
    opens: ['front-desk', 'supervisor'],
    corrects: ['front-desk', 'supervisor'],
    sees: ['front-desk', 'supervisor', 'finance', 'manager', 'general-manager'],
    byHand: [{ zh: '客户签字', en: 'Customer' }],
    printed: { zh: '客户服务收费单', en: 'Service charge note' },
  },
)

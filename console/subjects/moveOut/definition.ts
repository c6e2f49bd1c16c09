import { procedure } from '../../server/engine/definition.ts'
import {
  address,
  contact,
  customerSigns,
  dateField,
  flagField,
  lineItem,
  longField,
  optional,
  ownSignature,
  phone,
  reason,
  textField,
} from '../../server/engine/fields.ts'
import type { LineList } from '../../server/engine/lines.ts'
import { noticeDays } from '../../server/site/settings.ts'
import { moveOutDays } from './settings.ts'

const item = lineItem(300)

/** 000 §4.3.4.1: three written commitments of the owner, signed before the formalities. */
const commitments: LineList = {
  key: 'commitments',
  name: { zh: '业主书面承诺', en: "Owner's written commitments" },
  source: 'R16 (000 §4.3.4.1)',
  fields: [item],
  about: 'item',
  given: form => [
    {
      // Another day is another commitment, whoever has signed the first.
      key: form['leaves'] === form['leaseEnds'] ? 'date' : `early-${String(form['leaves'])}`,
      form: {
        item:
          form['leaves'] === form['leaseEnds']
            ? { zh: '退租日期以协议的退租日期为准', en: 'the day is that of the lease' }
            : {
                zh: '提前退租：业主确认书，以业主确认的日期为准',
                en: "leaves early: the owner's confirmation, whose day counts",
              },
      },
    },
    ...(form['decorated']
      ? [
          {
            key: 'restored',
            form: {
              item: {
                zh: '二次装修：业主通知是否恢复原状，及双方协商结果',
                en: 'second decoration: whether the owner wants it restored, and what both have agreed',
              },
            },
          },
        ]
      : []),
    { key: 'keys', form: { item: { zh: '退租后房间钥匙办理保管手续', en: 'the keys of the rooms go into custody' } } },
  ],
  in: ['filled', 'clearing'],
  initial: 'open',
  states: {
    open: { name: { zh: '待签', en: 'To be signed' } },
    signed: { name: { zh: '已签', en: 'Signed' }, settled: true },
  },
  steps: [
    {
      verb: 'sign',
      label: { zh: '业主已签', en: 'Signed by the owner' },
      from: ['open'],
      to: 'signed',
      by: ['front-desk', 'supervisor'],
      asks: [...customerSigns, optional(longField('agreed', { zh: '约定内容', en: 'What was agreed' }, 500))],
    },
  ],
}

/** 000 §4.3.4.2: finance, engineering, security, side by side. */
const clearances: LineList = {
  key: 'clearances',
  name: { zh: '各部门手续', en: 'Clearance by the departments' },
  source: 'R16 (000 §4.3.4.2)',
  fields: [item],
  about: 'item',
  given: () => [
    { key: 'finance', form: { item: { zh: '财务部', en: 'Finance' } }, by: ['finance'] },
    { key: 'engineering', form: { item: { zh: '工程部', en: 'Engineering' } }, by: ['engineer'] },
    { key: 'security', form: { item: { zh: '安保部', en: 'Security' } }, by: ['guard'] },
  ],
  in: ['clearing'],
  initial: 'open',
  states: {
    open: { name: { zh: '待办', en: 'Open' } },
    held: { name: { zh: '有未清事项', en: 'Something is left' } },
    cleared: { name: { zh: '已清', en: 'Cleared' }, settled: true },
  },
  steps: [
    {
      verb: 'clear',
      label: { zh: '已清，签字', en: 'Cleared' },
      from: ['open', 'held'],
      to: 'cleared',
      by: ['finance', 'engineer', 'guard'],
      asks: [ownSignature],
    },
    {
      verb: 'hold',
      label: { zh: '有未清事项', en: 'Something is left' },
      from: ['open'],
      to: 'held',
      by: ['finance', 'engineer', 'guard'],
      asks: [reason],
    },
  ],
}

/**
 * 《客户退租表》: R16 (000 §4.3). Filled in at the desk two weeks ahead; the commitments are signed before anything else begins, then three
 * departments clear it side by side, and it is over when the keys are in custody.
 */
export const moveOut = procedure(
  [
    address,
    textField('company', { zh: '租户', en: 'Tenant' }),
    contact,
    phone,
    dateField('leaseEnds', { zh: '协议的退租日期', en: 'End of the lease' }),
    dateField('leaves', { zh: '退租日期', en: 'Day of moving out' }),
    flagField('decorated', { zh: '做过二次装修', en: 'Has decorated' }),
  ],
  {
    id: 'move-out',
    version: 1,
    prefix: 'TZ',
    name: { zh: '客户退租', en: 'Moving out' },
    purpose: {
      zh: '客户提前提出退租：三份承诺签字，三个部门核清，收回钥匙和证件，结清费用',
      en: 'A customer gives notice: three commitments signed, three departments clear him, keys and passes back, accounts settled',
    },
    list: { name: { zh: '退租', en: 'Moving out' }, icon: 'users' },
    call: { name: { zh: '退租', en: 'Moving out' }, key: 'x' },
    source: 'R16 (000 §4.3)',
    about: 'company',
    initial: 'filled',
    placeOf: form => form.address,
    departmentOf: () => 'customer-service',
    rules: [
      {
        source: 'R16, T11 (000 §4.3.4.2)',
        field: 'leaves',
        must: {
          left: { field: 'leaves' },
          is: '>=',
          right: { of: { today: true }, plus: { days: moveOutDays, counted: noticeDays } },
        },
        say: { zh: '退租应提前提出：退租日期太近', en: 'to be said ahead: this day is too near' },
      },
      {
        source: 'R16 (000 §4.3.4.1(1))',
        field: 'leaves',
        must: { left: { field: 'leaves' }, is: '<=', right: { field: 'leaseEnds' } },
        say: { zh: '退租日期不能晚于协议的退租日期', en: 'not later than the lease ends' },
      },
    ],
    lines: [commitments, clearances],
    states: {
      filled: { name: { zh: '待签承诺', en: 'Commitments to be signed' }, main: 'begin' },
      clearing: { name: { zh: '办理手续中', en: 'Being cleared' }, main: 'leave' },
      left: { name: { zh: '已退租', en: 'Moved out' }, ends: true },
      cancelled: { name: { zh: '不退租了', en: 'Called off' }, ends: true },
    },
    path: ['filled', 'clearing', 'left'],
    transitions: [
      {
        verb: 'begin',
        label: { zh: '承诺已齐，开始办理', en: 'Commitments signed: begin' },
        from: ['filled'],
        to: 'clearing',
        by: ['front-desk', 'supervisor'],
        settled: ['commitments'],
        causes: [
          {
            tells: ['finance', 'engineer', 'guard'],
            kind: 'clearance',
            text: { zh: '客户退租，请办理本部门手续', en: 'a tenant moves out: clear your part' },
          },
        ],
      },
      {
        verb: 'leave',
        label: { zh: '钥匙入库，办结', en: 'Keys in custody: done' },
        from: ['clearing'],
        to: 'left',
        by: ['front-desk', 'supervisor'],
        settled: ['commitments', 'clearances'],
        asks: [textField('keys', { zh: '收回的钥匙', en: 'Keys taken back' }, 300), ownSignature],
      },
      {
        verb: 'cancel',
        label: { zh: '不退租了', en: 'Called off' },
        from: ['filled', 'clearing'],
        to: 'cancelled',
        by: ['supervisor', 'manager'],
        asks: [reason],
      },
    ],
    opens: ['front-desk', 'supervisor', 'manager'],
    corrects: ['front-desk', 'supervisor'],
    sees: ['front-desk', 'supervisor', 'engineer', 'guard', 'finance', 'manager', 'general-manager'],
    wholePage: true,
    byHand: [
      { zh: '业主签字', en: 'Owner' },
      { zh: '租户签字', en: 'Tenant' },
    ],
    printed: { zh: '客户退租表', en: 'Move-out form' },
  },
)

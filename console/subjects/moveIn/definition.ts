import { worded } from '#api/words/text'
import { procedure } from '../../server/engine/definition.ts'
import type { CaseData, Form } from '../../server/engine/field.ts'
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
  textField,
} from '../../server/engine/fields.ts'
import type { LineList } from '../../server/engine/lines.ts'
import { formsBeforeEntry } from './settings.ts'

const item = lineItem(200)
const given = (papers: Readonly<Record<string, { zh: string; en: string }>>) =>
  Object.entries(papers).map(([key, text]) => ({ key, form: { item: text } }))

/** 000 §4.2.4.1(3): one copy of each, signed for by owner or tenant. */
const documents: LineList = {
  key: 'documents',
  name: { zh: '交付文件签收', en: 'Documents handed over' },
  source: 'R10 (000 §4.2.4.1(3))',
  fields: [item],
  about: 'item',
  given: () =>
    given({
      manual: { zh: '《用户手册》', en: "User's manual" },
      promise: { zh: '《承诺书》', en: 'Undertaking' },
      decoration: { zh: '《装修管理手册》', en: 'Decoration manual' },
      covenant: { zh: '《管理维修公约》', en: 'Management and repair covenant' },
      emergency: { zh: '《应急防护手册》', en: 'Emergency manual' },
      plan: { zh: '《管理计划手册》', en: 'Management plan' },
      safety: { zh: '《管理中心安全协议书》', en: 'Safety agreement' },
      others: { zh: '楼宇交接其他表格', en: 'Other handover forms' },
    }),
  in: ['filed', 'notified'],
  initial: 'open',
  states: {
    open: { name: { zh: '待交', en: 'To be handed over' } },
    signed: { name: { zh: '已签收', en: 'Signed for' }, settled: true },
  },
  steps: [
    {
      verb: 'receive',
      label: { zh: '签收', en: 'Signed for' },
      from: ['open'],
      to: 'signed',
      by: ['front-desk', 'supervisor'],
      asks: customerSigns,
    },
  ],
}

/** 000 §4.2.4.2(2): collected before or on the day of entry, and given to security. */
const forms: LineList = {
  key: 'forms',
  name: { zh: '入驻登记表收回', en: 'Entry forms collected' },
  source: 'R11 (000 §4.2.4.2(2), 4.2.6)',
  fields: [item],
  about: 'item',
  given: () =>
    given({
      particulars: { zh: '《业主/租户情况登记表》', en: "Owner's or tenant's particulars" },
      office: { zh: '《常驻公司（办事处）登记表》', en: 'Resident company (office)' },
      foreign: { zh: '《常驻公司（办事处）境外雇员登记表》', en: 'Foreign employees' },
      local: { zh: '《常驻公司（办事处）中国雇员登记表》', en: 'Chinese employees' },
      passes: { zh: '《出入证办理登记表》', en: 'Passes' },
      parking: { zh: '《车位申请表》', en: 'Parking spaces' },
    }),
  in: ['filed', 'notified'],
  initial: 'open',
  states: {
    open: { name: { zh: '未收', en: 'Not collected' } },
    collected: { name: { zh: '已收，交安保部', en: 'Collected, with security' }, settled: true },
    none: { name: { zh: '不适用', en: 'Does not apply' }, settled: true },
  },
  steps: [
    {
      verb: 'collect',
      label: { zh: '收回', en: 'Collected' },
      from: ['open', 'none'],
      to: 'collected',
      by: ['front-desk', 'supervisor'],
      asks: [ownSignature],
    },
    {
      verb: 'skip',
      label: { zh: '不适用', en: 'Does not apply' },
      from: ['open'],
      to: 'none',
      by: ['front-desk', 'supervisor'],
      asks: [textField('reason', { zh: '原因', en: 'Reason' }, 300)],
    },
  ],
}

/** 《空置房设备设施检查记录》, 000 §4.2.4.1(2): engineering checks all of it, each defect is tracked until it is mended. */
const facilities: LineList = {
  key: 'facilities',
  name: { zh: '空置房设备设施检查记录', en: 'Check of the facilities' },
  source: 'R12 (000 §4.2.4.1(2))',
  fields: [item, optional(longField('found', { zh: '检查情况', en: 'Found' }, 300))],
  about: 'item',
  given: () => given({ whole: { zh: '区域、设施全面检查', en: 'Check of the whole area' } }),
  adds: ['engineer', 'supervisor'],
  in: ['filed', 'notified'],
  initial: 'open',
  states: {
    open: { name: { zh: '待查', en: 'To be checked' } },
    good: { name: { zh: '完好', en: 'In good state' }, settled: true },
    repairing: { name: { zh: '已开维修单，跟踪中', en: 'Repair order open' } },
    mended: { name: { zh: '维修单已结，待复查', en: 'Order ended: to be looked at again' } },
  },
  steps: [
    {
      verb: 'good',
      label: { zh: '完好', en: 'In good state' },
      from: ['open', 'mended'],
      to: 'good',
      by: ['engineer'],
      asks: [ownSignature],
    },
    {
      verb: 'mend',
      label: { zh: '有缺陷，开维修单', en: 'Defect: open a repair order' },
      from: ['open', 'mended'],
      to: 'repairing',
      by: ['engineer', 'supervisor', 'front-desk'],
      asks: [longField('defect', { zh: '缺陷', en: 'Defect' }, 300)],
      asksFor: {
        service: 'work-order',
        form: (of: CaseData, line: Form) => ({
          address: String(of.form['address']),
          content: String(line['defect']),
          contact: worded(of.form['contact']),
          phone: String(of.form['phone']),
          kind: 'round' as const,
        }),
        // An order may also have been cancelled: somebody looks again before it counts as good.
        after: 'ended',
      },
    },
    { verb: 'ended', label: { zh: '维修单已结', en: 'Order ended' }, from: ['repairing'], to: 'mended', by: [] },
  ],
  emptyOnPaper: 4,
}

/** 000 §4.2.4.4: what a new customer may want besides. */
const wishes: LineList = {
  key: 'wishes',
  name: { zh: '新入住客户服务', en: 'Services for a new customer' },
  source: 'R15 (000 §4.2.4.4)',
  fields: [item],
  about: 'item',
  given: form => [
    ...(form['parking']
      ? given({
          parking: {
            zh: '车位：租赁协议与付款发票复印件送安保部，安排车位',
            en: 'Parking: lease and copy of the invoice to security, space allotted',
          },
        })
      : []),
    ...(form['cleaning']
      ? given({ cleaning: { zh: '保洁、花木租摆：报经理安排', en: 'Cleaning or plants: the manager arranges' } })
      : []),
    ...(form['papers']
      ? given({ papers: { zh: '邮件分捡：报刊订单复印件交邮件分捡员', en: 'Mail: copy of the newspaper order to the sorter' } })
      : []),
    ...(form['canteen']
      ? given({ canteen: { zh: '行政餐厅：带客户熟悉位置、告知手续', en: 'Canteen: shown the way and the formalities' } })
      : []),
  ],
  in: ['filed', 'notified', 'entered'],
  initial: 'open',
  states: {
    open: { name: { zh: '待办', en: 'To be done' } },
    done: { name: { zh: '已办', en: 'Done' }, settled: true },
  },
  steps: [
    {
      verb: 'done',
      label: { zh: '已办', en: 'Done' },
      from: ['open'],
      to: 'done',
      by: ['front-desk', 'supervisor', 'manager', 'guard'],
      asks: [ownSignature],
    },
  ],
}

/**
 * Moving in: R10-R12, R15 (000 §4.2). The developer's notice makes the file; engineering checks, documents are signed for; the tenant's
 * written notice sends 《入住通知单》 to security, engineering and finance; forms come back by the day of entry, passes are issued.
 */
export const moveIn = procedure(
  [
    address,
    textField('company', { zh: '业主/租户', en: 'Owner or tenant' }),
    contact,
    phone,
    dateField('notice', { zh: '入伙通知单日期', en: "Date of the developer's notice" }),
    dateField('entry', { zh: '入驻日期', en: 'Day of entry' }),
    flagField('decorates', { zh: '需要装修（另办装修申请）', en: 'Will decorate (an application of its own)' }),
    flagField('parking', { zh: '租用车位', en: 'Rents parking' }),
    flagField('cleaning', { zh: '需要保洁、花木', en: 'Wants cleaning or plants' }),
    flagField('papers', { zh: '需要邮件分捡', en: 'Wants its mail sorted' }),
    flagField('canteen', { zh: '在行政餐厅用餐', en: 'Eats in the canteen' }),
  ],
  {
    id: 'move-in',
    version: 1,
    prefix: 'RZ',
    name: { zh: '入住办理', en: 'Moving in' },
    purpose: {
      zh: '新客户入驻：发文件签收、收登记表和证件、设施验收、安排搬入时段和服务',
      en: 'A new customer: papers handed over, forms and passes, the facilities checked together, the moving slot and his services',
    },
    list: { name: { zh: '入住', en: 'Moving in' }, icon: 'users' },
    call: { name: { zh: '入住', en: 'Moving in' }, key: 'n' },
    source: 'R10, R11, R12, R15 (000 §4.2)',
    about: 'company',
    initial: 'filed',
    placeOf: form => form.address,
    departmentOf: () => 'customer-service',
    opening: {
      causes: [
        {
          tells: ['engineer'],
          kind: 'check-facilities',
          text: { zh: '将要入住，请全面检查设施', en: 'somebody moves in: check the whole of it' },
        },
      ],
    },
    states: {
      filed: { name: { zh: '已建档', en: 'File made' }, main: 'notify' },
      notified: { name: { zh: '已发《入住通知单》', en: 'Departments notified' }, main: 'enter' },
      entered: { name: { zh: '已入驻，办证中', en: 'Entered: passes to be issued' }, main: 'passes' },
      done: { name: { zh: '办结', en: 'Done' }, ends: true },
      cancelled: { name: { zh: '不入住了', en: 'Called off' }, ends: true },
    },
    path: ['filed', 'notified', 'entered', 'done'],
    lines: [documents, facilities, forms, wishes],
    transitions: [
      {
        verb: 'notify',
        label: { zh: '发《入住通知单》', en: 'Notify the departments' },
        from: ['filed'],
        to: 'notified',
        by: ['front-desk', 'supervisor'],
        asks: [dateField('entry', { zh: '客户书面通知的入驻日期', en: "Day of entry by the tenant's written notice" })],
        sets: ['entry'],
        causes: [
          {
            tells: ['guard', 'engineer', 'finance'],
            kind: 'entry-notice',
            text: { zh: '《入住通知单》', en: 'notice of a tenant moving in' },
          },
        ],
      },
      {
        verb: 'enter',
        label: { zh: '已入驻', en: 'Entered' },
        from: ['notified'],
        to: 'entered',
        by: ['front-desk', 'supervisor'],
        settled: ['documents', 'facilities', 'forms'],
        asks: [ownSignature],
        causes: [
          {
            tells: ['guard'],
            kind: 'passes',
            text: { zh: '登记表已齐，请办出入证、停车证', en: 'the forms are here: issue passes and parking permits' },
          },
        ],
      },
      {
        verb: 'passes',
        label: { zh: '出入证、停车证已办', en: 'Passes and permits issued' },
        from: ['entered'],
        to: 'done',
        by: ['guard', 'supervisor'],
        settled: ['wishes'],
        asks: [textField('issued', { zh: '出入证、停车证数量', en: 'Passes and permits issued' }, 200), ownSignature],
      },
      {
        verb: 'cancel',
        label: { zh: '不入住了', en: 'Called off' },
        from: ['filed', 'notified'],
        to: 'cancelled',
        by: ['supervisor', 'manager'],
        asks: [textField('reason', { zh: '原因', en: 'Reason' }, 300)],
      },
    ],
    deadlines: [
      {
        key: 'forms',
        name: { zh: '登记表收齐', en: 'Forms collected' },
        source: 'R11, T8 (000 §4.2.4.2)',
        starts: 'open',
        metBy: ['enter', 'cancel'],
        counts: 'always',
        limit: { before: 'entry', by: formsBeforeEntry },
        tells: ['front-desk', 'supervisor'],
        escalatesTo: ['manager'],
      },
    ],
    opens: ['front-desk', 'supervisor', 'manager'],
    corrects: ['front-desk', 'supervisor'],
    sees: ['front-desk', 'supervisor', 'engineer', 'guard', 'finance', 'manager', 'general-manager'],
    wholePage: true,
    byHand: [{ zh: '业主/租户签字', en: 'Owner or tenant' }],
    printed: { zh: '入住通知单', en: 'Notice of moving in' },
  },
)

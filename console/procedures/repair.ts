import type { Procedure } from './definition.ts'
import {
  address,
  choiceField,
  contact,
  flagField,
  handler,
  longField,
  optional,
  phone,
  promised,
  reason,
  result,
  timeField,
} from './fields.ts'

const kind = choiceField(
  'kind',
  { zh: '类别', en: 'Kind' },
  {
    repair: { zh: '客户报修', en: 'Reported by a customer' },
    round: { zh: '巡查发现', en: 'Found on a round' },
    equipment: { zh: '设备报警', en: 'Equipment alarm' },
    overtime: { zh: '超时空调', en: 'Overtime air' },
  },
)

/**
 * 《维修通知单》, the repair order: R45 (000 §4.10), R46, R47. Received, sent to engineering at once (T53), accepted, on the
 * scene, done, or unfinished with its reason and followed the next day (T55), until the customer is satisfied. Opened by
 * hand, by a signed overtime booking (R41) and, marked 急, by a level-3 alarm: such an order is closed by the alarm's
 * return and a person.
 */
export const repair: Procedure = {
  id: 'repair',
  version: 3,
  prefix: 'WX',
  name: { zh: '维修通知单', en: 'Repair order' },
  source: 'R45 (000 §4.10), R46, R47',
  fields: [
    address,
    longField('content', { zh: '报修内容', en: 'What is wrong' }),
    contact,
    phone,
    optional(timeField('appointment', { zh: '预约时间', en: 'Appointment' })),
    kind,
    // R45: serious ones are reported at once, and their quick solution is watched.
    flagField('major', { zh: '重大（立即报主管和经理）', en: 'Serious (supervisor and manager told at once)' }),
    promised,
  ],
  about: 'content',
  initial: 'received',
  opening: { causes: [{ brings: 'tell-leaders', when: { field: 'major', is: [true] } }] },
  placeOf: form => String(form['address']),
  departmentOf: () => 'engineering',
  states: {
    received: { name: { zh: '已接报', en: 'Received' } },
    sent: { name: { zh: '已送工程部', en: 'Sent to engineering' } },
    accepted: { name: { zh: '已接单', en: 'Accepted' } },
    arrived: { name: { zh: '已到场', en: 'On the scene' } },
    'waiting-parts': { name: { zh: '等配件', en: 'Waiting for parts' } },
    unfinished: { name: { zh: '未完成，次日跟进', en: 'Unfinished, followed next day' } },
    done: { name: { zh: '已完成', en: 'Done' }, ends: true },
    void: { name: { zh: '作废', en: 'Void' }, ends: true },
  },
  path: ['received', 'sent', 'accepted', 'arrived', 'done'],
  transitions: [
    {
      verb: 'send',
      label: { zh: '送工程部', en: 'Send to engineering' },
      from: ['received'],
      to: 'sent',
      by: ['front-desk', 'supervisor', 'system'],
    },
    {
      verb: 'assign',
      label: { zh: '派工', en: 'Assign' },
      from: ['received', 'sent', 'unfinished'],
      to: 'sent',
      by: ['front-desk', 'supervisor', 'engineer'],
      asks: [handler],
      hands: { handler: { asked: 'handler' } },
    },
    {
      verb: 'accept',
      label: { zh: '接单', en: 'Accept' },
      from: ['received', 'sent', 'unfinished'],
      to: 'accepted',
      by: ['engineer'],
      hands: { handler: 'doer' },
    },
    {
      verb: 'arrive',
      label: { zh: '我到了', en: 'I am here' },
      from: ['accepted', 'waiting-parts', 'unfinished'],
      to: 'arrived',
      by: ['engineer'],
      hands: { handler: 'doer' },
    },
    {
      verb: 'need-parts',
      label: { zh: '等配件', en: 'Need parts' },
      from: ['arrived', 'accepted'],
      to: 'waiting-parts',
      by: ['engineer'],
      asks: [reason],
    },
    {
      verb: 'finish',
      label: { zh: '已完成', en: 'Done' },
      from: ['sent', 'accepted', 'arrived', 'waiting-parts', 'unfinished'],
      to: 'done',
      by: ['engineer', 'supervisor', 'front-desk'],
      needs: ['alarms-returned'],
      asks: [result, optional(handler)],
    },
    {
      verb: 'defer',
      label: { zh: '未完成，写明原因', en: 'Unfinished, with reason' },
      from: ['sent', 'accepted', 'arrived', 'waiting-parts', 'unfinished'],
      to: 'unfinished',
      by: ['engineer', 'supervisor', 'front-desk'],
      asks: [reason, promised],
    },
    // The booking behind an overtime order was withdrawn: nothing is left to do.
    {
      verb: 'void',
      label: { zh: '作废', en: 'Void' },
      from: ['received', 'sent', 'accepted', 'arrived', 'waiting-parts', 'unfinished'],
      to: 'void',
      by: ['system'],
    },
    {
      verb: 'cancel',
      label: { zh: '客户取消', en: 'Cancelled by the customer' },
      from: ['received', 'sent', 'accepted', 'waiting-parts', 'unfinished'],
      to: 'void',
      by: ['front-desk', 'supervisor'],
      asks: [reason],
    },
  ],
  deadlines: [
    {
      key: 'response',
      name: { zh: '急修到场', en: 'On the scene' },
      source: 'C20',
      starts: 'open',
      metBy: ['arrive', 'finish', 'void', 'cancel'],
      counts: 'always',
      limit: 'urgent-response',
      when: { field: 'urgent', is: [true] },
      tells: ['front-desk', 'engineer'],
      escalatesTo: ['supervisor', 'manager'],
    },
  ],
  leadsTo: ['complaint'],
  opens: ['front-desk', 'supervisor', 'operator', 'engineer'],
  corrects: ['front-desk', 'supervisor'],
  sees: ['operator', 'front-desk', 'supervisor', 'engineer', 'manager'],
  printed: { zh: '维修通知单', en: 'Repair order' },
  printedBy: { residential: { zh: '住戶報修記錄表', en: 'Resident repair record' } },
}

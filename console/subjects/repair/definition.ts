import { clipped, together, worded } from '#api/words/text'
import { procedure, staying } from '../../server/engine/definition.ts'
import {
  address,
  choiceField,
  contact,
  doubleEnded,
  flagField,
  handler,
  longField,
  mergeStep,
  optional,
  orWorded,
  phone,
  promised,
  reason,
  result,
  textField,
  timeField,
  unsolved,
  withPhrases,
} from '../../server/engine/fields.ts'
import { labels } from '../../server/engine/labels.ts'
import { handoverBanSerious, handoverBanUrgent, repairVisitsWithOvertime, urgentResponse } from './settings.ts'

const finished = { zh: '已完成', en: 'Done' }
const cancelled = { zh: '作废', en: 'Void' }
const kind = choiceField('kind', labels.kind, {
  repair: { zh: '客户报修', en: 'Reported by a customer' },
  round: { zh: '巡查发现', en: 'Found on a round' },
  plate: { zh: '门牌扫码', en: 'By the code at a door' },
  equipment: { zh: '设备报警', en: 'Equipment alarm' },
  'booked-air': { zh: '超时空调', en: 'Overtime air' },
})

const way = choiceField(
  'way',
  { zh: '怎么报的', en: 'How it came' },
  { phone: labels.byCall, letter: labels.byLetter, visit: labels.byVisit },
)

/** Why an order is not done. */
const whyNot = withPhrases(
  reason,
  { zh: '等配件', en: 'waits for parts' },
  { zh: '客户改约', en: 'the customer wants another time' },
  { zh: '进不了门', en: 'nobody to let us in' },
  { zh: '须外单位处理', en: 'needs an outside firm' },
)
export const partsNeeded = { verb: 'need-parts', asks: [whyNot] } as const
export const deferred = { verb: 'defer', asks: [whyNot, promised] } as const

/**
 * 《维修通知单》, the repair order: R45 (000 §4.10), R46, R47. Received, sent to engineering at once (T53), accepted, on the
 * scene, done, or unfinished with its reason and followed the next day (T55), until the customer is satisfied. Opened by
 * hand, by a signed overtime booking (R41) and, marked 急, by a level-3 alarm: such an order is closed by the alarm's
 * return and a person.
 */
export const repair = procedure(
  [
    address,
    // R47: by the number of the room, wherever the unit has several.
    optional(textField('room', { zh: '房号、具体位置', en: 'Room, where exactly' }, 60)),
    withPhrases(
      orWorded(longField('content', { zh: '报修内容', en: 'What is wrong' })),
      { zh: '灯不亮', en: 'light out' },
      { zh: '漏水', en: 'leaking' },
      { zh: '堵塞', en: 'blocked' },
      { zh: '闷热', en: 'stuffy, hot' },
      { zh: '插座没电', en: 'socket dead' },
      { zh: '门禁读卡不开', en: 'door does not read cards' },
      { zh: '异响', en: 'strange noise' },
    ),
    orWorded(contact),
    phone,
    optional(timeField('appointment', { zh: '预约时间', en: 'Appointment' })),
    kind,
    // R45: serious ones are reported at once, and their quick solution is watched.
    flagField('major', { zh: '重大（立即报主管和经理）', en: 'Serious (supervisor and manager told at once)' }),
    promised,
    // R45: by telephone or by letter.
    { ...way, schema: way.schema.optional() },
  ],
  {
    id: 'repair',
    version: 7,
    prefix: 'WX',
    name: { zh: '维修通知单', en: 'Repair order' },
    purpose: {
      zh: '报修和设备故障：登记、送工程部、派人、到场、修好签认；急修立即处理',
      en: 'Repairs and faults: taken down, sent to engineering, taken up, attended, finished and signed; urgent ones at once',
    },
    list: { name: { zh: '维修', en: 'Repairs' }, icon: 'wrench', pinned: true },
    call: { name: { zh: '报修', en: 'Repair' }, key: 'r', says: { kind: 'repair', way: 'phone' } },
    source: 'R45 (000 §4.10), R46, R47',
    about: 'content',
    // T53: sent to engineering at once, by whomever it is opened.
    initial: 'sent',
    opening: {
      causes: [
        'into-repair-record',
        {
          tells: ['supervisor', 'manager'],
          kind: 'major',
          text: { zh: '重大报修，请过问', en: 'a serious repair: to be looked into' },
          when: { field: 'major', is: [true] },
        },
      ],
    },
    placeOf: form => form.address,
    departmentOf: () => 'engineering',
    states: {
      // Orders of before, which lay here until somebody sent them.
      received: { name: { zh: '已接报', en: 'Received' }, main: 'send' },
      sent: { name: { zh: '已送工程部', en: 'Sent to engineering' }, main: 'accept' },
      accepted: { name: { zh: '已接单', en: 'Accepted' }, main: 'arrive' },
      arrived: { name: { zh: '已到场', en: 'On the scene' }, main: 'finish' },
      'waiting-parts': { name: { zh: '等配件', en: 'Waiting for parts' }, main: 'arrive' },
      unfinished: { name: { zh: '未完成，次日跟进', en: 'Unfinished, followed next day' }, main: 'accept' },
      done: { name: finished, ends: true },
      void: { name: cancelled, ends: true },
      merged: doubleEnded,
    },
    path: ['sent', 'accepted', 'arrived', 'done'],
    transitions: [
      {
        verb: 'send',
        label: { zh: '送工程部', en: 'Send to engineering' },
        from: ['received'],
        to: 'sent',
        by: ['front-desk', 'supervisor'],
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
        ...partsNeeded,
        label: { zh: '等配件', en: 'Need parts' },
        from: ['arrived', 'accepted'],
        to: 'waiting-parts',
        by: ['engineer'],
      },
      {
        verb: 'finish',
        label: finished,
        from: ['sent', 'accepted', 'arrived', 'waiting-parts', 'unfinished'],
        to: 'done',
        by: ['engineer', 'supervisor', 'front-desk'],
        needs: ['alarms-returned'],
        asks: [
          withPhrases(
            result,
            { zh: '已修复', en: 'repaired' },
            { zh: '已更换', en: 'replaced' },
            { zh: '已疏通', en: 'cleared' },
            { zh: '已调整', en: 'adjusted' },
            { zh: '现场正常，未发现故障', en: 'in order, no fault found' },
          ),
          optional(handler),
        ],
      },
      {
        ...deferred,
        label: { zh: '未完成，写明原因', en: 'Unfinished, with reason' },
        from: ['received', 'sent', 'accepted', 'arrived', 'waiting-parts', 'unfinished'],
        to: 'unfinished',
        by: ['engineer', 'supervisor', 'front-desk'],
      },
      // R3: whoever has promised the customer asks again, and whoever has it in hand hears it.
      ...staying(['sent', 'accepted', 'arrived', 'waiting-parts', 'unfinished'], {
        verb: 'urge',
        label: { zh: '催办', en: 'Urge' },
        by: ['front-desk', 'supervisor', 'operator'],
        causes: [
          {
            tells: ['engineer'],
            kind: 'urged',
            text: { zh: '客户在催，请尽快处理', en: 'the customer asks for it: please hurry' },
          },
        ],
      }),
      // R45 (000 §4.10.4.9): what cannot be arranged is reported to the manager at once.
      ...staying(['received', 'sent', 'accepted', 'arrived', 'waiting-parts', 'unfinished'], {
        verb: 'escalate',
        label: { zh: '协调不了，报经理', en: 'Cannot be arranged: report upwards' },
        by: ['front-desk', 'supervisor', 'engineer'],
        asks: [reason],
        causes: [{ tells: ['manager'], kind: 'escalated', text: unsolved }],
      }),
      // The booking behind an overtime order is over.
      {
        verb: 'close',
        label: { zh: '预约结束，关单', en: 'Closed with its booking' },
        from: ['received', 'sent', 'accepted', 'arrived', 'waiting-parts', 'unfinished'],
        to: 'done',
        by: ['system'],
        when: { field: 'kind', is: ['booked-air'] },
      },
      // The booking behind an overtime order was withdrawn: nothing is left to do.
      {
        verb: 'void',
        label: cancelled,
        from: ['received', 'sent', 'accepted', 'arrived', 'waiting-parts', 'unfinished'],
        to: 'void',
        by: ['system'],
      },
      {
        ...mergeStep('repair'),
        from: ['received', 'sent', 'accepted', 'arrived', 'waiting-parts', 'unfinished'],
        // What an alarm or a booking has opened ends with it.
        when: { field: 'kind', is: ['repair', 'round', 'plate'] },
      },
      {
        verb: 'cancel',
        label: { zh: '客户取消', en: 'Cancelled by the customer' },
        from: ['received', 'sent', 'accepted', 'waiting-parts', 'unfinished'],
        to: 'void',
        by: ['front-desk', 'supervisor'],
        // What an alarm or a booking has opened no customer can cancel.
        when: { field: 'kind', is: ['repair', 'round', 'plate'] },
        asks: [reason],
      },
    ],
    deadlines: [
      {
        key: 'response',
        name: { zh: '急修到场', en: 'On the scene' },
        source: 'C20',
        starts: 'open',
        metBy: ['arrive', 'finish', 'void', 'cancel', 'merge'],
        counts: 'always',
        limit: urgentResponse,
        when: { field: 'urgent', is: [true] },
        tells: ['front-desk', 'engineer'],
        escalatesTo: ['supervisor', 'manager'],
      },
      {
        key: 'promised',
        name: labels.promised,
        source: 'R3',
        starts: 'open',
        metBy: ['finish', { verb: 'defer', saying: 'promised' }, 'void', 'cancel', 'merge'],
        counts: 'always',
        limit: { agreed: 'promised' },
        tells: ['front-desk', 'engineer'],
        escalatesTo: ['supervisor'],
      },
      {
        key: 'promised-again',
        name: labels.promisedAgain,
        source: 'R3, R47',
        starts: { verbs: ['defer'] },
        metBy: ['finish', 'void', 'cancel', 'merge'],
        counts: 'always',
        limit: { agreed: 'promised' },
        tells: ['front-desk', 'engineer'],
        escalatesTo: ['supervisor'],
      },
    ],
    calls: ['received', 'sent'],
    // R61 (2b 2.4): serious and urgent ones, as the site counts them.
    grave: [
      {
        in: ['received', 'sent', 'accepted', 'arrived', 'waiting-parts', 'unfinished'],
        when: { field: 'major', is: [true] },
        counted: handoverBanSerious,
      },
      {
        in: ['received', 'sent', 'accepted', 'arrived', 'waiting-parts', 'unfinished'],
        when: { field: 'urgent', is: [true] },
        counted: handoverBanUrgent,
      },
    ],
    renders: 'work-order',
    // Orders of customers; those that an alarm has opened have no customer to be asked.
    visited: {
      cases: [
        { in: ['done'], when: { field: 'kind', is: ['repair', 'round', 'plate'] } },
        { in: ['done'], when: { field: 'kind', is: ['booked-air'] }, counted: repairVisitsWithOvertime },
      ],
      form: of => ({
        subject: together(of.number, ' ', clipped(worded(of.form.content), 200)),
        about: 'after-repair',
        address: of.form.address,
        contact: of.form.contact,
        phone: of.form.phone,
      }),
    },
    leadsTo: ['grievance'],
    opens: ['front-desk', 'supervisor', 'operator', 'engineer'],
    corrects: ['front-desk', 'supervisor'],
    customerSees: true,
    sees: ['operator', 'front-desk', 'supervisor', 'engineer', 'manager', 'general-manager'],
    byHand: [{ zh: '工程部确认', en: 'Engineering' }],
    printedBy: { residential: { zh: '住戶報修記錄表', en: 'Resident repair record' } },
  },
)

import type { Role } from '#api/rights'
import { procedure, staying } from '../../server/engine/definition.ts'
import {
  address,
  byStep,
  choiceField,
  company,
  contact,
  department,
  doubleEnded,
  handler,
  longField,
  mergeStep,
  optional,
  phone,
  promised,
  reason,
} from '../../server/engine/fields.ts'
import { labels } from '../../server/engine/labels.ts'

const everyDesk: readonly Role[] = [
  'operator',
  'guard',
  'front-desk',
  'supervisor',
  'engineer',
  'manager',
  'general-manager',
  'finance',
]
const visits = choiceField(
  'visits',
  { zh: '来了几次', en: 'Visits' },
  { one: { zh: '一次', en: 'one' }, two: { zh: '两次', en: 'two' }, more: { zh: '超过两次', en: 'more than two' } },
)
/** R9 (004 P3-1.1(5)): what customers say is gathered by what it is about, and goes back to whoever does that. */
const category = choiceField(
  'category',
  { zh: '意见类别', en: 'About' },
  {
    service: { zh: '客户服务', en: 'Customer service' },
    engineering: { zh: '工程维修', en: 'Engineering' },
    security: { zh: '安保', en: 'Security' },
    cleaning: { zh: '保洁绿化', en: 'Cleaning and plants' },
    fees: { zh: '收费', en: 'Fees' },
    facilities: { zh: '设施与公共区域', en: 'Facilities, public areas' },
    other: { zh: '其他', en: 'Other' },
  },
)
const views = { field: 'kind', is: ['wish', 'opinion'] } as const
const answer = longField('answer', { zh: '答复', en: 'Answer' })

/**
 * What somebody asks or wishes and does not get an answer to at once: R3 (001 §4), R5, R6 (000 §4.5.4), R9 (000 §2.2). Whoever
 * is called or met first stays responsible until it is answered, whoever else it is passed on to; the customer has been told
 * when, and comes twice at most (001 §4.6); a leader who is asked for is told at once (001 §4.9). Views and wishes are gathered by what they
 * are about, go to the general manager in writing and come back with an instruction.
 */
export const enquiry = procedure(
  [
    contact,
    optional(phone),
    company,
    optional(address),
    choiceField('kind', labels.kind, {
      enquiry: { zh: '查询', en: 'Enquiry' },
      wish: { zh: '需求、特殊要求', en: 'Need, special request' },
      opinion: { zh: '意见、建议', en: 'View, suggestion' },
      leader: { zh: '来找领导', en: 'Asks for a leader' },
    }),
    { ...optional(category), requiredWhen: views },
    longField('content', { zh: '内容', en: 'What is asked' }),
    optional({ ...answer, label: { zh: '当场答复（留空即待答复）', en: 'Answered at once (empty: to be answered)' } }),
    promised,
    byStep(optional(visits)),
  ],
  {
    id: 'enquiry',
    version: 1,
    prefix: 'ZX',
    name: { zh: '咨询与需求', en: 'Enquiry' },
    purpose: {
      zh: '咨询、需求和意见：当场能答的答，答不了的告知何时答复、由谁负责',
      en: 'Enquiries, wishes and opinions: answered at once, or the customer is told when and by whom',
    },
    list: { name: { zh: '咨询', en: 'Enquiries' } },
    call: { name: { zh: '咨询', en: 'Enquiry' }, key: 'q', says: { kind: 'enquiry' } },
    source: 'R3 (001 §4), R5, R6 (000 §4.5.4), R9 (000 §2.2)',
    about: 'content',
    initial: 'received',
    opening: {
      done: { field: 'answer', verb: 'answer' },
      causes: [
        {
          tells: ['manager', 'general-manager'],
          kind: 'asks-for-you',
          when: { field: 'kind', is: ['leader'] },
          text: { zh: '有客户来找领导，已请到接待室', en: 'somebody asks for a leader and waits in the reception room' },
        },
      ],
    },
    placeOf: form => form.address ?? null,
    states: {
      received: { name: { zh: '待答复', en: 'To be answered' }, main: 'answer' },
      passed: { name: { zh: '已转责任人', en: 'Passed on' }, main: 'answer' },
      submitted: { name: { zh: '书面报总经理', en: 'With the general manager' }, main: 'instruct' },
      answered: { name: { zh: '已答复', en: 'Answered' }, ends: true },
      merged: doubleEnded,
    },
    path: ['received', 'passed', 'answered'],
    transitions: [
      {
        verb: 'answer',
        label: labels.customerAnswered,
        from: ['received', 'passed'],
        to: 'answered',
        by: everyDesk,
        asks: [answer],
      },
      {
        verb: 'pass-on',
        label: { zh: '转责任人', en: 'Pass on' },
        from: ['received', 'passed'],
        to: 'passed',
        by: everyDesk,
        // R3: to somebody by name, not to a department.
        asks: [department, handler, promised],
        hands: { department: { asked: 'department' }, handler: { asked: 'handler' } },
      },
      // R3 (001 §4.6): settled within two visits. Who comes again is told once more when; who comes a third time has come in vain.
      ...staying(['received', 'passed'], {
        verb: 'came-again',
        label: { zh: '客户第二次来', en: 'The customer has come again' },
        by: everyDesk,
        when: { not: { field: 'visits', is: ['two', 'more'] } },
        asks: [promised],
        sets: [{ field: 'visits', to: 'two' }],
        causes: [
          {
            tells: ['supervisor'],
            kind: 'came-again',
            text: { zh: '客户第二次来，须当次办结', en: 'the customer has come again: it is to be settled now' },
          },
        ],
      }),
      ...staying(['received', 'passed'], {
        verb: 'came-in-vain',
        label: { zh: '客户又来（超过两次）', en: 'The customer has come more than twice' },
        by: everyDesk,
        when: { field: 'visits', is: ['two'] },
        asks: [reason],
        sets: [{ field: 'visits', to: 'more' }],
        causes: [
          {
            tells: ['supervisor', 'manager'],
            kind: 'came-in-vain',
            text: { zh: '超过两次没有办结，首问责任人须说明', en: 'more than two visits without a result: to be explained' },
          },
        ],
      }),
      { ...mergeStep('enquiry'), from: ['received', 'passed'] },
      {
        verb: 'submit',
        label: { zh: '书面报总经理批示', en: 'Submit in writing' },
        from: ['received', 'passed'],
        to: 'submitted',
        by: ['front-desk', 'supervisor', 'manager', 'general-manager'],
        when: views,
        asks: [longField('opinion', labels.opinion)],
        causes: [
          {
            tells: ['manager', 'general-manager'],
            kind: 'submitted',
            text: { zh: '客户需求，请批示', en: "a customer's wish, for instruction" },
          },
        ],
      },
      {
        verb: 'instruct',
        label: { zh: '批示', en: 'Instruct' },
        from: ['submitted'],
        to: 'passed',
        by: ['manager', 'general-manager'],
        asks: [longField('instruction', labels.instruction), optional(handler)],
        hands: { handler: { asked: 'handler' } },
      },
    ],
    deadlines: [
      {
        key: 'promised',
        name: labels.promised,
        source: 'R3 (001 §4)',
        starts: 'open',
        metBy: ['answer', { verb: 'pass-on', saying: 'promised' }, 'merge'],
        counts: 'always',
        limit: { agreed: 'promised' },
        tells: ['front-desk', 'supervisor'],
        escalatesTo: ['manager'],
      },
      {
        key: 'promised-again',
        name: labels.promisedAgain,
        source: 'R3 (001 §4)',
        starts: { verbs: ['pass-on'] },
        metBy: ['answer', 'merge'],
        counts: 'always',
        limit: { agreed: 'promised' },
        tells: ['front-desk', 'supervisor'],
        escalatesTo: ['manager'],
      },
    ],
    personal: ['received', 'passed'],
    renders: 'wish',
    leadsTo: ['work-order', 'grievance'],
    opens: everyDesk,
    corrects: ['front-desk', 'supervisor', 'manager', 'general-manager'],
    customerSees: true,
    sees: everyDesk,
    printed: { zh: '客户咨询与需求记录', en: 'Enquiry record' },
  },
)

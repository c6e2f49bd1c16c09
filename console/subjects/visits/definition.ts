import { procedure } from '../../server/engine/definition.ts'
import { address, choiceField, contact, longField, optional, orWorded, phone, timeField } from '../../server/engine/fields.ts'
import { labels } from '../../server/engine/labels.ts'

const way = choiceField(
  'way',
  { zh: '回访方式', en: 'Way' },
  {
    talk: { zh: '面谈', en: 'Talk' },
    phone: { zh: '电话', en: 'Phone' },
    look: { zh: '现场查看', en: 'Look on site' },
    inspect: { zh: '检查', en: 'Inspection' },
    link: { zh: '客户经链接自评', en: 'By his own link' },
  },
)
const words = orWorded(longField('words', { zh: '客户意见', en: "Customer's opinion" }))

export const satisfied = { verb: 'satisfied', asks: [way, words] } as const
export const unsatisfied = {
  verb: 'unsatisfied',
  asks: [way, words, timeField('fixBy', { zh: '整改期限', en: 'Fix by' })],
} as const

/**
 * 《客户回访记录表》: R32 (000 §4.7, 002 §4.3). Every complaint is visited, and of the week's repairs the share that the site
 * sets. What the customer is not satisfied with is fixed by a date and visited again, until he is.
 */
export const returnVisit = procedure(
  [
    orWorded(longField('subject', { zh: '回访事项', en: 'About' }, 300)),
    choiceField('about', labels.kind, {
      'after-complaint': { zh: '投诉回访', en: 'After a complaint' },
      'after-repair': { zh: '维修回访', en: 'After a repair' },
      visit: { zh: '走访（不含回访）', en: 'Customer visit (no return visit)' },
    }),
    address,
    orWorded(contact),
    phone,
    optional(timeField('visitBy', labels.visitBy)),
  ],
  {
    id: 'return-visit',
    version: 3,
    prefix: 'HF',
    name: { zh: '客户回访', en: 'Return visit' },
    purpose: {
      zh: '投诉和维修办完后的回访、走访：由没有经手的人去，记下客户评价',
      en: 'Return visits after complaints and repairs, by somebody who had no part in them, with what the customer says',
    },
    list: { name: { zh: '回访', en: 'Visits' }, icon: 'heart', pinned: true },
    source: 'R32 (000 §4.7)',
    about: 'subject',
    initial: 'due',
    placeOf: form => form.address,
    departmentOf: () => 'customer-service',
    states: {
      due: { name: { zh: '待回访', en: 'Due' }, main: 'satisfied' },
      fixing: { name: { zh: '不满意，限期整改', en: 'Not satisfied, to be fixed' }, main: 'satisfied' },
      satisfied: { name: { zh: '满意', en: 'Satisfied' }, ends: true },
    },
    path: ['due', 'satisfied'],
    transitions: [
      {
        ...satisfied,
        label: { zh: '已回访，满意', en: 'Visited, satisfied' },
        from: ['due', 'fixing'],
        to: 'satisfied',
        by: ['front-desk', 'supervisor', 'manager', 'general-manager', 'customer'],
        needs: ['pays-visits', 'other-hands'],
        causes: [{ acts: 'close', on: '^visit' }],
      },
      {
        ...unsatisfied,
        label: { zh: '不满意，报经理限期整改', en: 'Not satisfied: report, fix by' },
        from: ['due', 'fixing'],
        to: 'fixing',
        by: ['front-desk', 'supervisor', 'manager', 'general-manager'],
        needs: ['pays-visits', 'other-hands'],
        causes: [
          { acts: 'reopen', on: '^visit' },
          // R32: reported to the manager, fixed by a date, visited again.
          {
            tells: ['supervisor', 'manager'],
            kind: 'unsatisfied',
            text: { zh: '客户不满意，限期整改', en: 'the customer is not satisfied: to be fixed by a date' },
          },
        ],
      },
    ],
    deadlines: [
      {
        key: 'visit',
        name: { zh: '回访', en: 'Visited' },
        source: 'T30 (000 §4.7.4.1)',
        starts: 'open',
        metBy: ['satisfied', 'unsatisfied'],
        counts: 'always',
        limit: { agreed: 'visitBy' },
        tells: ['front-desk', 'supervisor'],
        escalatesTo: ['manager'],
      },
      {
        key: 'fix',
        name: { zh: '整改并再次回访', en: 'Fixed and visited again' },
        source: 'R32 (000 §4.7.4.4)',
        starts: { verbs: ['unsatisfied'] },
        metBy: ['satisfied'],
        counts: 'always',
        limit: { agreed: 'fixBy' },
        tells: ['front-desk', 'supervisor'],
        escalatesTo: ['manager'],
      },
    ],
    renders: 'visit',
    leadsTo: ['work-order'],
    opens: ['front-desk', 'supervisor', 'manager', 'general-manager'],
    sees: ['front-desk', 'supervisor', 'manager', 'general-manager'],
    printed: { zh: '客户回访记录表', en: 'Return-visit record' },
    printedBy: {
      residential: { zh: '回訪記錄表', en: 'Return-visit record' },
      apartments: { zh: '客户访问记录', en: 'Customer visit record' },
    },
  },
)

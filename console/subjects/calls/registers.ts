import type { Condition } from '#api/conditions'
import type { Role } from '#api/rights'
import {
  anyContact,
  anyPhone,
  anyPlace,
  choiceField,
  company,
  contact,
  matterField,
  optional,
  outcome,
  textField,
  timeField,
} from '../../server/engine/fields.ts'
import { labels } from '../../server/engine/labels.ts'
import type { Register, RegisterLife } from '../../server/engine/registers/register.ts'

const everyDesk: readonly Role[] = ['operator', 'guard', 'front-desk', 'supervisor', 'engineer', 'manager', 'general-manager']
/** T1, T2: within the site's number of rings, or not (C7). */
const answered = choiceField(
  'answer',
  { zh: '接听', en: 'Answered' },
  {
    'in-time': { zh: '按时接听', en: 'In time' },
    late: { zh: '超过铃声', en: 'After too many rings' },
    missed: { zh: '未接', en: 'Missed' },
  },
)

/** R5, R6: what cannot be answered at once is asked of those who know, and the customer hears it. */
const reply = choiceField(
  'reply',
  { zh: '答复', en: 'Answer' },
  {
    answered: { zh: '当场答复', en: 'given at once' },
    asking: { zh: '问明后回复', en: 'when it has been asked' },
    specialist: { zh: '专业人员回复', en: 'by a specialist' },
  },
)
const owed = { field: 'reply', is: ['asking', 'specialist'] } as const
/** Without a number nobody can be called back. */
const reachable = { ...anyPhone, requiredWhen: owed }
const promisedFor = optional(timeField('promised', { zh: '答应回复的时间', en: 'Reply promised for' }))
/** An entry waits for its reply; what a case has come of, or what was answered, waits for nothing. */
const untilReplied = (waits: Condition): RegisterLife => ({
  due: { field: 'promised' },
  open: { zh: '待回复', en: 'Reply owed' },
  closed: { zh: '已回复', en: 'Replied' },
  done: { any: [{ not: waits }, { field: 'outcome', filled: true }] },
  closes: { label: { zh: '已回复客户', en: 'The customer has his reply' }, by: everyDesk, asks: [replied] },
  tells: ['front-desk', 'supervisor'],
})
const replied = textField('said', { zh: '回复内容', en: 'What he was told' }, 300)
/** What may come of an entry. */
const leadsTo = ['work-order', 'grievance', 'wish'] as const

/** Calls, visits and letters as they come in (R3-R6). */
export const registers: readonly Register[] = [
  {
    id: 'phone-record',
    prefix: 'DH',
    name: { zh: '电话记录表', en: 'Phone record' },
    purpose: {
      zh: '来电随手记：谁、什么事、转给谁；未接的要回电',
      en: 'Calls as they come: who, about what, passed on to whom; missed ones are called back',
    },
    source: 'R4, R5 (000 §4.5.4.2)',
    ofCalls: true,
    fields: [
      reachable,
      optional(answered),
      anyContact,
      company,
      anyPlace,
      matterField({ zh: '来电内容', en: 'What the call is about' }),
      optional(reply),
      promisedFor,
      outcome,
    ],
    life: untilReplied({ any: [{ field: 'answer', is: ['missed'] }, owed] }),
    leadsTo,
    writes: everyDesk,
    sees: everyDesk,
    reads: [],
    checks: [],
  },
  {
    id: 'visit-register',
    prefix: 'LF',
    name: { zh: '来访登记表', en: 'Visit register' },
    purpose: {
      zh: '来访者的单位、事由和处理，查验证件的访客另记在访客登记',
      en: "Who comes with what, and what came of it; visitors whose document is checked stand in the visitors' register",
    },
    source: 'R6 (000 §4.5.4.3)',
    fields: [
      contact,
      company,
      reachable,
      anyPlace,
      matterField({ zh: '来访事由', en: 'What the visit is about' }),
      optional(reply),
      promisedFor,
      outcome,
    ],
    life: untilReplied(owed),
    leadsTo,
    writes: everyDesk,
    sees: everyDesk,
    reads: [],
    checks: [],
  },
  {
    id: 'three-arrivals',
    prefix: 'SL',
    name: { zh: '三来登记本', en: 'Register of visits, letters and calls' },
    purpose: {
      zh: '来信、来访、来电三来统一登记，告知客户预计解决时间',
      en: 'Letters, visits and calls in one book, with the time of solution that the customer was told',
    },
    source: 'R3 (001 §4)',
    fields: [
      choiceField(
        'way',
        { zh: '来信、来访、来电', en: 'Letter, visit or call' },
        { letter: { zh: '来信', en: 'Letter' }, visit: labels.byVisit, call: labels.byCall },
      ),
      contact,
      anyPhone,
      anyPlace,
      matterField({ zh: '事项', en: 'Matter' }),
      optional(timeField('promised', { zh: '告知的预计解决时间', en: 'Time of solution that was told' })),
      outcome,
    ],
    life: untilReplied({ all: [] }),
    leadsTo,
    writes: everyDesk,
    sees: everyDesk,
    reads: [],
    checks: [],
  },
]

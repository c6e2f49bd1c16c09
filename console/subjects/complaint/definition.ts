import type { Role } from '#api/rights'
import { didOf, procedure, staying } from '../../server/engine/definition.ts'
import type { CaseData, Field } from '../../server/engine/field.ts'
import {
  address,
  choiceField,
  contact,
  department,
  flagField,
  handler,
  longField,
  optional,
  ownSignature,
  personField,
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
import { answered, explained, visitForm } from './answers.ts'
import { aboutSomebody, category, routing, withFinance } from './category.ts'
import { deadlines } from './deadlines.ts'
import { handoverBanCollective, handoverBanMajor } from './settings.ts'

/** Until it has been answered for; what is left then, the answer and the visit, is no emergency of a shift. */
const unhandled = ['received', 'handling', 'negotiating', 'assisting', 'waiting'] as const
const stillOpen = ['received', 'handling', 'negotiating', 'assisting', 'waiting', 'handled', 'answered'] as const

/** R29, C23: what was said apart stays with those who asked. */
const asking: readonly Role[] = ['supervisor', 'manager', 'general-manager']
const apart = <const F extends Field>(f: F) => ({ ...f, sees: asking })

const statementAsked = {
  verb: 'ask-statement',
  asks: [
    longField('matter', {
      zh: '要说明的事（员工看得到，不写投诉人）',
      en: 'What to account for (he reads it: not who complained)',
    }),
  ],
} as const

/** C23: he writes his own account, on a form that shows nothing of who complained, nor of what else was said. */
const statementForm = (of: CaseData<{ against?: string | undefined }>) => ({
  who: of.form.against,
  matter: didOf(of.facts, statementAsked)?.matter,
})

/** Whoever it came from is told what came of it, before the answer or after it. */
const report = {
  verb: 'report',
  label: { zh: '报告投诉及结果', en: 'Report complaint and result' },
  by: ['operator', 'guard', 'front-desk', 'supervisor', 'manager', 'general-manager'],
  when: { field: 'way', is: ['staff', 'company'] },
} as const

const correctiveForm = (of: CaseData<{ content: string; address: string; category: string }>) => ({
  subject: `${of.number} ${of.form.content.slice(0, 900)}`,
  address: of.form.address,
  // C39: building and equipment to the management centre (000 §4.6.4.2(2)), the others to the GM (§4.6.3.3).
  responsible: ['equipment', 'leftover'].includes(of.form.category) ? 'centre' : 'gm',
})
/**
 * 《客户投诉处理单》: R23 (000 §4.6), R24-R26 (004 P3-1.5), R27-R30. One case for all sites, printed as the site's own form
 * (C27). Received, classified, handled by the responsible department which signs, answered to the customer, visited.
 * 100 % are handled; none is refused.
 */
export const complaint = procedure(
  [
    address,
    withPhrases(
      longField('content', { zh: '投诉内容', en: 'What is complained of' }),
      { zh: '噪声', en: 'noise' },
      { zh: '异味', en: 'smell' },
      { zh: '保洁不到位', en: 'not clean' },
      { zh: '电梯等候久', en: 'long waits for the lift' },
      { zh: '温度不适', en: 'too hot or too cold' },
      { zh: '服务态度', en: 'manners' },
    ),
    category,
    contact,
    phone,
    choiceField(
      'way',
      { zh: '方式', en: 'Way' },
      {
        phone: labels.byCall,
        visit: labels.byVisit,
        letter: { zh: '来信（须当面或书面答复）', en: 'Letter (answered in person or in writing)' },
        company: { zh: '公司转交', en: 'Forwarded by the company' },
        staff: { zh: '员工转达', en: 'Passed on by staff' },
      },
    ),
    { ...flagField('collective', { zh: '集体投诉', en: 'Collective' }), keeps: { is: [true], by: asking } },
    // R30: once it has been called major, only the general manager says that it is not.
    { ...flagField('major', { zh: '重大投诉', en: 'Major' }), keeps: { is: [true], by: ['general-manager'] } },
    {
      ...optional(personField('against', { zh: '被投诉员工（双方分开询问）', en: 'Employee concerned (questioned apart)' })),
      requiredWhen: { field: 'category', is: [...aboutSomebody] },
      sees: [...asking, 'front-desk'],
      concerns: true,
    },
    promised,
    // Letters, what was said at night or passed on by others: T22 to T24 run from the receipt.
    optional(timeField('receivedAt', { zh: '收到时间（非当场记录时填）', en: 'Received at (when written down later)' })),
  ],
  {
    id: 'complaint',
    version: 4,
    prefix: 'TS',
    name: { zh: '客户投诉处理单', en: 'Complaint' },
    purpose: {
      zh: '客户投诉：首问责任人登记，判断责任部门，限时处理，回访满意后关闭',
      en: 'Complaints: taken down by whoever is asked first, sent to who is responsible, dealt with in time, closed when the customer has been asked again',
    },
    list: { name: { zh: '投诉', en: 'Complaints' }, icon: 'message', pinned: true },
    call: { name: { zh: '投诉', en: 'Complaint' }, key: 't', says: { way: 'phone' } },
    source: 'R23 (000 §4.6), R24-R26 (004 P3-1.5), R27-R30',
    receivedAt: 'receivedAt',
    about: 'content',
    initial: 'received',
    opening: {
      causes: [
        'into-duty-record',
        { tells: ['finance'], kind: 'passed-on', text: withFinance, when: { field: 'category', is: ['fees'] } },
        {
          tells: ['general-manager'],
          kind: 'major',
          text: { zh: '重大投诉，请批示', en: 'a major complaint: for your instruction' },
          when: { field: 'major', is: [true] },
        },
        // R30: a major one has its report from the first moment.
        { opens: 'corrective', relation: 'corrective', when: { field: 'major', is: [true] }, form: correctiveForm },
        {
          tells: ['manager'],
          kind: 'collective',
          text: { zh: '集体投诉，请听报告', en: 'a collective complaint: to be reported to you' },
          when: { field: 'collective', is: [true] },
        },
      ],
    },
    placeOf: form => form.address,
    departmentOf: form => routing[form.category] ?? null,
    states: {
      received: { name: { zh: '已受理', en: 'Received' }, main: 'pass-on' },
      handling: { name: { zh: '处理中', en: 'In handling' }, main: 'handle' },
      negotiating: { name: { zh: '与市政部门交涉', en: 'With the municipal body' }, main: 'go-on' },
      assisting: { name: { zh: '协助处理', en: 'Assisted elsewhere' }, main: 'go-on' },
      waiting: { name: { zh: '等客户', en: 'Waiting for the customer' }, main: 'go-on' },
      handled: { name: { zh: '已处理，待答复', en: 'Handled, to be answered' }, main: 'answer' },
      answered: { name: { zh: '已答复，待回访', en: 'Answered, to be visited' }, main: 'close' },
      closed: { name: { zh: '已办结', en: 'Closed' }, ends: true },
    },
    path: ['received', 'handling', 'handled', 'answered', 'closed'],
    transitions: [
      {
        verb: 'pass-on',
        label: { zh: '转责任部门', en: 'Pass to the department' },
        from: ['received', 'handling'],
        to: 'handling',
        by: ['front-desk', 'supervisor', 'manager', 'general-manager'],
        asks: [department, optional(handler), longField('opinion', labels.opinion)],
        hands: { department: { asked: 'department' }, handler: { asked: 'handler' } },
      },
      {
        verb: 'agree-time',
        label: { zh: '与客户约定答复时间', en: 'Agree the time of reply' },
        from: ['received', 'handling'],
        to: 'handling',
        by: ['front-desk', 'supervisor', 'manager', 'general-manager'],
        asks: [timeField('promised', promised.label)],
      },
      // R25: whatever else is under way, and also where the director has taken it himself.
      ...staying(stillOpen, {
        verb: 'tell-director',
        label: { zh: '已报告主任', en: 'Director told' },
        by: ['operator', 'guard', 'front-desk', 'supervisor', 'manager', 'general-manager'],
        when: { field: 'collective', is: [true] },
        causes: [
          {
            tells: ['manager'],
            kind: 'collective',
            text: { zh: '集体投诉，2 小时内报公司', en: 'collective complaint: the company within 2 h' },
          },
        ],
      }),
      ...staying(stillOpen, {
        verb: 'tell-company',
        label: { zh: '已报告公司', en: 'Company told' },
        by: ['manager', 'general-manager'],
        when: { field: 'collective', is: [true] },
      }),
      // R24 (8): what the site cannot solve the director organises, and where he cannot either the company's centre is asked.
      ...staying(['received', 'handling', 'negotiating', 'assisting', 'handled'], {
        verb: 'escalate',
        label: { zh: '解决不了，报经理协调', en: 'Cannot be solved here: report upwards' },
        by: ['operator', 'guard', 'front-desk', 'supervisor', 'engineer', 'finance'],
        asks: [reason],
        causes: [{ tells: ['manager'], kind: 'escalated', text: unsolved }],
      }),
      {
        verb: 'municipal',
        label: { zh: '向客户说明，与市政交涉', en: 'Explain, negotiate with the municipal body' },
        from: ['received', 'handling'],
        to: 'negotiating',
        by: ['front-desk', 'supervisor', 'manager', 'general-manager'],
        asks: [reason],
      },
      {
        verb: 'assist',
        label: { zh: '书面报告解决部门（协助处理）', en: 'Report in writing to who solves it (assist)' },
        from: ['received', 'handling'],
        to: 'assisting',
        by: ['front-desk', 'supervisor', 'manager', 'general-manager'],
        asks: [textField('department', { zh: '解决部门', en: 'Who solves it' })],
      },
      {
        ...explained,
        label: { zh: '耐心解释（无效投诉）', en: 'Explain patiently (invalid)' },
        from: ['received', 'handling'],
        to: 'answered',
        by: asking,
        needs: ['heard-apart', 'not-about-oneself', 'decided-above'],
        causes: ['into-duty-record', { asksFor: 'visit', relation: 'visit', form: visitForm }],
      },
      {
        verb: 'wait',
        label: { zh: '等客户', en: 'Wait for the customer' },
        from: ['received', 'handling'],
        to: 'waiting',
        by: ['front-desk', 'supervisor', 'manager', 'general-manager'],
        asks: [reason],
      },
      {
        verb: 'go-on',
        label: { zh: '继续处理', en: 'Go on' },
        from: ['waiting', 'negotiating', 'assisting'],
        to: 'handling',
        by: ['front-desk', 'supervisor', 'manager', 'general-manager'],
      },
      // R30 (000 §4.6.3.3): a major one is the general manager's; nobody answers it without his word.
      ...staying(['received', 'handling', 'negotiating', 'assisting', 'waiting', 'handled'], {
        verb: 'instruct',
        label: { zh: '总经理批示', en: "General manager's instruction" },
        by: ['general-manager'],
        when: { field: 'major', is: [true] },
        needs: ['not-about-oneself'],
        asks: [longField('instruction', labels.instruction), ownSignature],
        causes: [
          {
            tells: ['supervisor', 'manager'],
            kind: 'instructed',
            text: { zh: '总经理已批示', en: 'the general manager has given his instruction' },
          },
        ],
      }),
      // R29, C23: never both together: the complainant first, then the employee, who writes his own account where the site asks for one.
      {
        verb: 'hear-complainant',
        label: { zh: '单独询问投诉人', en: 'Hear the complainant alone' },
        from: ['received', 'handling'],
        to: 'handling',
        by: asking,
        when: { field: 'category', is: aboutSomebody },
        needs: ['not-about-oneself'],
        asks: [apart(longField('account', { zh: '投诉人陈述', en: "Complainant's account" }))],
      },
      {
        ...statementAsked,
        label: { zh: '请员工本人写情况说明', en: 'Ask the employee for his own account' },
        from: ['handling'],
        to: 'handling',
        by: asking,
        when: { field: 'category', is: aboutSomebody },
        needs: ['own-statements', 'complainant-heard', 'not-about-oneself'],
        causes: [{ opens: 'statement', relation: 'statement', form: statementForm }],
      },
      {
        verb: 'hear-employee',
        label: { zh: '单独询问员工', en: 'Hear the employee alone' },
        from: ['handling'],
        to: 'handling',
        by: asking,
        when: { field: 'category', is: aboutSomebody },
        needs: ['complainant-heard', 'not-about-oneself'],
        asks: [apart(longField('account', { zh: '询问记录', en: 'Record of what he said' })), apart(ownSignature)],
      },
      {
        verb: 'handle',
        label: { zh: '已处理，责任部门签字', en: 'Handled, signed by the department' },
        from: ['received', 'handling', 'negotiating', 'assisting'],
        to: 'handled',
        by: ['engineer', 'operator', 'guard', 'front-desk', 'supervisor', 'manager', 'general-manager', 'finance'],
        needs: ['heard-apart', 'not-about-oneself'],
        asks: [result, ownSignature],
        causes: ['into-duty-record'],
      },
      { ...report, from: ['handled'], to: 'handled' },
      { ...report, from: ['answered'], to: 'answered' },
      {
        ...answered,
        label: labels.customerAnswered,
        from: ['handled'],
        to: 'answered',
        by: ['front-desk', 'supervisor', 'manager', 'general-manager'],
        needs: ['letter-in-writing', 'not-about-oneself', 'decided-above'],
        causes: ['into-duty-record', { asksFor: 'visit', relation: 'visit', form: visitForm }],
      },
      {
        verb: 'reopen',
        label: { zh: '客户不满意，再处理', en: 'Not satisfied: handle again' },
        from: ['answered'],
        to: 'handling',
        by: ['front-desk', 'supervisor', 'manager', 'general-manager', 'system'],
      },
      {
        verb: 'close',
        label: { zh: '办结', en: 'Close' },
        from: ['answered'],
        to: 'closed',
        by: ['supervisor', 'manager', 'general-manager', 'system'],
        needs: ['visited', 'reported', 'corrective-reported', 'not-about-oneself', 'decided-above'],
      },
    ],
    deadlines,
    // R61 (2b 2.4): major and urgent events, as the site counts them.
    grave: [
      { in: unhandled, when: { field: 'major', is: [true] }, counted: handoverBanMajor },
      { in: unhandled, when: { field: 'collective', is: [true] }, counted: handoverBanCollective },
    ],
    renders: 'grievance',
    // R30: a major complaint is visited by somebody who has neither handled nor answered it.
    visitedByOthers: { when: { field: 'major', is: [true] }, than: ['handle', 'answer', 'invalid'] },
    leadsTo: ['work-order'],
    opens: ['operator', 'guard', 'front-desk', 'supervisor', 'engineer', 'manager', 'general-manager', 'finance'],
    corrects: ['front-desk', 'supervisor', 'manager', 'general-manager'],
    customerSees: true,
    sees: ['operator', 'guard', 'front-desk', 'supervisor', 'engineer', 'manager', 'general-manager', 'finance'],
    printed: { zh: '客户投诉处理单', en: 'Complaint handling form' },
    printedBy: { residential: { zh: '業主投訴記錄表', en: 'Owner complaint record' } },
  },
)

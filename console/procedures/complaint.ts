import { z } from 'zod'
import type { CaseData, Field, Procedure } from './definition.ts'
import { address, contact, phone, promised, reason, result, signature } from './fields.ts'

const choice = (key: string, label: Field['label'], values: Record<string, Field['label']>): Field => ({
  key,
  label,
  kind: 'choice',
  schema: z.enum(Object.keys(values) as [string, ...string[]]),
  choices: Object.entries(values).map(([value, words]) => ({ value, label: words })),
})
const long = (key: string, label: Field['label']): Field => ({
  key,
  label,
  kind: 'long',
  schema: z.string().trim().min(1).max(1000),
})
const flag = (key: string, label: Field['label']): Field => ({
  key,
  label,
  kind: 'flag',
  schema: z.boolean().default(false),
})

/** R23: who answers for which kind of complaint. Major ones go to the post behind the arrow, the GM is always told (C39). */
const category = choice(
  'category',
  { zh: '投诉类别（责任部门）', en: 'Category (department)' },
  {
    fees: { zh: '费用 — 客户服务部、财务部', en: 'Fees — customer service, finance' },
    equipment: { zh: '土建、设备、水电气 — 工程部', en: 'Works, equipment, utilities — engineering' },
    security: { zh: '治安、车辆、失窃 — 安保部', en: 'Security, vehicles, theft — security' },
    cleaning: { zh: '清洁绿化 — 客户服务部', en: 'Cleaning, greening — customer service' },
    staff: { zh: '员工态度 — 客户服务部经理或总经理', en: 'Staff manner — service manager or GM' },
    leftover: { zh: '遗留工程、房屋维修 — 工程维修部', en: 'Leftover works, house repair — maintenance' },
    municipal: { zh: '市政（水电气路邮信）— 与市政部门交涉', en: 'Municipal — negotiated with the municipal body' },
    other: { zh: '其他', en: 'Other' },
  },
)

const correctiveForm = (of: CaseData) => ({
  subject: `${of.number} ${String(of.form['content']).slice(0, 900)}`,
  address: of.form['address'],
})
const visitForm = (of: CaseData) => ({
  subject: `${of.number} ${String(of.form['content']).slice(0, 200)}`,
  about: 'complaint',
  address: of.form['address'],
  contact: of.form['contact'],
  phone: of.form['phone'],
})

/**
 * 《客户投诉处理单》: R23 (000 §4.6), R24-R26 (004 P3-1.5), R27-R30. One case for all sites, printed as the site's own form
 * (C27). Received, classified, handled by the responsible department which signs, answered to the customer, visited.
 * 100 % are handled; none is refused. Whose clock starts when: T22 from receipt, T23 from receipt (C42), T24 from receipt
 * by the duty person, T25 from the director being told, T26 from completion, T27 as agreed with the customer.
 */
export const complaint: Procedure = {
  id: 'complaint',
  version: 1,
  prefix: 'TS',
  name: { zh: '客户投诉处理单', en: 'Complaint' },
  source: 'R23 (000 §4.6), R24-R26 (004 P3-1.5), R27-R30',
  fields: [
    address,
    long('content', { zh: '投诉内容', en: 'What is complained of' }),
    category,
    contact,
    phone,
    choice(
      'way',
      { zh: '方式', en: 'Way' },
      {
        phone: { zh: '来电', en: 'Call' },
        visit: { zh: '来访', en: 'Visit' },
        letter: { zh: '来信（须当面或书面答复）', en: 'Letter (answered in person or in writing)' },
        company: { zh: '公司转交', en: 'Forwarded by the company' },
        staff: { zh: '员工转达', en: 'Passed on by staff' },
      },
    ),
    flag('collective', { zh: '集体投诉', en: 'Collective' }),
    flag('major', { zh: '重大投诉', en: 'Major' }),
    {
      key: 'against',
      label: { zh: '被投诉员工（双方分开询问）', en: 'Employee concerned (questioned apart)' },
      kind: 'text',
      schema: z.string().trim().max(60).optional(),
      requiredWhen: { field: 'category', is: ['staff'] },
      sees: ['supervisor', 'manager', 'front-desk'],
    },
    promised,
  ],
  initial: 'received',
  // R30: a major one has its report from the first moment.
  opening: {
    causes: [{ opens: 'corrective', relation: 'corrective', when: { field: 'major', is: [true] }, form: correctiveForm }],
  },
  placeOf: form => String(form['address']),
  states: {
    received: { name: { zh: '已受理', en: 'Received' } },
    handling: { name: { zh: '处理中', en: 'In handling' } },
    negotiating: { name: { zh: '与市政部门交涉', en: 'With the municipal body' } },
    assisting: { name: { zh: '协助处理', en: 'Assisted elsewhere' } },
    waiting: { name: { zh: '等客户', en: 'Waiting for the customer' } },
    handled: { name: { zh: '已处理，待答复', en: 'Handled, to be answered' } },
    answered: { name: { zh: '已答复，待回访', en: 'Answered, to be visited' } },
    closed: { name: { zh: '已办结', en: 'Closed' }, ends: true },
  },
  transitions: [
    {
      verb: 'pass-on',
      label: { zh: '转责任部门', en: 'Pass to the department' },
      from: ['received', 'handling'],
      to: 'handling',
      by: ['front-desk', 'supervisor', 'manager'],
      asks: [
        {
          key: 'department',
          label: { zh: '责任部门', en: 'Department' },
          kind: 'text',
          schema: z.string().trim().min(1).max(60),
        },
        long('opinion', { zh: '意见和建议', en: 'Opinion and suggestion' }),
      ],
    },
    {
      verb: 'agree-time',
      label: { zh: '与客户约定答复时间', en: 'Agree the time of reply' },
      from: ['received', 'handling'],
      to: 'handling',
      by: ['front-desk', 'supervisor', 'manager'],
      asks: [{ ...promised, schema: z.number().int().positive() }],
    },
    {
      verb: 'tell-director',
      label: { zh: '已报告主任', en: 'Director told' },
      from: ['received', 'handling'],
      to: 'handling',
      by: ['operator', 'guard', 'front-desk', 'supervisor'],
      when: { field: 'collective', is: [true] },
    },
    {
      verb: 'tell-company',
      label: { zh: '已报告公司', en: 'Company told' },
      from: ['handling'],
      to: 'handling',
      by: ['manager'],
      when: { field: 'collective', is: [true] },
    },
    {
      verb: 'municipal',
      label: { zh: '向客户说明，与市政交涉', en: 'Explain, negotiate with the municipal body' },
      from: ['received', 'handling'],
      to: 'negotiating',
      by: ['front-desk', 'supervisor', 'manager'],
      asks: [reason],
    },
    {
      verb: 'assist',
      label: { zh: '书面报告解决部门（协助处理）', en: 'Report in writing to who solves it (assist)' },
      from: ['received', 'handling'],
      to: 'assisting',
      by: ['front-desk', 'supervisor', 'manager'],
      asks: [
        {
          key: 'department',
          label: { zh: '解决部门', en: 'Who solves it' },
          kind: 'text',
          schema: z.string().trim().min(1).max(60),
        },
      ],
    },
    {
      verb: 'invalid',
      label: { zh: '耐心解释（无效投诉）', en: 'Explain patiently (invalid)' },
      from: ['received', 'handling'],
      to: 'answered',
      by: ['supervisor', 'manager'],
      asks: [reason],
      causes: [{ opens: 'return-visit', relation: 'visit', form: visitForm }],
    },
    {
      verb: 'wait',
      label: { zh: '等客户', en: 'Wait for the customer' },
      from: ['received', 'handling'],
      to: 'waiting',
      by: ['front-desk', 'supervisor', 'manager'],
      asks: [reason],
    },
    {
      verb: 'go-on',
      label: { zh: '客户已回复，继续', en: 'Customer has replied, go on' },
      from: ['waiting'],
      to: 'handling',
      by: ['front-desk', 'supervisor', 'manager'],
    },
    {
      verb: 'handle',
      label: { zh: '已处理，责任部门签字', en: 'Handled, signed by the department' },
      from: ['received', 'handling', 'negotiating', 'assisting'],
      to: 'handled',
      by: ['engineer', 'operator', 'guard', 'front-desk', 'supervisor', 'manager', 'finance'],
      asks: [result, signature],
    },
    {
      verb: 'report',
      label: { zh: '报告投诉及结果', en: 'Report complaint and result' },
      from: ['handled', 'answered'],
      to: 'handled',
      by: ['operator', 'guard', 'front-desk', 'supervisor', 'manager'],
      when: { field: 'way', is: ['staff', 'company'] },
    },
    {
      verb: 'answer',
      label: { zh: '已答复客户', en: 'Customer answered' },
      from: ['handled'],
      to: 'answered',
      by: ['front-desk', 'supervisor', 'manager'],
      asks: [
        choice(
          'by',
          { zh: '答复方式', en: 'Answered' },
          {
            person: { zh: '当面', en: 'in person' },
            phone: { zh: '电话', en: 'by phone' },
            writing: { zh: '书面', en: 'in writing' },
          },
        ),
        { ...reason, key: 'words', label: { zh: '客户反应', en: "Customer's reaction" } },
      ],
      causes: [{ opens: 'return-visit', relation: 'visit', form: visitForm }],
    },
    {
      verb: 'reopen',
      label: { zh: '客户不满意，再处理', en: 'Not satisfied: handle again' },
      from: ['answered'],
      to: 'handling',
      by: ['front-desk', 'supervisor', 'manager', 'system'],
    },
    {
      verb: 'close',
      label: { zh: '办结', en: 'Close' },
      from: ['answered'],
      to: 'closed',
      by: ['supervisor', 'manager', 'system'],
      needs: ['visited'],
    },
  ],
  deadlines: [
    {
      key: 'answer',
      name: { zh: '解决或答复', en: 'Solved or answered' },
      source: 'T22 (C5)',
      starts: 'open',
      metBy: ['answer', 'invalid', 'municipal'],
      pausedIn: ['waiting'],
      counts: 'always',
      limit: 'complaint-limit',
      target: 'complaint-target',
      tells: ['front-desk', 'supervisor'],
      escalatesTo: ['manager'],
    },
    {
      key: 'agreed',
      name: { zh: '约定的答复时间', en: 'Reply time agreed' },
      source: 'T27',
      starts: { verbs: ['agree-time'] },
      metBy: ['answer', 'invalid'],
      counts: 'always',
      limit: { agreed: 'promised' },
      tells: ['front-desk', 'supervisor'],
      escalatesTo: ['manager'],
    },
    {
      key: 'director',
      name: { zh: '集体投诉报告主任', en: 'Collective: director told' },
      source: 'T24',
      starts: 'open',
      metBy: ['tell-director'],
      counts: 'always',
      limit: 'collective-to-director',
      when: { field: 'collective', is: [true] },
      tells: ['operator', 'front-desk', 'supervisor'],
      escalatesTo: ['manager'],
    },
    {
      key: 'company',
      name: { zh: '集体投诉报告公司', en: 'Collective: company told' },
      source: 'T25',
      starts: { verbs: ['tell-director'] },
      metBy: ['tell-company'],
      counts: 'always',
      limit: 'collective-to-company',
      when: { field: 'collective', is: [true] },
      tells: ['manager'],
      escalatesTo: ['manager'],
    },
    {
      key: 'spot',
      name: { zh: '当场处理后报告', en: 'Handled on the spot: reported' },
      source: 'T23 (C42)',
      starts: 'open',
      metBy: ['report', 'pass-on', 'municipal', 'assist', 'answer'],
      counts: 'always',
      limit: 'spot-report-limit',
      when: { field: 'way', is: ['staff'] },
      tells: ['front-desk', 'supervisor'],
      escalatesTo: ['manager'],
    },
    {
      key: 'forwarded',
      name: { zh: '公司转交：报告结果', en: 'Forwarded: result reported' },
      source: 'T26',
      starts: { verbs: ['handle'] },
      metBy: ['report'],
      counts: 'always',
      limit: 'forwarded-report',
      when: { field: 'way', is: ['company'] },
      tells: ['front-desk', 'supervisor'],
      escalatesTo: ['manager'],
    },
  ],
  opens: ['operator', 'guard', 'front-desk', 'supervisor', 'engineer', 'manager', 'finance'],
  corrects: ['front-desk', 'supervisor', 'manager'],
  sees: ['operator', 'guard', 'front-desk', 'supervisor', 'engineer', 'manager', 'finance'],
  printed: { zh: '客户投诉处理单', en: 'Complaint handling form' },
}

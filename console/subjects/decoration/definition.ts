import { procedure } from '../../server/engine/definition.ts'
import {
  address,
  byStep,
  contact,
  customerSigns,
  dateField,
  lineItem,
  longField,
  moneyField,
  optional,
  ownSignature,
  phone,
  reason,
  textField,
} from '../../server/engine/fields.ts'
import type { LineList } from '../../server/engine/lines.ts'

const item = lineItem(300)

/** 000 §4.2.4.2(3): given to the firm; the agreement on waste is signed by both and kept. */
const handed: LineList = {
  key: 'handed',
  name: { zh: '交装修商的规定、协议', en: 'Rules and agreement given to the firm' },
  source: 'R55 (000 §4.2.4.2(3))',
  fields: [item],
  about: 'item',
  given: () => [
    { key: 'works', form: { item: { zh: '《二次装修施工管理规定》', en: 'Rules of decoration works' } } },
    { key: 'environment', form: { item: { zh: '《大厦环境保护条例》', en: 'Environment rules' } } },
    {
      key: 'waste',
      form: { item: { zh: '《垃圾管理协议》（双方签字留存）', en: 'Waste agreement (signed by both and kept)' } },
    },
  ],
  in: ['applied'],
  initial: 'open',
  states: {
    open: { name: { zh: '待交', en: 'To be given' } },
    signed: { name: { zh: '双方已签', en: 'Signed by both' }, settled: true },
  },
  steps: [
    {
      verb: 'sign',
      label: { zh: '双方签字', en: 'Signed by both' },
      from: ['open'],
      to: 'signed',
      by: ['front-desk', 'supervisor'],
      asks: [...customerSigns, { ...ownSignature, key: 'ours', label: { zh: '我方签字', en: 'Signed for us' } }],
    },
  ],
}

/** 002 §4.7.2: each alteration is verified by maintenance (safety unaffected) and agreed, "否則不可進行裝修". */
const alterations: LineList = {
  key: 'alterations',
  name: { zh: '装修改动核实', en: 'Alterations verified' },
  source: 'R55 (002 §4.7.2)',
  fields: [item],
  about: 'item',
  // Other works are verified anew, whatever was agreed before.
  given: form => [{ key: `plan ${String(form['works'])}`, form: { item: { zh: '装修方案整体', en: 'The plan as a whole' } } }],
  adds: ['front-desk', 'supervisor', 'engineer'],
  in: ['applied'],
  initial: 'open',
  states: {
    open: { name: { zh: '待核实', en: 'To be verified' } },
    agreed: { name: { zh: '不影响安全，同意', en: 'Safe: agreed' }, settled: true },
    refused: { name: { zh: '不同意', en: 'Not agreed' } },
    dropped: { name: { zh: '客户取消该项改动', en: 'Given up by the customer' }, settled: true },
  },
  steps: [
    {
      verb: 'agree',
      label: { zh: '不影响安全，同意', en: 'Safe: agree' },
      from: ['open', 'refused'],
      to: 'agreed',
      by: ['engineer'],
      asks: [ownSignature],
    },
    {
      verb: 'refuse',
      label: { zh: '不同意', en: 'Do not agree' },
      from: ['open'],
      to: 'refused',
      by: ['engineer'],
      asks: [reason],
    },
    {
      verb: 'drop',
      label: { zh: '客户取消该项', en: 'Given up' },
      from: ['open', 'refused'],
      to: 'dropped',
      by: ['front-desk', 'supervisor'],
      asks: [reason],
    },
  ],
}

/** What is looked at while the works go on; what is wrong is put right before they are accepted. */
const inspections: LineList = {
  key: 'inspections',
  name: { zh: '施工期间检查', en: 'Inspections during the works' },
  source: 'R55 (000 §4.2.4.2(3), 002 §4.7)',
  fields: [item],
  about: 'item',
  given: () => [{ key: 'round', form: { item: { zh: '施工现场巡查', en: 'Round of the works' } } }],
  adds: ['engineer', 'guard', 'front-desk', 'supervisor'],
  in: ['working'],
  initial: 'open',
  states: {
    open: { name: { zh: '待处理', en: 'Open' } },
    right: { name: { zh: '合格', en: 'In order' }, settled: true },
    wrong: { name: { zh: '不合格，限期整改', en: 'Not in order: to be put right' } },
  },
  steps: [
    {
      verb: 'right',
      label: { zh: '合格', en: 'In order' },
      from: ['open', 'wrong'],
      to: 'right',
      by: ['engineer', 'guard', 'supervisor'],
      asks: [ownSignature],
    },
    {
      verb: 'wrong',
      label: { zh: '不合格', en: 'Not in order' },
      from: ['open'],
      to: 'wrong',
      by: ['engineer', 'guard', 'supervisor'],
      asks: [reason],
    },
  ],
  emptyOnPaper: 4,
}

/** 003 B: only after the papers have been counted complete may the settlement go on. */
const papers: LineList = {
  key: 'papers',
  name: { zh: '装修资料清点', en: 'Papers counted' },
  source: 'R55 (003 B)',
  fields: [item],
  about: 'item',
  given: () => [
    { key: 'application', form: { item: { zh: '装修申请表', en: 'Application' } } },
    { key: 'waste', form: { item: { zh: '《垃圾管理协议》', en: 'Waste agreement' } } },
    { key: 'acceptance', form: { item: { zh: '验收记录', en: 'Record of acceptance' } } },
  ],
  adds: ['front-desk', 'supervisor'],
  in: ['accepted'],
  initial: 'open',
  states: {
    open: { name: { zh: '缺', en: 'Missing' } },
    here: { name: { zh: '齐', en: 'Here' }, settled: true },
  },
  steps: [
    {
      verb: 'here',
      label: { zh: '已收齐', en: 'Is here' },
      from: ['open'],
      to: 'here',
      by: ['front-desk', 'supervisor'],
      asks: [ownSignature],
    },
  ],
}

const firm = textField('firm', { zh: '装修商', en: 'Decoration firm' })
const works = longField('works', { zh: '装修内容、改动', en: 'Works and alterations' })
const to = dateField('to', { zh: '完工日期', en: 'To' })

/** 《装修申请表》: R55 (000 §4.2.4.2(3); 002 §4.7; 003 B). */
export const decoration = procedure(
  [
    address,
    textField('company', { zh: '业主/租户', en: 'Owner or tenant' }),
    contact,
    phone,
    byStep(firm),
    byStep(works),
    byStep(dateField('from', { zh: '开工日期', en: 'From' })),
    byStep(to),
  ],
  {
    id: 'decoration',
    version: 1,
    prefix: 'ZS',
    name: { zh: '装修', en: 'Decoration' },
    purpose: {
      zh: '装修从申请、审图、交底签约、交费，到施工巡查、竣工验收、退押金',
      en: 'Works from application, drawings, rules signed and fees, through inspections, to acceptance and the deposit back',
    },
    list: { icon: 'clipboard' },
    call: { name: { zh: '装修', en: 'Decoration' }, key: 'z' },
    source: 'R55 (000 §4.2.4.2(3), 002 §4.7, 003 B)',
    about: 'works',
    initial: 'applied',
    placeOf: form => form.address,
    departmentOf: () => 'customer-service',
    rules: [
      {
        source: 'R55',
        field: 'to',
        must: { left: { field: 'to' }, is: '>=', right: { field: 'from' } },
        say: { zh: '完工日期不能早于开工日期', en: 'it cannot end before it begins' },
      },
    ],
    opening: {
      causes: [
        {
          tells: ['engineer'],
          kind: 'decoration',
          text: { zh: '装修申请，请核实改动', en: 'decoration: please verify the alterations' },
        },
      ],
    },
    lines: [handed, alterations, inspections, papers],
    states: {
      applied: { name: { zh: '已申请', en: 'Applied' }, main: 'permit' },
      permitted: { name: { zh: '工程已同意，待收费', en: 'Agreed: fees to be paid' }, main: 'charge' },
      working: { name: { zh: '施工中', en: 'Works going on' }, main: 'accept' },
      accepted: { name: { zh: '已验收，清点资料', en: 'Accepted: papers to be counted' }, main: 'settle' },
      settled: { name: { zh: '已结算归档', en: 'Settled and filed' }, ends: true },
      refused: { name: { zh: '不予装修', en: 'Refused' }, ends: true },
      withdrawn: { name: { zh: '客户撤回', en: 'Withdrawn' }, ends: true },
      stopped: { name: { zh: '停工终止', en: 'Stopped' }, ends: true },
    },
    path: ['applied', 'permitted', 'working', 'accepted', 'settled'],
    transitions: [
      {
        verb: 'permit',
        label: { zh: '核实无误，同意装修', en: 'Permit' },
        from: ['applied'],
        to: 'permitted',
        by: ['engineer'],
        settled: ['handed', 'alterations'],
        asks: [ownSignature],
        causes: [
          {
            tells: ['front-desk', 'supervisor'],
            kind: 'permitted',
            text: { zh: '装修已同意，请收费', en: 'permitted: take the fees' },
          },
        ],
      },
      {
        verb: 'refuse',
        label: { zh: '不予装修', en: 'Refuse' },
        from: ['applied'],
        to: 'refused',
        by: ['engineer', 'manager'],
        asks: [reason],
      },
      {
        // 002 §4.7.2: whatever is altered afterwards is verified again before anything goes on.
        verb: 'amend',
        label: { zh: '改动方案，重新核实', en: 'Other works: verify again' },
        from: ['applied', 'permitted', 'working'],
        to: 'applied',
        by: ['front-desk', 'supervisor'],
        asks: [works, firm, to],
        sets: ['works', 'firm', 'to'],
        causes: [
          {
            tells: ['engineer'],
            kind: 'decoration',
            text: { zh: '装修方案有改动，请重新核实', en: 'other works: please verify again' },
          },
        ],
      },
      {
        verb: 'withdraw',
        label: { zh: '客户撤回', en: 'Withdrawn' },
        from: ['applied', 'permitted'],
        to: 'withdrawn',
        by: ['front-desk', 'supervisor'],
        asks: [reason],
      },
      {
        verb: 'stop',
        label: { zh: '停工终止', en: 'Stop for good' },
        from: ['working'],
        to: 'stopped',
        by: ['engineer', 'manager'],
        asks: [reason],
        causes: [{ tells: ['guard', 'front-desk'], kind: 'stopped', text: { zh: '装修停工', en: 'the works are stopped' } }],
      },
      {
        // 002 §4.7.3: 避免錯收、亂收: what was taken, for what, and by whom stands here.
        verb: 'charge',
        label: { zh: '费用已收，准予开工', en: 'Fees paid: may begin' },
        from: ['permitted'],
        to: 'working',
        by: ['front-desk', 'supervisor', 'finance'],
        proves: true,
        asks: [
          moneyField('fee', { zh: '装修管理费', en: 'Decoration fee' }),
          textField('receipt', { zh: '收据号', en: 'Receipt' }, 60),
          optional(longField('what', { zh: '收费项目', en: 'For what' }, 300)),
          ownSignature,
        ],
        causes: [
          { tells: ['guard', 'engineer'], kind: 'works', text: { zh: '装修开工，请巡查', en: 'works begin: please inspect' } },
        ],
      },
      {
        // 002 §4.7.4: 客服部組織維修技術人員進行驗收.
        verb: 'accept',
        label: { zh: '验收合格', en: 'Accepted' },
        from: ['working'],
        to: 'accepted',
        by: ['engineer'],
        settled: ['inspections'],
        asks: [longField('result', { zh: '验收情况', en: 'Result' }, 500), ownSignature],
        causes: [
          {
            tells: ['front-desk', 'supervisor'],
            kind: 'accepted',
            text: { zh: '装修已验收，请清点资料', en: 'accepted: count the papers' },
          },
        ],
      },
      {
        verb: 'settle',
        label: { zh: '资料齐全，工程结算', en: 'Papers complete: settle' },
        from: ['accepted'],
        to: 'settled',
        by: ['front-desk', 'supervisor'],
        settled: ['papers'],
        asks: [ownSignature],
        causes: [
          {
            tells: ['engineer', 'finance'],
            kind: 'settlement',
            text: { zh: '装修资料齐全，可办工程结算', en: 'the papers are complete: settle the works' },
          },
        ],
      },
    ],
    opens: ['front-desk', 'supervisor'],
    corrects: ['front-desk', 'supervisor'],
    sees: ['front-desk', 'supervisor', 'engineer', 'guard', 'finance', 'manager', 'general-manager'],
    wholePage: true,
    byHand: [
      { zh: '业主/租户签字', en: 'Owner or tenant' },
      { zh: '装修商签字', en: 'Firm' },
    ],
    printed: { zh: '装修申请表', en: 'Decoration application' },
    printedBy: { office: { zh: '业主/租户装修申请表', en: "Owner's or tenant's decoration application" } },
  },
)

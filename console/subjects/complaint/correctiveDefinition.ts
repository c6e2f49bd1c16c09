import { departments } from '#api/departments'
import { procedure } from '../../server/engine/definition.ts'
import { address, choiceField, longField, optional, ownSignature, result } from '../../server/engine/fields.ts'

/** C39: the manual names three; by category, and corrected where the site sees it otherwise. */
const responsible = choiceField(
  'responsible',
  { zh: '责任人', en: 'Responsible' },
  {
    gm: departments.management,
    csm: { zh: '客户服务部经理', en: 'Customer service manager' },
    centre: { zh: '管理中心经理（土建、设备、水电气）', en: 'Management-centre manager (works, equipment, utilities)' },
  },
)

/**
 * 《不合格/纠正预防措施报告》: R30 (000 §4.6.4.2(7), 3.1.14), R82. Opened by a major complaint, told to the leaders at once (C39),
 * closed with the written report of the result and of the customer's reaction.
 */
export const corrective = procedure(
  [longField('subject', { zh: '不合格事实', en: 'What was not as it should be' }), address, optional(responsible)],
  {
    id: 'corrective',
    version: 2,
    prefix: 'JZ',
    name: { zh: '不合格/纠正预防措施报告', en: 'Corrective and preventive action report' },
    purpose: {
      zh: '投诉成立或出现不合格：查原因，定纠正和预防措施，验证效果',
      en: 'A complaint that is upheld, or a nonconformity: its cause, what puts it right and prevents it, and whether that worked',
    },
    list: { name: { zh: '纠正', en: 'Corrective' } },
    source: 'R30 (000 §4.6.4.2(7), 3.1.14), R82',
    about: 'subject',
    initial: 'open',
    // C39: whoever handles it, the leaders are told at once.
    opening: {
      causes: [
        {
          tells: ['supervisor', 'manager', 'general-manager'],
          kind: 'major',
          text: { zh: '重大投诉，请领导过问', en: 'major complaint: for the leaders to look into' },
        },
      ],
    },
    placeOf: form => form.address,
    states: {
      open: { name: { zh: '待分析', en: 'To be analysed' }, main: 'analyse' },
      measures: { name: { zh: '措施进行中', en: 'Measures under way' }, main: 'verify' },
      verified: { name: { zh: '已验证，待书面报告', en: 'Verified, report owed' }, main: 'report' },
      closed: { name: { zh: '已报告', en: 'Reported' }, ends: true },
    },
    path: ['open', 'measures', 'verified', 'closed'],
    transitions: [
      {
        verb: 'analyse',
        label: { zh: '原因与措施', en: 'Cause and measures' },
        from: ['open', 'measures'],
        to: 'measures',
        by: ['supervisor', 'manager', 'general-manager', 'engineer'],
        asks: [
          longField('cause', { zh: '原因', en: 'Cause' }),
          longField('measures', { zh: '纠正、预防措施', en: 'Corrective and preventive measures' }),
        ],
      },
      {
        verb: 'verify',
        label: { zh: '验证有效', en: 'Verified' },
        from: ['measures'],
        to: 'verified',
        by: ['supervisor', 'manager', 'general-manager'],
        asks: [result, ownSignature],
      },
      {
        verb: 'report',
        label: { zh: '书面报告结果与客户反应', en: "Report the result and the customer's reaction" },
        from: ['verified'],
        to: 'closed',
        by: ['manager', 'general-manager'],
        causes: [{ acts: 'close', on: '^corrective' }],
        asks: [longField('reaction', { zh: '客户反应', en: "Customer's reaction" })],
      },
    ],
    opens: ['supervisor', 'manager', 'general-manager'],
    corrects: ['supervisor', 'manager', 'general-manager'],
    sees: ['supervisor', 'engineer', 'manager', 'general-manager'],
  },
)

import { z } from 'zod'
import { monthNumbers, percent, setting } from '../../server/site/settings.ts'

export const repairVisitRate = setting({
  key: 'repair-visit-rate',
  name: { zh: '维修回访率', en: 'Return visits of repairs' },
  source: 'C26, T31',
  unit: '%',
  schema: percent,
  default: null,
  presets: { office: 80 },
})
export const complaintVisitsBy = setting({
  key: 'complaint-visits-by',
  name: { zh: '投诉回访由谁做', en: 'Who pays the return visits of complaints' },
  source: 'C18',
  unit: 'choice',
  schema: z.enum(['either', 'front-desk', 'supervisor']),
  choices: [
    { value: 'either', label: { zh: '事务助理或客户关系主管', en: 'assistant or supervisor' } },
    { value: 'front-desk', label: { zh: '事务助理（前台）', en: 'assistant (front desk)' } },
    { value: 'supervisor', label: { zh: '客户关系主管', en: 'supervisor' } },
  ],
  default: 'either',
})
export const visitArchiveMonths = setting({
  key: 'visit-archive-months',
  name: {
    zh: '回访记录在哪几个月移交档案室（空为不定期）',
    en: 'Records of return visits to the archive in which months (empty: at no fixed time)',
  },
  source: 'R32, T32',
  unit: 'text',
  schema: monthNumbers,
  default: '',
})
export const customerVisits = setting({
  key: 'customer-visits',
  name: { zh: '每月走访客户数（不含回访、不重复）', en: 'Customers to visit each month (no return visits, each once)' },
  source: 'T35',
  unit: 'count',
  schema: z.number().int().min(1).max(1000).nullable(),
  default: null,
})

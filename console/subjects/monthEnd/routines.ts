import { endOfDay, type Routine } from '../../server/engine/routines/routine.ts'

export const routines: readonly Routine[] = [
  {
    id: 'service-totals',
    name: { zh: '服务项目汇总表交财务', en: 'Service totals to finance' },
    source: 'R38, R41, T50 (000 §4.9.4.1(3))',
    owes: 'front-desk',
    tells: ['supervisor', 'finance'],
    rule: { every: 'month', day: 'last', at: endOfDay },
    evidence: 'month-handed-in',
    proves: true,
    at: ['office'],
  },
]

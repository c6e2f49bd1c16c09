import { endOfDay, type Routine } from '../../server/engine/routines/routine.ts'

export const routines: readonly Routine[] = [
  {
    id: 'complaint-month',
    name: { zh: '客户投诉工作月报', en: 'Monthly complaint report' },
    source: 'R31, T29 (004 row 9, C9, C10)',
    owes: 'supervisor',
    tells: ['manager'],
    rule: { every: 'month', day: 'last', at: endOfDay },
    target: { every: 'month', day: 30, at: endOfDay },
    evidence: 'complaint-figures',
    at: ['apartments'],
  },
  {
    id: 'complaint-repeats',
    name: { zh: '重复投诉分析', en: 'Repeated complaints studied' },
    source: 'R27, R31 (001 compl.9)',
    owes: 'supervisor',
    tells: ['manager'],
    rule: { every: 'month', day: 'last', at: endOfDay },
    evidence: 'complaint-figures',
    at: ['estate'],
  },
]

import { endOfDay, type Routine } from '../../server/engine/routines/routine.ts'

export const routines: readonly Routine[] = [
  {
    id: 'occupancy-month',
    name: {
      zh: '《入住客户情况表》《入驻公司状况表》送总经理、财务、安保、工程',
      en: 'Occupancy tables to general manager, finance, security and engineering',
    },
    source: 'R14, T10 (000 §4.2.4.3(3))',
    owes: 'front-desk',
    tells: ['general-manager', 'finance', 'guard', 'engineer'],
    // "At the beginning of the next month"; the manual names no day.
    rule: { every: 'month', workday: 1, at: endOfDay },
    evidence: 'occupancy',
    at: ['office'],
  },
  {
    id: 'vacant-month',
    name: { zh: '空置房定时全面清洁', en: 'Vacant rooms cleaned at their times' },
    source: 'R58, T62 (000 §3.3.2)',
    owes: 'supervisor',
    tells: ['manager'],
    rule: { every: 'month', day: 'last', at: endOfDay },
    evidence: 'vacant-cleaned',
    at: ['office'],
  },
]

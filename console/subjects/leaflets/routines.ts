import { endOfDay, type Routine } from '../../server/engine/routines/routine.ts'

export const routines: readonly Routine[] = [
  {
    id: 'leaflets-month',
    name: { zh: '推销材料送交客户服务部经理', en: "Salespeople's material handed to the manager" },
    source: 'R2, T6 (000 §4.1.4.3)',
    owes: 'front-desk',
    tells: ['manager'],
    rule: { every: 'month', day: 'last', at: endOfDay },
    evidence: 'leaflets-kept',
    at: ['office'],
  },
]

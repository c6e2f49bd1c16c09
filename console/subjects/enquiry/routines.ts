import { endOfDay, type Routine } from '../../server/engine/routines/routine.ts'

export const routines: readonly Routine[] = [
  {
    id: 'opinions-month',
    name: {
      zh: '客户意见、需求汇总，报部门经理并反馈各部门',
      en: "Customers' views by what they are about, to the manager and the departments",
    },
    source: 'R9 (000 §3.2.9, 004 P3-1.1(5))',
    owes: 'supervisor',
    tells: ['manager'],
    rule: { every: 'month', day: 'last', at: endOfDay },
    evidence: 'opinions',
    at: ['office', 'apartments'],
  },
]

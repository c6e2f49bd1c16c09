import { endOfDay, type Routine } from '../../server/engine/routines/routine.ts'

export const routines: readonly Routine[] = [
  {
    id: 'roster',
    name: { zh: '下月值班安排表报批', en: "Next month's duty roster for approval" },
    source: 'R63, T70 (004 row 7, C9)',
    owes: 'supervisor',
    tells: ['manager'],
    rule: { every: 'month', day: 'last', at: endOfDay },
    target: { every: 'month', day: 25, at: endOfDay },
    evidence: 'roster',
    at: ['apartments'],
  },
]

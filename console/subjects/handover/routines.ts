import { endOfDay, type Routine } from '../../server/engine/routines/routine.ts'

export const routines: readonly Routine[] = [
  {
    id: 'attendance',
    name: { zh: '当月考勤评定报主任', en: "The month's attendance appraised, to the director" },
    source: 'R63, T71 (004 row 8)',
    owes: 'supervisor',
    tells: ['manager'],
    rule: { every: 'month', day: 25, at: endOfDay },
    evidence: 'duty-figures',
    at: ['apartments'],
  },
]

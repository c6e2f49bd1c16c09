import { endOfDay, note, type Routine } from '../../server/engine/routines/routine.ts'
import { weekSummaryDay } from '../../server/site/settings.ts'
import { visitArchiveMonths } from './settings.ts'

export const routines: readonly Routine[] = [
  {
    id: 'repair-visits-week',
    name: { zh: '本周维修回访', en: "Return visits of the week's repairs" },
    source: 'R32, T31 (000 §4.7.4.2, C41)',
    owes: 'front-desk',
    tells: ['supervisor'],
    rule: { every: 'week', weekday: weekSummaryDay, at: endOfDay },
    evidence: 'visit-figures',
    at: ['office'],
  },
  {
    // 000 §4.7.4.5 gives no number.
    id: 'visit-records-archived',
    name: { zh: '回访记录移交档案室', en: 'Records of return visits handed to the archive room' },
    source: 'R32, T32 (000 §4.7.4.5)',
    owes: 'front-desk',
    tells: ['supervisor'],
    rule: { every: 'year', months: visitArchiveMonths, day: 'last', at: endOfDay },
    evidence: note,
    at: ['office'],
  },
  {
    id: 'visit-month',
    name: { zh: '回访、走访总结', en: 'Visits and return visits of last month summed up' },
    source: 'R33, T34 (004 row 11)',
    owes: 'supervisor',
    tells: ['manager'],
    rule: { every: 'month', day: 5, at: endOfDay },
    evidence: 'visit-figures',
    at: ['apartments'],
  },
  {
    id: 'repair-visit-month',
    name: { zh: '维修回访总结', en: 'Repair return visits of last month summed up' },
    source: 'R33, T33 (004 row 10)',
    owes: 'supervisor',
    tells: ['manager'],
    rule: { every: 'month', day: 2, at: endOfDay },
    evidence: 'visit-figures',
    at: ['apartments'],
  },
]

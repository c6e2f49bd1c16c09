import { endOfDay, type Routine } from '../../server/engine/routines/routine.ts'
import { weekSummaryDay } from '../../server/site/settings.ts'

export const routines: readonly Routine[] = [
  {
    id: 'repair-day',
    name: { zh: '当日维修汇总', en: 'Repair orders of the day summed up' },
    source: 'R45, R48, T54 (000 §4.10.4.10)',
    owes: 'supervisor',
    tells: ['manager'],
    rule: { every: 'day', at: '17:30', on: 'every-day' },
    evidence: 'repair-figures',
    at: ['office'],
  },
  {
    id: 'repair-week',
    name: { zh: '维修周汇总报经理', en: 'Repair orders of the week to the manager' },
    source: 'R45, T56 (000 §4.10.4.14, C19)',
    owes: 'supervisor',
    tells: ['manager'],
    rule: { every: 'week', weekday: weekSummaryDay, at: endOfDay },
    evidence: 'repair-figures',
    at: ['office'],
  },
  {
    id: 'request-month',
    name: { zh: '月度服务需求统计经主任报公司', en: "The month's requests counted, by the director to the company" },
    source: 'R47, R48, T58 (004 P3-1.7)',
    owes: 'supervisor',
    tells: ['manager'],
    rule: { every: 'month', day: 'last', at: endOfDay },
    evidence: 'repair-figures',
    at: ['apartments'],
  },
]

import type { Role } from '#api/rights'
import type { Words } from '#contract/names'
import type { Preset, SettingKey } from '../server/site/settings.ts'

/** When something is owed. Dates of a month beyond its last day mean its last day (C10); clocks are the site's. */
export type CalendarRule =
  | { every: 'day'; at: string; on: 'every-day' | 'workdays' }
  | { every: 'week'; weekday: number | SettingKey; at: string }
  | { every: 'month'; day: number | 'last'; at: string }
  | { every: 'month'; workday: number; at: string }
  | { every: 'quarter'; month: 1 | 2 | 3; day: number | 'last'; at: string }
  /** Not by the calendar: so many days after something has happened. */
  | { every: 'event'; days: number; at: string }
  | { every: 'year'; months: readonly number[]; day: number | 'last'; at: string }

/** What closes a duty: a note, or figures that the system has counted and a person has looked at. */
export type Evidence =
  | 'note'
  | 'repair-figures'
  | 'complaint-figures'
  | 'visit-figures'
  | 'record-read'
  | 'record-checks'
  | 'duty-figures'
  | 'roster'

/** Something owed by the calendar (design §6): the engine makes its duties, chases them and keeps the evidence. */
export type Routine = {
  id: string
  name: Words
  /** R- and T-number with the manual's paragraph. */
  source: string
  /** The role that owes it; which post that is, the site says. */
  owes: Role
  /** Who hears of it when it is late, and to whom it is handed in. */
  tells: readonly Role[]
  /** The hard deadline; where the manual has a second date (C9), `target` is the inner one. */
  rule: CalendarRule
  target?: CalendarRule
  evidence: Evidence
  /** The manuals whose sites owe it. */
  at: readonly Preset[]
}

const everyManual: readonly Preset[] = ['office', 'estate', 'residential', 'butler', 'apartments']
const endOfDay = '17:30'

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
    id: 'event-report',
    name: { zh: '重大事件书面报告', en: 'Written report of a major event' },
    source: 'R62, T67 (2c 1.6)',
    owes: 'supervisor',
    tells: ['manager', 'operator'],
    rule: { every: 'event', days: 1, at: '23:59' },
    evidence: 'note',
    at: everyManual,
  },
  {
    id: 'repair-week',
    name: { zh: '维修周汇总报经理', en: 'Repair orders of the week to the manager' },
    source: 'R45, T56 (000 §4.10.4.14, C19)',
    owes: 'supervisor',
    tells: ['manager'],
    rule: { every: 'week', weekday: 'week-summary-day', at: endOfDay },
    evidence: 'repair-figures',
    at: ['office'],
  },
  {
    id: 'repair-visits-week',
    name: { zh: '本周维修回访', en: "Return visits of the week's repairs" },
    source: 'R32, T31 (000 §4.7.4.2, C41)',
    owes: 'front-desk',
    tells: ['supervisor'],
    rule: { every: 'week', weekday: 'week-summary-day', at: endOfDay },
    evidence: 'visit-figures',
    at: ['office'],
  },
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
  {
    id: 'rounds',
    name: { zh: '客户区域巡视（每个工作日至少二次）', en: 'Rounds of the customer areas (at least two a workday)' },
    source: 'R59, T63 (000 §5.1.2)',
    owes: 'supervisor',
    tells: ['manager'],
    rule: { every: 'day', at: endOfDay, on: 'workdays' },
    evidence: 'note',
    at: ['office'],
  },
  {
    id: 'duty-record-read',
    name: { zh: '查阅值班记录并签字', en: 'Duty record read and signed' },
    source: 'R64, T72 (004 row 1)',
    owes: 'supervisor',
    tells: ['manager'],
    rule: { every: 'day', at: endOfDay, on: 'every-day' },
    evidence: 'record-read',
    at: ['apartments'],
  },
  {
    id: 'duty-record-check',
    name: { zh: '值班记录抽查', en: 'Duty record spot-checked' },
    source: 'R64, T72 (004 row 1)',
    owes: 'manager',
    tells: [],
    rule: { every: 'month', day: 'last', at: endOfDay },
    evidence: 'record-checks',
    at: ['apartments'],
  },
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
  {
    id: 'quality-records',
    name: { zh: '上月质量记录交资料员', en: "Last month's quality records handed in" },
    source: 'R53, T61 (004 row 16)',
    owes: 'supervisor',
    tells: ['manager'],
    rule: { every: 'month', workday: 2, at: endOfDay },
    evidence: 'note',
    at: ['apartments'],
  },
  {
    id: 'service-totals',
    name: { zh: '服务项目汇总表交财务', en: 'Service totals to finance' },
    source: 'R38, R41, T50 (000 §4.9.4.1(3))',
    owes: 'front-desk',
    tells: ['supervisor', 'finance'],
    rule: { every: 'month', day: 'last', at: endOfDay },
    evidence: 'note',
    at: ['office'],
  },
  {
    id: 'leaflets',
    name: { zh: '推销资料交经理', en: 'Sales leaflets to the manager' },
    source: 'R2, T6 (000 §4.1.4.3)',
    owes: 'front-desk',
    tells: ['supervisor'],
    rule: { every: 'month', day: 'last', at: endOfDay },
    evidence: 'note',
    at: ['office'],
  },
  {
    id: 'department-meeting',
    name: { zh: '部门例会', en: 'Department meeting' },
    source: 'R75, T76 (004 row 2)',
    owes: 'manager',
    tells: [],
    rule: { every: 'week', weekday: 5, at: '14:30' },
    evidence: 'note',
    at: ['apartments'],
  },
  {
    id: 'opinion-poll',
    name: { zh: '季度住户意见征询', en: 'Quarterly opinion poll' },
    source: 'R34, T37 (000 §4.8.4.1)',
    owes: 'manager',
    tells: [],
    rule: { every: 'quarter', month: 3, day: 'last', at: endOfDay },
    evidence: 'note',
    at: ['office'],
  },
  {
    id: 'service-report',
    name: { zh: '向业户公布管理服务报告', en: 'Public service report' },
    source: 'R77, T82 (004 row 22)',
    owes: 'manager',
    tells: [],
    rule: { every: 'quarter', month: 1, day: 15, at: endOfDay },
    evidence: 'note',
    at: ['apartments'],
  },
  {
    id: 'training-plan-year',
    name: { zh: '下年度培训计划', en: "Next year's training plan" },
    source: 'R75, T80 (004 row 21)',
    owes: 'manager',
    tells: [],
    rule: { every: 'year', months: [12], day: 10, at: endOfDay },
    evidence: 'note',
    at: ['apartments'],
  },
  {
    id: 'archive-check',
    name: { zh: '档案检查（每年至少二次）', en: 'Archive check (at least twice a year)' },
    source: 'R52, T59 (002 §4.4.2)',
    owes: 'supervisor',
    tells: ['manager'],
    rule: { every: 'year', months: [6, 12], day: 'last', at: endOfDay },
    evidence: 'note',
    at: ['residential'],
  },
  {
    id: 'calendar-next-year',
    name: { zh: '载入下一年节假日与调休', en: "Next year's holidays and make-up workdays loaded" },
    source: 'C29',
    owes: 'administrator',
    tells: ['manager'],
    rule: { every: 'year', months: [11], day: 30, at: endOfDay },
    evidence: 'note',
    at: everyManual,
  },
]

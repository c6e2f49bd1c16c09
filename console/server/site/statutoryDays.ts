import type { CalendarDay } from '#api/models/duties'
import type { Words } from '#contract/names'

/** From and to, both included. */
type Days = readonly [from: string, to: string, kind: CalendarDay['kind'], name: Words]

/**
 * The statutory holidays and make-up workdays of 2026 as arranged by the State Council (dates as in chinese-days 1.5.7). A site takes
 * them over once somebody has looked at them: R41 and the deadlines go by them.
 */
const arranged: readonly Days[] = [
  ['2026-01-01', '2026-01-03', 'closed', { zh: '元旦', en: 'New Year' }],
  ['2026-01-04', '2026-01-04', 'workday', { zh: '元旦调休', en: 'Make-up day' }],
  ['2026-02-14', '2026-02-14', 'workday', { zh: '春节调休', en: 'Make-up day' }],
  ['2026-02-15', '2026-02-23', 'closed', { zh: '春节', en: 'Spring Festival' }],
  ['2026-02-28', '2026-02-28', 'workday', { zh: '春节调休', en: 'Make-up day' }],
  ['2026-04-04', '2026-04-06', 'closed', { zh: '清明节', en: 'Tomb-sweeping Day' }],
  ['2026-05-01', '2026-05-05', 'closed', { zh: '劳动节', en: 'Labour Day' }],
  ['2026-05-09', '2026-05-09', 'workday', { zh: '劳动节调休', en: 'Make-up day' }],
  ['2026-06-19', '2026-06-21', 'closed', { zh: '端午节', en: 'Dragon Boat Festival' }],
  ['2026-09-20', '2026-09-20', 'workday', { zh: '国庆节调休', en: 'Make-up day' }],
  ['2026-09-25', '2026-09-27', 'closed', { zh: '中秋节', en: 'Mid-autumn Festival' }],
  ['2026-10-01', '2026-10-07', 'closed', { zh: '国庆节', en: 'National Day' }],
  ['2026-10-10', '2026-10-10', 'workday', { zh: '国庆节调休', en: 'Make-up day' }],
]

const datesBetween = (from: string, to: string): string[] => {
  const dates: string[] = []
  for (let t = Date.parse(from); t <= Date.parse(to); t += 86_400_000) dates.push(new Date(t).toISOString().slice(0, 10))
  return dates
}

export const statutoryDays: readonly CalendarDay[] = arranged.flatMap(([from, to, kind, name]) =>
  datesBetween(from, to).map(date => ({ date, kind, name })),
)

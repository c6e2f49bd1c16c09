import { minuteOfClock } from '#contract/clockText'
import type { WorkCalendar } from './workCalendar.ts'

/**
 * When something is owed. Dates of a month beyond its last day mean its last day (C10); clocks are the site's. `Named` are weekdays
 * and months that are somebody's to say.
 */
export type CalendarRule<Named = never> =
  | { every: 'day'; at: string; on: 'every-day' | 'workdays' }
  | { every: 'week'; weekday: number | Named; at: string }
  | { every: 'month'; day: number | 'last'; at: string }
  | { every: 'month'; workday: number; at: string }
  | { every: 'quarter'; month: 1 | 2 | 3; day: number | 'last'; at: string }
  /** Not by the calendar: so many days after something has happened. */
  | { every: 'event'; days: number; at: string }
  | { every: 'year'; months: readonly number[] | Named; day: number | 'last'; at: string }

/** One time that something is owed. `period` names it once and for all: a day, a week by its Monday, a month, a quarter, a year. */
export type Occurrence = { period: string; dueAt: number }

type Settings<Named> = {
  /** Null is the last working day of the week, or its Friday when it has none (C19). */
  weekday(rule: CalendarRule<Named> & { every: 'week' }): number | null
  /** In which months of the year. */
  months(rule: CalendarRule<Named> & { every: 'year' }): readonly number[]
  /** What a date of the month does when it is a rest day (C11). */
  restDayShift: 'none' | 'before' | 'after'
}

const two = (n: number) => String(n).padStart(2, '0')
const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate()

/** A day of a month that the month has: the 30th of February is its last (C10). */
const dateIn = (year: number, month: number, day: number | 'last') =>
  `${year}-${two(month)}-${two(Math.min(day === 'last' ? 31 : day, daysIn(year, month)))}`

/** The occurrences of a rule whose own day lies in [from, to], dates of the site. Pure. */
export const occurrences = <Named>(
  rule: CalendarRule<Named>,
  from: string,
  to: string,
  calendar: WorkCalendar,
  settings: Settings<Named>,
): Occurrence[] => {
  const { local } = calendar
  const at = (period: string, date: string): Occurrence => ({ period, dueAt: local.instantOf(date, minuteOfClock(rule.at)) })
  const ofMonth = (period: string, date: string) => at(period, calendar.shifted(date, settings.restDayShift))
  const found: Occurrence[] = []
  if (rule.every === 'event') return found
  if (rule.every === 'day' || rule.every === 'week') {
    for (let date = from; date <= to; date = local.plusDays(date, 1)) {
      const weekday = local.weekdayOf(date)
      if (rule.every === 'week') {
        const monday = local.plusDays(date, 1 - weekday)
        if (weekday === (settings.weekday(rule) ?? lastWorkday(calendar, monday))) found.push(at(`W${monday}`, date))
      } else if (rule.on === 'every-day' || calendar.isWorkday(date)) found.push(at(date, date))
    }
    return found
  }
  // A shifted date may leave its month: one month more on either side.
  const months = monthsAround(from, to)
  for (const { year, month } of months) {
    const name = `${year}-${two(month)}`
    if (rule.every === 'month') {
      if ('workday' in rule) found.push(at(name, calendar.nthWorkday(name, rule.workday)))
      else found.push(ofMonth(name, dateIn(year, month, rule.day)))
    } else if (rule.every === 'quarter') {
      if ((month - rule.month) % 3 === 0) found.push(ofMonth(`${year}-Q${Math.ceil(month / 3)}`, dateIn(year, month, rule.day)))
    } else if (settings.months(rule).includes(month)) found.push(ofMonth(name, dateIn(year, month, rule.day)))
  }
  return found.filter(o => {
    const date = local.dateOf(o.dueAt)
    return date >= from && date <= to
  })
}

/** The weekday of the last working day of the week that begins on a Monday. */
const lastWorkday = (calendar: WorkCalendar, monday: string): number => {
  for (let day = 7; day > 0; day--) if (calendar.isWorkday(calendar.local.plusDays(monday, day - 1))) return day
  return 5
}

const monthsAround = (from: string, to: string) => {
  const months: { year: number; month: number }[] = []
  let year = Number(from.slice(0, 4))
  let month = Number(from.slice(5, 7)) - 1
  const last = Number(to.slice(0, 4)) * 12 + Number(to.slice(5, 7)) + 1
  for (; year * 12 + month <= last; month++) {
    if (month > 12) {
      month = 1
      year++
    }
    if (month >= 1) months.push({ year, month })
    else months.push({ year: year - 1, month: 12 })
  }
  return months
}

import type { LocalCalendar } from '#contract/programmeHours'
import type { Stretch } from '../../../server/domain/intervals.ts'

/** On which weekdays (1 Monday to 7 Sunday) something is repeated, up to which date, and on which dates it is not. */
export type Repeat = { weekdays: readonly number[]; until: string; except: readonly string[] }

/** The hours of each date that a repeated stretch comes to, the first among them where its weekday is one of them. */
export const repeated = (first: Stretch, { weekdays, until, except }: Repeat, calendar: LocalCalendar): Stretch[] => {
  const begins = calendar.dateOf(first.from)
  const minute = (first.from - calendar.instantOf(begins, 0)) / 60_000
  const found: Stretch[] = []
  for (let date = begins; date <= until; date = calendar.plusDays(date, 1)) {
    if (!weekdays.includes(calendar.weekdayOf(date)) || except.includes(date)) continue
    const from = calendar.instantOf(date, minute)
    found.push({ from, to: from + first.to - first.from })
  }
  return found
}

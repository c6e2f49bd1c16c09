import { booked, type Interval, scheduled } from '#contract/programmeHours'
import type { Desk } from './desk.ts'

const days = 7

/** The programme of the week that begins with a date: every stretch of every zone with its cause. */
export const programmeWeek = (desk: Desk, from: string) => {
  const { site, calendar } = desk.directory
  const programme = desk.programme.current
  const dates = Array.from({ length: days }, (_, i) => calendar.plusDays(from, i))
  const start = (date: string) => calendar.instantOf(date, 0)
  const begins = start(from)
  const ends = start(calendar.plusDays(from, days))
  const inWeek = (i: Interval) => i.from < ends && i.to > begins
  return {
    revision: programme.revision,
    madeAt: programme.madeAt,
    days: dates.map(date => ({
      date,
      from: start(date),
      to: start(calendar.plusDays(date, 1)),
      exception: programme.exceptions.find(e => e.date === date)?.what ?? null,
      unknown: !desk.rules.calendar.knows(Number(date.slice(0, 4))),
    })),
    zones: site.zones.map(z => ({
      zone: z.id,
      stretches: [
        ...scheduled(programme, calendar, z.id, begins)
          .filter(inWeek)
          .map(i => ({ from: i.from, to: i.to, booked: false, what: i.cause.what })),
        ...booked(programme, z.id)
          .filter(inWeek)
          .map(i => ({ from: i.from, to: i.to, booked: true, what: i.cause.what })),
      ],
    })),
  }
}

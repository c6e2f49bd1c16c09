import type { Programme } from './programme.ts'

/** A stretch of wall time, [from, to). */
export type Interval = { from: number; to: number; cause: { id: string; what: { zh: string; en: string } } }

/** Calendar arithmetic of the site's zone, given by the caller so that this stays pure. */
export type LocalCalendar = {
  /** The local date of an instant, as YYYY-MM-DD. */
  dateOf(at: number): string
  /** The instant of a minute of a local date; in a gap of daylight saving, the first instant after it. */
  instantOf(date: string, minute: number): number
  /** ISO weekday of a date, 1 Monday to 7 Sunday. */
  weekdayOf(date: string): number
  /** The date `days` later. */
  plusDays(date: string, days: number): string
}

/** The weekday whose hours apply: a make-up workday runs Monday's hours, a closed day none (0). */
const dayKind = (programme: Programme, calendar: LocalCalendar, date: string): number => {
  const exception = programme.exceptions.find(e => e.date === date)
  if (exception?.kind === 'closed') return 0
  return exception?.kind === 'workday' ? 1 : calendar.weekdayOf(date)
}

const preStart = { zh: '提前开机', en: 'Pre-start' }

/** Hours and, touching them so that nothing switches when they begin, their pre-start. */
const withPreStart = (
  entry: { id: string; what: Interval['cause']['what']; preStartMin: number },
  from: number,
  to: number,
): Interval[] => {
  const hours = { from, to, cause: { id: entry.id, what: entry.what } }
  if (entry.preStartMin === 0) return [hours]
  const early = from - entry.preStartMin * 60_000
  return [{ from: early, to: from, cause: { id: `${entry.id}-pre-start`, what: preStart } }, hours]
}

/** Asked ten times a second for every zone, and the same all day long; a programme is never changed, only replaced. */
const known = new WeakMap<Programme, Map<string, Interval[]>>()

/** The scheduled stretches of a zone on the days around an instant, in order. */
export const scheduled = (programme: Programme, calendar: LocalCalendar, zone: string, at: number): Interval[] => {
  const today = calendar.dateOf(at)
  const ofProgramme = known.get(programme) ?? new Map<string, Interval[]>()
  known.set(programme, ofProgramme)
  const key = `${zone} ${today}`
  const found = ofProgramme.get(key) ?? around(programme, calendar, zone, today)
  ofProgramme.set(key, found)
  return found
}

const daysAhead = 8

const around = (programme: Programme, calendar: LocalCalendar, zone: string, today: string): Interval[] => {
  const mine = programme.weekly.filter(w => w.zones.includes(zone))
  const found: Interval[] = []
  for (let k = -1; k <= daysAhead; k++) {
    const date = calendar.plusDays(today, k)
    const day = dayKind(programme, calendar, date)
    for (const w of mine) {
      if (!w.days.includes(day)) continue
      const from = calendar.instantOf(date, w.from)
      // Hours such as 22:00-06:00 end on the next day.
      const [lastDay, minute] =
        w.to === 1440 ? [calendar.plusDays(date, 1), 0] : [w.to < w.from ? calendar.plusDays(date, 1) : date, w.to]
      const to = calendar.instantOf(lastDay, minute)
      if (to <= from) continue
      found.push(...withPreStart(w, from, to))
    }
  }
  return found.sort((a, b) => a.from - b.from)
}

export const booked = (programme: Programme, zone: string): Interval[] =>
  programme.bookings
    .filter(b => b.zone === zone && b.to > b.from)
    .flatMap(b => withPreStart(b, b.from, b.to))
    .sort((a, b) => a.from - b.from)

/**
 * The stretch of united intervals that covers an instant, with every cause that is true now and the last end:
 * touching and overlapping intervals are one, so that no seam switches anything (design §4).
 */
export const covering = (
  intervals: readonly Interval[],
  at: number,
): { causes: Interval['cause'][]; until: number } | undefined => {
  const now = intervals.filter(i => i.from <= at && at < i.to)
  if (now.length === 0) return undefined
  let until = Math.max(...now.map(i => i.to))
  for (const i of intervals) if (i.from <= until && i.to > until) until = i.to
  return { causes: now.map(i => i.cause), until }
}

/** When the next interval begins, or null when none is in sight. */
export const nextStart = (intervals: readonly Interval[], at: number): number | null =>
  intervals.find(i => i.from > at)?.from ?? null

import type { LocalCalendar } from '#contract/programmeHours'

/** What a day is against its weekday: `closed` (statutory holiday or rest in lieu) or `workday` (make-up day). */
export type DayKinds = ReadonlyMap<string, 'closed' | 'workday'>
/** Hours of service of a working day, minutes of the local day (R65). */
export type ServiceHours = { from: number; to: number }

/**
 * Working days of the site: its calendar's exceptions over Monday to Friday. Pure; in a year of which it knows nothing days follow
 * the week, and whoever decides by them says so (`unknownFrom`).
 */
export class WorkCalendar {
  readonly local: LocalCalendar
  readonly #kinds: DayKinds

  constructor(local: LocalCalendar, kinds: DayKinds) {
    this.local = local
    this.#kinds = kinds
  }

  isWorkday(date: string): boolean {
    const kind = this.#kinds.get(date)
    return kind === undefined ? this.local.weekdayOf(date) <= 5 : kind === 'workday'
  }

  /** A day that the calendar closes. */
  isHoliday(date: string): boolean {
    return this.#kinds.get(date) === 'closed'
  }

  /** True when the calendar says anything about a year; otherwise its holidays are not known. */
  knows(year: number): boolean {
    return [...this.#kinds.keys()].some(d => d.startsWith(`${year}-`))
  }

  /** The first date of a stretch whose year the calendar does not know: what it is, a holiday or not, is not known. */
  unknownFrom(from: string, to: string): string | null {
    for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year++)
      if (!this.knows(year)) return from > `${year}-01-01` ? from : `${year}-01-01`
    return null
  }

  /** The month (YYYY-MM) after that of a date or month. */
  monthAfter(date: string): string {
    return this.local.plusDays(`${date.slice(0, 7)}-28`, 4).slice(0, 7)
  }

  /** The nth working day of a month (YYYY-MM), from 1. */
  nthWorkday(month: string, n: number): string {
    let left = n
    for (let date = `${month}-01`; ; date = this.local.plusDays(date, 1)) if (this.isWorkday(date) && --left === 0) return date
  }

  /** The date that is `days` working days after a date, which is not counted itself. */
  plusWorkdays(date: string, days: number): string {
    let at = date
    for (let left = days; left > 0; ) {
      at = this.local.plusDays(at, 1)
      if (this.isWorkday(at)) left--
    }
    return at
  }

  /** A date that is a rest day moves as the site says (C11). */
  shifted(date: string, rule: 'none' | 'before' | 'after'): string {
    let at = date
    if (rule !== 'none') while (!this.isWorkday(at)) at = this.local.plusDays(at, rule === 'before' ? -1 : 1)
    return at
  }

  /** Milliseconds of service between two instants. */
  serviceBetween(from: number, to: number, hours: ServiceHours): number {
    let sum = 0
    for (let date = this.local.dateOf(from); date <= this.local.dateOf(to); date = this.local.plusDays(date, 1)) {
      if (!this.isWorkday(date)) continue
      const opens = Math.max(from, this.local.instantOf(date, hours.from))
      const closes = Math.min(to, this.local.instantOf(date, hours.to))
      if (closes > opens) sum += closes - opens
    }
    return sum
  }

  /** The instant by which so much service has passed since `from`. */
  afterService(from: number, ms: number, hours: ServiceHours): number {
    if (hours.to <= hours.from) throw new RangeError('service hours end before they begin')
    let left = ms
    for (let date = this.local.dateOf(from); ; date = this.local.plusDays(date, 1)) {
      if (!this.isWorkday(date)) continue
      const opens = Math.max(from, this.local.instantOf(date, hours.from))
      const open = this.local.instantOf(date, hours.to) - opens
      if (open <= 0) continue
      if (left <= open) return opens + left
      left -= open
    }
  }
}

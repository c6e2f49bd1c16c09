import { Temporal } from 'temporal-polyfill'
import { clockOfMinute } from '#contract/clockText'

/** Calendar arithmetic in a site's time zone; the wall PC's own zone is never asked. Results are remembered. */
export const openCalendar = (timeZone: string) => {
  const instants = new Map<string, number>()
  const dates = new Map<number, string>()
  const weekdays = new Map<string, number>()
  const later = new Map<string, string>()
  const remember = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
    const known = map.get(key)
    if (known !== undefined) return known
    if (map.size > 20_000) map.clear()
    const made = make()
    map.set(key, made)
    return made
  }
  /** Local parts of an instant, for screens and sheets that the server writes. */
  const partsOf = (at: number) => {
    const z = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone)
    return {
      date: z.toPlainDate().toString(),
      hour: z.hour,
      minute: z.minute,
      second: z.second,
      weekday: z.dayOfWeek,
      minuteOfDay: z.hour * 60 + z.minute,
    }
  }
  return {
    dateOf: (at: number): string =>
      remember(dates, Math.floor(at / 60_000), () =>
        Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate().toString(),
      ),
    instantOf: (date: string, minute: number): number =>
      remember(instants, `${date}|${minute}`, () => {
        const time = { hour: Math.floor(minute / 60) % 24, minute: minute % 60 }
        const day = minute >= 1440 ? Temporal.PlainDate.from(date).add({ days: 1 }) : Temporal.PlainDate.from(date)
        return day.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds
      }),
    weekdayOf: (date: string): number => remember(weekdays, date, () => Temporal.PlainDate.from(date).dayOfWeek),
    plusDays: (date: string, days: number): string =>
      remember(later, `${date}|${days}`, () => Temporal.PlainDate.from(date).add({ days }).toString()),
    partsOf,
    /** "HH:MM" of an instant. */
    clockOf: (at: number): string => clockOfMinute(partsOf(at).minuteOfDay),
    /** "YYYY-MM-DD HH:MM" of an instant. */
    momentOf: (at: number): string => `${partsOf(at).date} ${clockOfMinute(partsOf(at).minuteOfDay)}`,
  }
}
export type SiteCalendar = ReturnType<typeof openCalendar>

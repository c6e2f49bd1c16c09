import type { Text } from '#api/words/text'
import type { Messages } from '#api/words/zh'
import type { PointInfo } from '#contract/messages'
import type { PointValue, Scalar } from '#contract/quality'

/** Numbers and times as people read them. The site's time zone always; never the PC's own (ux.md §2). */
export class Format {
  readonly #clock: Intl.DateTimeFormat
  readonly #parts: Intl.DateTimeFormat

  constructor(timeZone: string) {
    this.#clock = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    })
    this.#parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  }

  /** 19:04:10 */
  seconds = (at: number): string => this.#clock.format(at)
  /** 19:04 */
  minutes = (at: number): string => this.#clock.format(at).slice(0, 5)
  /** 2026-11-21 */
  date = (at: number): string => this.#parts.format(at)
  /** 11-21 周六 */
  day = (at: number, t: Messages): string => {
    const date = this.date(at)
    return `${date.slice(5)} ${t.time.weekdays[new Date(`${date}T00:00:00Z`).getUTCDay()]}`
  }
  /** 19:04, or 11-22 19:04 when it is another day than `now`. */
  near = (at: number, now: number): string =>
    this.date(at) === this.date(now) ? this.minutes(at) : `${this.date(at).slice(5)} ${this.minutes(at)}`

  /** The instant of a minute of a local day (browser side of the booking grid). */
  instant = (date: string, minute: number): number => {
    const guess = Date.parse(`${date}T00:00:00Z`) + minute * 60_000
    const shown = Date.parse(`${this.date(guess)}T${this.seconds(guess)}Z`)
    return guess - (shown - guess)
  }
}

/** Minutes of the day of a 24 h text such as 19:30; undefined when it is none. */
export const minuteOfDay = (text: string): number | undefined => {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text)
  return match ? Number(match[1]) * 60 + Number(match[2]) : undefined
}

/** The next time that a clock shows 19:30, from now. */
export const nextAt = (text: string, now: number, f: Format): number => {
  const minute = minuteOfDay(text) ?? 0
  const today = f.instant(f.date(now), minute)
  return today > now ? today : f.instant(f.date(now + 86_400_000), minute)
}

/** 3 min 12 s, 1 h 55 min, 42 s */
export const span = (ms: number, t: Messages): string => {
  const s = Math.max(0, Math.round(ms / 1000))
  if (s < 60) return `${s} ${t.time.s}`
  const min = Math.floor(s / 60)
  if (min < 60) return min < 10 && s % 60 > 0 ? `${min} ${t.time.min} ${s % 60} ${t.time.s}` : `${min} ${t.time.min}`
  const h = Math.floor(min / 60)
  if (h < 48) return min % 60 > 0 ? `${h} ${t.time.h} ${min % 60} ${t.time.min}` : `${h} ${t.time.h}`
  return `${Math.floor(h / 24)} ${t.time.d}`
}

/** Minutes and seconds of a running clock: 03:14 */
export const stopwatch = (ms: number): string => {
  const s = Math.max(0, Math.floor(Math.abs(ms) / 1000))
  const h = Math.floor(s / 3600)
  const two = (n: number) => String(n).padStart(2, '0')
  return h > 0 ? `${h}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${two(Math.floor(s / 60))}:${two(s % 60)}`
}

/** Age of a value for engineers: tenths below ten seconds. */
export const age = (ms: number, t: Messages): string => (ms < 10_000 ? `${Math.max(0, ms / 1000).toFixed(1)} s` : span(ms, t))

export const showNumber = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })

/** A value in the words or digits of its point; a dash when there is no number to show. */
export const showValue = (
  v: Scalar | undefined,
  info: Pick<PointInfo, 'digits' | 'texts'> | undefined,
  word: (said: Text) => string,
): string => {
  if (v === null || v === undefined) return '—'
  const text = info?.texts?.[String(Number(v))]
  if (text) return word(text)
  if (typeof v === 'number') return showNumber(v, info?.digits ?? 1)
  return String(v)
}

export const isGood = (value: PointValue | undefined): boolean =>
  value?.q === 'good' || value?.q === 'manual' || value?.q === 'simulated'

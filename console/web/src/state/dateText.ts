/** What a field of a date asks for: a day, a month, or a day with a time of day. */
export type DateKind = 'date' | 'month' | 'moment'

const two = (n: number) => String(n).padStart(2, '0')
const dayMs = 86_400_000

const patterns: Record<DateKind, RegExp> = {
  date: /^(\d{4})\D(\d{1,2})\D(\d{1,2})\D?$/,
  month: /^(\d{4})\D(\d{1,2})\D?$/,
  moment: /^(\d{4})\D(\d{1,2})\D(\d{1,2})\D+(\d{1,2})\D?(\d{2})$/,
}

/**
 * A typed date as it is kept: `2026-11-21`, `2026-11` or `2026-11-21T19:04`. Any sign between the numbers does, or none
 * (20261121, 20261121 1904); undefined for a day or time that there is none of.
 */
export const dateOf = (text: string, kind: DateKind): string | undefined => {
  // Eight digits, or six of a month, are spread first; then everything has something between its numbers.
  const spread = text.trim().replace(/^(\d{4})(\d{2})(\d{2})?(?!\d)/, (_, y, m, d) => [y, m, d].filter(Boolean).join('-'))
  const found = patterns[kind].exec(spread)?.slice(1).map(Number)
  if (!found) return undefined
  const [y = 0, m = 0, d = 1, hour = 0, minute = 0] = found
  const day = new Date(Date.UTC(y, m - 1, d))
  if (y < 1000 || day.getUTCMonth() !== m - 1 || day.getUTCDate() !== d || hour > 23 || minute > 59) return undefined
  if (kind === 'month') return `${y}-${two(m)}`
  return kind === 'date' ? `${y}-${two(m)}-${two(d)}` : `${y}-${two(m)}-${two(d)}T${two(hour)}:${two(minute)}`
}

/** As people read it, the same in every language and on every PC. */
export const shownDate = (value: string): string => value.replace('T', ' ')

/** So many days later, or months where a month is asked for; the time of day stays. */
export const dateAfter = (value: string, kind: DateKind, by: number): string => {
  const [y = 0, m = 1, d = 1] = value.slice(0, 10).split('-').map(Number)
  if (kind === 'month') return new Date(Date.UTC(y, m - 1 + by, 1)).toISOString().slice(0, 7)
  return new Date(Date.UTC(y, m - 1, d) + by * dayMs).toISOString().slice(0, 10) + value.slice(10)
}

/** The weeks, Monday first, of the month in which a day lies, with the days of its neighbours that fill them. */
export const weeksOf = (date: string): string[][] => {
  const first = Date.parse(`${date.slice(0, 7)}-01T00:00:00Z`)
  const start = first - ((new Date(first).getUTCDay() + 6) % 7) * dayMs
  const weeks = Array.from({ length: 6 }, (_, w) =>
    Array.from({ length: 7 }, (__, i) => new Date(start + (w * 7 + i) * dayMs).toISOString().slice(0, 10)),
  )
  return weeks.filter(week => week.some(d => d.startsWith(date.slice(0, 7))))
}

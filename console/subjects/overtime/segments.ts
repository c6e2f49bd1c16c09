import type { BooksReader } from '../../server/books/books.ts'
import type { Stretch } from '../../server/domain/intervals.ts'
import type { Blocked } from '../../server/engine/blocked.ts'
import type { Directory } from '../../server/site/directory.ts'
import { repeated } from './arithmetic/recurrence.ts'
import type { Form } from './definition.ts'

/** One zone on one evening of a booking: what runs, and what is charged. `id`: its own, once it stands in the books. */
export type Segment = Stretch & { zone: string; id?: string }
type Wish = Pick<Form, 'zone' | 'from' | 'to'> & Partial<Pick<Form, 'also' | 'weekdays' | 'until' | 'except'>>

/** More than this is several bookings: each is priced before it is told. */
const mostSegments = 200
const farthestDays = 366
export const longestMs = 24 * 3_600_000

/** What a booking comes to, evening by evening; why it cannot where it is none. */
export const segmentsOf = ({ calendar }: Directory, form: Wish): Segment[] | Blocked => {
  const { zone, also = [], from, to, weekdays = [], until, except = [] } = form
  const zones = [zone, ...also]
  if (new Set(zones).size < zones.length)
    return { code: 'in-the-way', field: 'also', say: { zh: '同一区域写了两次', en: 'a zone stands there twice' } }
  if (to <= from) return { code: 'ends-before-start', field: 'to' }
  if (to - from > longestMs) return { code: 'too-long', field: 'to' }
  if (until === undefined) return zones.map(z => ({ zone: z, from, to }))
  const date = calendar.dateOf(from)
  if (until > calendar.plusDays(date, farthestDays)) return { code: 'too-long', field: 'until' }
  const hours = repeated({ from, to }, { weekdays: weekdays.map(Number), until, except }, calendar)
  if (hours[0]?.from !== from)
    return {
      code: 'in-the-way',
      field: 'weekdays',
      say: {
        zh: '重复的星期里要有第一天，第一天也不能除外',
        en: 'the weekdays must have that of the first date, and it cannot be an exception',
      },
    }
  if (hours.some((h, i) => h.from < (hours[i - 1]?.to ?? 0))) return { code: 'too-long', field: 'to' }
  if (hours.length * zones.length > mostSegments)
    return {
      code: 'in-the-way',
      field: 'until',
      say: {
        zh: `超过 ${mostSegments} 段（晚数 × 区域），请分几单`,
        en: `over ${mostSegments} evenings times zones: make several bookings`,
      },
    }
  return hours.flatMap(h => zones.map(z => ({ zone: z, ...h })))
}

/** The rows of a booking that hold, by time. */
export const rowsOf = (db: BooksReader, caseId: string) =>
  db
    .selectFrom('booking')
    .selectAll()
    .where('case_id', '=', caseId)
    .where('live', '=', 1)
    .orderBy('from_at')
    .orderBy('id')
    .execute()
export type Row = Awaited<ReturnType<typeof rowsOf>>[number]

/** Those that are not over. */
export const openRows = async (db: BooksReader, caseId: string): Promise<Row[]> =>
  (await rowsOf(db, caseId)).filter(r => r.ended_at === null)

export const isUnderWay = (r: Row, at: number): boolean => r.from_at <= at && at < r.to_at

/** The rows of one evening; all, where the booking is of one evening. */
export const onEvening = ({ calendar }: Directory, rows: readonly Row[], evening: string | undefined): Row[] =>
  evening === undefined ? [...rows] : rows.filter(r => calendar.dateOf(r.from_at) === evening)

/** Other hours for what is not over of a booking, of one evening where it is repeated: what of it would change and how, and what stays. */
export const withOtherHours = (
  directory: Directory,
  rows: readonly Row[],
  at: number,
  { evening, from, to }: { evening?: string | undefined; from?: number; to: number },
) => {
  const open = rows.filter(r => r.ended_at === null && r.to_at > at)
  const chosen = onEvening(directory, open, evening)
  const proposed = chosen.map(r => ({ id: r.id, zone: r.zone, from: from ?? r.from_at, to }))
  return { chosen, proposed, stays: rows.filter(r => !chosen.includes(r)) }
}

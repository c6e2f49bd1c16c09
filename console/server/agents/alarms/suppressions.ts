import type { Selectable } from 'kysely'
import type { Suppression } from '#api/models/alarmLife'
import type { Alarm } from '#api/models/live'
import type { BooksReader } from '../../books/books.ts'
import type { Books } from '../../books/schema.ts'

export type SuppressionRow = Selectable<Books['alarm_suppression']>
type About = { source: string; key: string; device: string | null; level: number }

/** Of all alarms of a device; its own key is what stands before the slash. */
export const ofDevice = (device: string) => `${device}/*`

/**
 * What nobody may put out of sight, whoever he is: danger to life; that a linkage is under test, so that a fire sets nothing going; what a person
 * has reported.
 */
export const isAlwaysSeen = (a: Pick<About, 'key' | 'level'>): boolean =>
  a.level === 1 || a.key.startsWith('test/') || a.key.startsWith('reported/')
/** That a device of level 1 or 2 is lost is no alarm of the device: it is that there are none. */
const isLoss = (a: Pick<About, 'key' | 'level'>) => a.level <= 2 && /^(link|part|bits)\//.test(a.key)

/** What is out of sight now, by source and key. */
export const suppressedNow = (db: BooksReader) =>
  db.selectFrom('alarm_suppression').selectAll().where('ended_at', 'is', null).orderBy('at').execute()

/** The one that holds of an alarm: of nothing worse than what was judged when it was made. */
const holding = <R extends Pick<SuppressionRow, 'source' | 'key' | 'level'>>(rows: readonly R[], a: About): R | undefined => {
  if (isAlwaysSeen(a)) return undefined
  const mine = rows.filter(r => r.source === a.source && r.level <= a.level)
  const device = a.device !== null && !isLoss(a) ? ofDevice(a.device) : undefined
  return mine.find(r => r.key === a.key) ?? mine.find(r => r.key === device)
}

/** The same in memory, for all that is shown; brought up to date by every transaction that changes it. */
export class Suppressions {
  #rows: readonly SuppressionRow[]
  readonly #wall: () => number

  constructor(rows: readonly SuppressionRow[], wall: () => number) {
    this.#rows = rows
    this.#wall = wall
  }

  get rows() {
    return this.#rows
  }

  learn(rows: readonly SuppressionRow[]) {
    this.#rows = rows
  }

  /** What is past its end is in sight, whether or not the books could be told so. */
  of(a: About): Alarm['suppressed'] {
    const now = this.#wall()
    const row = holding(
      this.#rows.filter(r => r.until > now),
      a,
    )
    return row ? { id: row.id, kind: row.kind as Suppression, by: row.by_user, why: row.why, at: row.at, until: row.until } : null
  }
}

/** As the transaction sees it. */
export const suppressionIn = async (db: BooksReader, a: About): Promise<Suppression | null> => {
  if (isAlwaysSeen(a)) return null
  const rows = await db
    .selectFrom('alarm_suppression')
    .select(['source', 'key', 'level', 'kind'])
    .where('ended_at', 'is', null)
    .where('source', '=', a.source)
    .where('key', 'in', a.device === null ? [a.key] : [a.key, ofDevice(a.device)])
    .execute()
  return (holding(rows, a)?.kind as Suppression | undefined) ?? null
}

import type { Selectable } from 'kysely'
import type { Suppression } from '#api/models/alarmLife'
import type { Alarm } from '#api/models/live'
import type { BooksReader } from '../../books/books.ts'
import type { Books } from '../../books/schema.ts'

export type SuppressionRow = Selectable<Books['alarm_suppression']>
type About = { source: string; key: string; device: string | null; level: number }

/** Of all alarms of a device; its own key is what stands before the slash. */
export const ofDevice = (device: string) => `${device}/*`

/** What is out of sight now, by source and key. */
export const suppressedNow = (db: BooksReader) =>
  db.selectFrom('alarm_suppression').selectAll().where('ended_at', 'is', null).orderBy('at').execute()

/** The one that holds of an alarm; danger to life is never out of sight, whatever its device is. */
const holding = (rows: readonly SuppressionRow[], a: About) =>
  a.level === 1
    ? undefined
    : rows.find(r => r.source === a.source && (r.key === a.key || (a.device !== null && r.key === ofDevice(a.device))))

/** The same in memory, for all that is shown; brought up to date by every transaction that changes it. */
export class Suppressions {
  #rows: readonly SuppressionRow[]

  constructor(rows: readonly SuppressionRow[]) {
    this.#rows = rows
  }

  get rows() {
    return this.#rows
  }

  learn(rows: readonly SuppressionRow[]) {
    this.#rows = rows
  }

  of(a: About): Alarm['suppressed'] {
    const row = holding(this.#rows, a)
    return row ? { id: row.id, kind: row.kind as Suppression, by: row.by_user, why: row.why, at: row.at, until: row.until } : null
  }
}

/** As the transaction sees it. */
export const suppressionIn = async (db: BooksReader, a: About): Promise<Suppression | null> => {
  if (a.level === 1) return null
  const keys = a.device === null ? [a.key] : [a.key, ofDevice(a.device)]
  const row = await db
    .selectFrom('alarm_suppression')
    .select('kind')
    .where('ended_at', 'is', null)
    .where('source', '=', a.source)
    .where('key', 'in', keys)
    .executeTakeFirst()
  return (row?.kind as Suppression | undefined) ?? null
}

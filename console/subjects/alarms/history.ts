import { sql } from 'kysely'
import { alarmState } from '#api/models/live'
import { dictionaryOf, type Language } from '#api/words/languages'
import { textIn } from '#api/words/text'
import { alarmOf } from '../../server/agents/alarms/rows.ts'
import type { BooksReader } from '../../server/books/books.ts'
import { contains } from '../../server/books/contains.ts'
import type { Desk } from '../../server/desk/desk.ts'
import type { Cell } from '../../server/export/csv.ts'

/** What is looked for among all alarms that there were. */
export type HistoryQuery = {
  q: string
  level?: number | undefined
  kind?: string | undefined
  from?: string | undefined
  to?: string | undefined
  before?: number | undefined
  limit: number
}

/** The newest first; `q` is any text of the name, the key, the device or the place. */
export const alarmHistory = (db: BooksReader, calendar: Desk['directory']['calendar'], ask: HistoryQuery) => {
  let query = db.selectFrom('alarm').selectAll()
  if (ask.q !== '')
    query = query.where(e =>
      e.or(
        (['name_json', 'key', 'device', 'place'] as const).map(column =>
          contains(sql`lower(${sql.ref(column)})`, ask.q.toLowerCase()),
        ),
      ),
    )
  if (ask.level !== undefined) query = query.where('level', '=', ask.level)
  if (ask.kind !== undefined) query = query.where('kind', '=', ask.kind)
  if (ask.from !== undefined) query = query.where('raised_at', '>=', calendar.instantOf(ask.from, 0))
  if (ask.to !== undefined) query = query.where('raised_at', '<', calendar.instantOf(calendar.plusDays(ask.to, 1), 0))
  if (ask.before !== undefined) query = query.where('raised_at', '<', ask.before)
  return query.orderBy('raised_at', 'desc').orderBy('id', 'desc').limit(ask.limit).execute()
}

/** The same as a table, in one language. */
export const alarmTable = async (desk: Desk, ask: Omit<HistoryQuery, 'limit'>, language: Language) => {
  const { calendar } = desk.directory
  const t = dictionaryOf(language).messages.alarms
  const rows = await alarmHistory(desk.books.read, calendar, { ...ask, limit: 50_000 })
  const date = (at: number | null): Cell => (at === null ? '' : { date: calendar.momentOf(at) })
  return {
    title: dictionaryOf(language).messages.nav.alarms,
    columns: [t.raised, t.level, t.place, t.what, t.value, t.state, t.returned, t.ack, t.ackedByWho, t.owner, t.times, t.notes],
    rows: rows.map(row => {
      const a = alarmOf(row)
      const value = [a.value, a.limit].filter(v => typeof v === 'number').join(' / ')
      return [
        date(a.raisedAt),
        a.level,
        textIn(language, desk.directory.placeName(a.place ?? a.device)),
        textIn(language, a.name),
        value,
        t.states[alarmState(a)],
        date(a.returnedAt),
        date(a.ackedAt),
        a.ackedBy ?? '',
        a.owner ?? '',
        a.times,
        a.notes.map(n => `${n.by}: ${n.text}`).join('; '),
      ] satisfies Cell[]
    }),
  }
}

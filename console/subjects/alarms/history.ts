import { sql } from 'kysely'
import { alarmState } from '#api/models/live'
import { codes, dictionaryOf, type Language } from '#api/words/languages'
import { type Text, textIn } from '#api/words/text'
import { alarmOf } from '../../server/agents/alarms/rows.ts'
import type { BooksReader } from '../../server/books/books.ts'
import { contains } from '../../server/books/contains.ts'
import { textOf } from '../../server/books/words.ts'
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

/** Where an alarm is said to be: at its place, else at its device. */
const at = sql<string | null>`coalesce(alarm.place, alarm.device)`
type Directory = Pick<Desk['directory'], 'calendar' | 'placeName'>

/** Names and places as somebody reads them, in any language, in which a text occurs; there are few of each, however many alarms. */
const readAs = async (db: BooksReader, directory: Directory, typed: string) => {
  const has = (text: Text) => codes.some(c => textIn(c, text).toLowerCase().includes(typed))
  const [names, places] = await Promise.all([
    db.selectFrom('alarm').select('name_json').distinct().execute(),
    db.selectFrom('alarm').select(at.as('at')).distinct().execute(),
  ])
  return {
    names: names.map(r => r.name_json).filter(name => has(textOf(name))),
    places: places.flatMap(r => (r.at !== null && has(directory.placeName(r.at)) ? [r.at] : [])),
  }
}

/** The newest first; `q` is any text of the name or the place as they are read, or of the key. */
export const alarmHistory = async (db: BooksReader, directory: Directory, ask: HistoryQuery) => {
  const { calendar } = directory
  let query = db.selectFrom('alarm').selectAll()
  if (ask.q !== '') {
    const typed = ask.q.toLowerCase()
    const { names, places } = await readAs(db, directory, typed)
    query = query.where(e =>
      e.or([
        contains(sql`lower(${sql.ref('key')})`, typed),
        ...(names.length === 0 ? [] : [e('name_json', 'in', names)]),
        ...(places.length === 0 ? [] : [e(at, 'in', places)]),
      ]),
    )
  }
  if (ask.level !== undefined) query = query.where('level', '=', ask.level)
  if (ask.kind !== undefined) query = query.where('kind', '=', ask.kind)
  if (ask.from !== undefined) query = query.where('raised_at', '>=', calendar.instantOf(ask.from, 0))
  if (ask.to !== undefined) query = query.where('raised_at', '<', calendar.instantOf(calendar.plusDays(ask.to, 1), 0))
  if (ask.before !== undefined) query = query.where('raised_at', '<', ask.before)
  return query.orderBy('raised_at', 'desc').orderBy('id', 'desc').limit(ask.limit).execute()
}

/** The same as a table, in one language. */
export const alarmTable = async (desk: Desk, ask: Omit<HistoryQuery, 'limit'>, language: Language) => {
  const { directory } = desk
  const t = dictionaryOf(language).messages.alarms
  const rows = await alarmHistory(desk.books.read, directory, { ...ask, limit: 50_000 })
  const date = (at: number | null): Cell => (at === null ? '' : { date: directory.calendar.momentOf(at) })
  return {
    title: dictionaryOf(language).messages.nav.alarms,
    columns: [t.raised, t.level, t.place, t.what, t.value, t.state, t.returned, t.ack, t.ackedByWho, t.owner, t.times, t.notes],
    rows: rows.map(row => {
      const a = alarmOf(row)
      const value = [a.value, a.limit].filter(v => typeof v === 'number').join(' / ')
      return [
        date(a.raisedAt),
        a.level,
        textIn(language, directory.placeName(a.place ?? a.device)),
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

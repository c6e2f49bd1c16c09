import { type ExpressionBuilder, type Selectable, type SqlBool, sql } from 'kysely'
import { type Alarm, type AlarmPlace, alarmPage, type CommandView, type OpenAlarmCount } from '#api/models/live'
import type { BooksReader } from '../../books/books.ts'
import type { Books } from '../../books/schema.ts'
import { textOf, wordsIn } from '../../books/words.ts'
import type { Fact } from './fact.ts'

export type AlarmRow = Selectable<Books['alarm']>

/** What its source has said of it. */
export const factOfRow = (row: AlarmRow): Fact => ({
  id: row.id,
  key: row.key,
  level: row.level as Alarm['level'],
  kind: row.kind as Alarm['kind'],
  device: row.device,
  point: row.point,
  place: row.place,
  name: textOf(row.name_json),
  raisedAt: row.raised_at,
  value: JSON.parse(row.value_json),
  limit: JSON.parse(row.limit_json),
  unverifiedSince: null,
})

export const alarmOf = (row: AlarmRow): Alarm => ({
  ...factOfRow(row),
  source: row.source,
  returnedAt: row.returned_at,
  ackedAt: row.acked_at,
  ackedBy: row.acked_by,
  owner: row.owner,
  notes: JSON.parse(row.notes_json),
  ticket: row.ticket,
  first: row.first_id ?? row.id,
  times: row.times,
  rings: row.rings,
  latched: row.latched === 1,
  chatters: row.chatters,
  suppressed: null,
  continuedBy: row.continued_by,
  recorded: true,
})

/** An alarm that is not in the books yet. */
export const alarmOfFact = (source: string, fact: Fact): Alarm => ({
  ...fact,
  source,
  returnedAt: null,
  ackedAt: null,
  ackedBy: null,
  owner: null,
  notes: [],
  ticket: null,
  first: fact.id,
  times: 1,
  rings: 1,
  latched: fact.latch === true,
  chatters: 0,
  suppressed: null,
  continuedBy: null,
  recorded: false,
})

export const commandOf = (row: Selectable<Books['command']>): CommandView => ({
  id: row.id,
  point: row.point,
  value: JSON.parse(row.value_json),
  level: row.level,
  kind: row.kind as CommandView['kind'],
  by: wordsIn(row.by_json),
  at: row.at,
  until: row.until,
  step: row.step as CommandView['step'],
  reason: row.reason as CommandView['reason'],
  read: row.read_json === null ? null : JSON.parse(row.read_json),
  steps: JSON.parse(row.steps_json),
})

/** Not over, and no repeat has taken its place: word for word as the indexes `alarm_open` have it, or the database reads all of history. */
export const isOpen = sql<SqlBool>`continued_by is null and (returned_at is null or acked_at is null or latched = 1)`

/** Alarms that are not over (standing, or returned but not acknowledged), the most severe first; what comes `after` one, where given. */
export const openAlarms = (db: BooksReader, after?: AlarmPlace) =>
  db
    .selectFrom('alarm')
    .selectAll()
    .where(isOpen)
    .$if(after !== undefined, q => q.where(e => comesAfter(e, after as AlarmPlace)))
    .orderBy('level')
    .orderBy('raised_at', 'desc')
    .orderBy('id')
    .limit(alarmPage)
    .execute()

const comesAfter = (e: ExpressionBuilder<Books, 'alarm'>, { level, raisedAt, id }: AlarmPlace) =>
  e.or([
    e('level', '>', level),
    e.and([e('level', '=', level), e('raised_at', '<', raisedAt)]),
    e.and([e('level', '=', level), e('raised_at', '=', raisedAt), e('id', '>', id)]),
  ])

/** How many are open, by level and by whether they stand and are acknowledged. */
export const openAlarmCounts = async (db: BooksReader): Promise<OpenAlarmCount[]> => {
  const rows = await db
    .selectFrom('alarm')
    .select(e => [
      'level',
      e('returned_at', 'is', null).as('stands'),
      e('acked_at', 'is not', null).as('acked'),
      e.fn.countAll<number>().as('n'),
    ])
    .where(isOpen)
    .groupBy(['level', 'stands', 'acked'])
    .orderBy('level')
    .execute()
  return rows.map(r => ({ level: r.level as Alarm['level'], stands: Boolean(r.stands), acked: Boolean(r.acked), n: Number(r.n) }))
}

/** All of one source that stand. */
export const standingOf = (db: BooksReader, source: string) =>
  db.selectFrom('alarm').selectAll().where('source', '=', source).where('returned_at', 'is', null).execute()

/** What the books say of these alarms and, where a source is named, of all of it that stand. */
export const rowsOf = (db: BooksReader, ids: readonly string[], allOf: string | undefined) =>
  db
    .selectFrom('alarm')
    .select(['id', 'source', 'returned_at', 'acked_at'])
    .where(e =>
      e.or([
        e('id', 'in', ids.length > 0 ? ids : ['']),
        ...(allOf === undefined ? [] : [e.and([e('source', '=', allOf), e('returned_at', 'is', null)])]),
      ]),
    )
    .execute()

/** A new alarm as it is written into the books. */
export const newAlarmRow = (source: string, a: Fact, ticket: string | null) => ({
  id: a.id,
  source,
  key: a.key,
  level: a.level,
  kind: a.kind,
  device: a.device,
  point: a.point,
  place: a.place,
  name_json: JSON.stringify(a.name),
  raised_at: a.raisedAt,
  value_json: JSON.stringify(a.value),
  limit_json: JSON.stringify(a.limit),
  returned_at: null,
  acked_at: null,
  acked_by: null,
  owner: null,
  notes_json: '[]',
  ticket,
  first_id: a.id as string | null,
  continued_by: null,
  times: 1,
  rings: 1,
  latched: a.latch ? 1 : 0,
  chatters: 0,
})

import type { Selectable } from 'kysely'
import type { Alarm, CommandView } from '#api/models/live'
import type { AlarmFact } from '#contract/alarm'
import type { BooksReader } from '../books/books.ts'
import type { Books } from '../books/schema.ts'

export const alarmOf = (row: Selectable<Books['alarm']>): Alarm => ({
  id: row.id,
  source: row.source,
  key: row.key,
  level: row.level as Alarm['level'],
  kind: row.kind as Alarm['kind'],
  device: row.device,
  point: row.point,
  place: row.place,
  name: { zh: row.name_zh, en: row.name_en },
  raisedAt: row.raised_at,
  value: JSON.parse(row.value_json),
  limit: JSON.parse(row.limit_json),
  unverifiedSince: null,
  returnedAt: row.returned_at,
  ackedAt: row.acked_at,
  ackedBy: row.acked_by,
  owner: row.owner,
  notes: JSON.parse(row.notes_json),
  ticket: row.ticket,
})

export const commandOf = (row: Selectable<Books['command']>): CommandView => ({
  id: row.id,
  point: row.point,
  value: JSON.parse(row.value_json),
  level: row.level,
  kind: row.kind as CommandView['kind'],
  by: { zh: row.by_zh, en: row.by_en },
  at: row.at,
  until: row.until,
  step: row.step as CommandView['step'],
  reason: row.reason as CommandView['reason'],
  read: row.read_json === null ? null : JSON.parse(row.read_json),
  steps: JSON.parse(row.steps_json),
})

/** Alarms that are not over: standing, or returned but not acknowledged. */
export const openAlarms = (db: BooksReader) =>
  db
    .selectFrom('alarm')
    .selectAll()
    .where(e => e.or([e('returned_at', 'is', null), e('acked_at', 'is', null)]))
    .orderBy('raised_at', 'desc')
    .limit(2000)
    .execute()

/** A new alarm as it is written into the books. */
export const newAlarmRow = (source: string, a: AlarmFact, ticket: string | null) => ({
  id: a.id,
  source,
  key: a.key,
  level: a.level,
  kind: a.kind,
  device: a.device,
  point: a.point,
  place: a.place,
  name_zh: a.name.zh,
  name_en: a.name.en,
  raised_at: a.raisedAt,
  value_json: JSON.stringify(a.value),
  limit_json: JSON.stringify(a.limit),
  returned_at: null,
  acked_at: null,
  acked_by: null,
  owner: null,
  notes_json: '[]',
  ticket,
})

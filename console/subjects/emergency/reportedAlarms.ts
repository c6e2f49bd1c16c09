import { ulid } from 'ulid'
import type { Text } from '#api/words/text'
import type { AlarmLevel } from '#contract/alarm'
import { newAlarmRow } from '../../server/agents/alarms/rows.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import { reportedSource } from '../../server/engine/needs.ts'

/** What a person has reported stands as an alarm of its own, seen and heard in the control room, until its ticket is closed. */
export const raiseReported = async (
  work: Work,
  r: { ticket: string; level: AlarmLevel; name: Text; place: string | null },
): Promise<void> => {
  const id = ulid()
  const unknown = { device: null, point: null, value: null, limit: null, unverifiedSince: null }
  const fact = { id, key: `reported/${id}`, kind: 'system' as const, raisedAt: work.at, ...unknown }
  const row = newAlarmRow(reportedSource, { ...fact, level: r.level, name: r.name, place: r.place }, r.ticket)
  await work.tx.insertInto('alarm').values(row).execute()
  work.touched.alarms.add(id)
}

/** With its ticket it is over. */
export const endReported = async (work: Work, ticket: string): Promise<void> => {
  const ended = await work.tx
    .updateTable('alarm')
    .set(e => ({
      // However the clock was put meanwhile, it does not end before it began.
      returned_at: e.case().when('raised_at', '>', work.at).then(e.ref('raised_at')).else(work.at).end(),
    }))
    .where('ticket', '=', ticket)
    .where('source', '=', reportedSource)
    .where('returned_at', 'is', null)
    .returning('id')
    .execute()
  for (const { id } of ended) work.touched.alarms.add(id)
}

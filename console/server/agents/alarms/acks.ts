import { Refusal } from '#api/errors'
import { accountIdOf, audit } from '../../books/audit.ts'
import type { BooksReader } from '../../books/books.ts'
import type { Work } from '../../books/unitOfWork.ts'
import { textOf } from '../../books/words.ts'
import type { CaseEngine } from '../../engine/cases/caseEngine.ts'
import { lifeOfRow, stepped } from './life.ts'
import type { AlarmRow } from './rows.ts'

export const alarmIn = async (db: BooksReader, id: string) => {
  const row = await db.selectFrom('alarm').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new Refusal('unknown-alarm', 'id')
  return row
}

/**
 * The alarm as it goes on: a station may not have heard yet that a repeat has taken its place. What came after somebody has said so, or has called
 * anew, nobody has seen by that.
 */
const latestOf = async (db: BooksReader, id: string, at: number): Promise<AlarmRow> => {
  let row = await alarmIn(db, id)
  while (row.continued_by !== null) {
    const next = await alarmIn(db, row.continued_by)
    if (next.raised_at > at || next.rings !== row.rings) break
    row = next
  }
  return row
}

/** A note added to what stands of an alarm already. */
const withNote = (row: { notes_json: string }, work: Work, at: number, text: string | undefined) =>
  text ? JSON.stringify([...JSON.parse(row.notes_json), { at, by: work.actor.display, text }]) : row.notes_json

/** Somebody has seen an alarm, at that time: on the alarm, and on its ticket. */
export const noteAck = async (work: Work, engine: CaseEngine, id: string, at: number, note?: string): Promise<void> => {
  const row = await latestOf(work.tx, id, at)
  if (row.acked_at !== null) throw new Refusal('already-acked', 'id', { by: row.acked_by })
  stepped(lifeOfRow(row, null), { does: 'acknowledge' })
  await work.tx
    .updateTable('alarm')
    .set({
      acked_at: at,
      acked_by: work.actor.display,
      acked_by_id: accountIdOf(work.actor),
      notes_json: withNote(row, work, at, note),
    })
    .where('id', '=', row.id)
    .execute()
  await audit(work.tx, work.at, work.actor, 'alarm-ack', row.id, at === work.at ? {} : { at })
  work.touched.alarms.add(row.id)
  if (!row.ticket) return
  await engine.remark(work, row.ticket, 'alarm-acked', note ?? '', { name: textOf(row.name_json) })
  work.touched.cases.add(row.ticket)
}

type Changed = { owner?: string; owner_id?: string | null; notes_json?: string }
const change = async (
  work: Work,
  row: { id: string; ticket: string | null },
  what: 'alarm-own' | 'alarm-note',
  values: Changed,
) => {
  await work.tx.updateTable('alarm').set(values).where('id', '=', row.id).execute()
  await audit(work.tx, work.at, work.actor, what, row.id)
  work.touched.alarms.add(row.id)
  if (row.ticket) work.touched.cases.add(row.ticket)
}

/** Somebody has seen these, each for itself; danger to life is acknowledged one by one. Answers those that nobody had acknowledged. */
export const noteAcks = async (work: Work, engine: CaseEngine, ids: readonly string[]): Promise<string[]> => {
  const open = await work.tx
    .selectFrom('alarm')
    .select('id')
    .where('id', 'in', ids)
    .where('level', '>', 1)
    .where('acked_at', 'is', null)
    .where('continued_by', 'is', null)
    .orderBy('raised_at')
    .execute()
  for (const { id } of open) await noteAck(work, engine, id, work.at)
  return open.map(r => r.id)
}

/** The condition of a latched alarm is over, and a person says that it may be forgotten. */
export const resetAlarm = async (work: Work, id: string): Promise<void> => {
  const row = await latestOf(work.tx, id, work.at)
  stepped(lifeOfRow(row, null), { does: 'reset' })
  await work.tx.updateTable('alarm').set({ latched: 0 }).where('id', '=', row.id).execute()
  await audit(work.tx, work.at, work.actor, 'alarm-reset', row.id)
  work.touched.alarms.add(row.id)
}

/** Somebody has it in hand. */
export const ownAlarm = async (work: Work, id: string): Promise<void> =>
  change(work, await alarmIn(work.tx, id), 'alarm-own', { owner: work.actor.display, owner_id: accountIdOf(work.actor) })

export const noteAlarm = async (work: Work, id: string, text: string): Promise<void> => {
  const row = await alarmIn(work.tx, id)
  await change(work, row, 'alarm-note', { notes_json: withNote(row, work, work.at, text) })
}

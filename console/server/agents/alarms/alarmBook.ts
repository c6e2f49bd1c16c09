import type { Work } from '../../books/unitOfWork.ts'
import { textOf } from '../../books/words.ts'
import type { Reactions } from '../reactions.ts'
import type { Fact } from './fact.ts'
import { newAlarmRow } from './rows.ts'

/** Notes an alarm once, whoever tells of it first (journal or standing list), and opens or joins its ticket. */
export const noteRaised = async (work: Work, reactions: Reactions, source: string, a: Fact): Promise<void> => {
  if (!(await isKnown(work, a.id))) await insert(work, reactions, source, a)
}

export const noteReturned = async (work: Work, reactions: Reactions, id: string, at: number): Promise<void> => {
  const row = await work.tx
    .selectFrom('alarm')
    .select(['raised_at', 'returned_at', 'ticket', 'name_json'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return
  const first = row.returned_at === null
  // The journal knows the true time; a standing list that merely misses the alarm only knew that it was over.
  // Neither clock may make it end before it began.
  const returned_at = Math.max(row.raised_at, at)
  await work.tx.updateTable('alarm').set({ returned_at }).where('id', '=', id).execute()
  if (first && row.ticket) await reactions.returned(work, row.ticket, textOf(row.name_json))
  work.touched.alarms.add(id)
}

/** It stands, whatever was concluded before: an alarm that is there and is not seen is the worst that a screen can show. */
const putBack = async (work: Work, reactions: Reactions, a: Fact): Promise<void> => {
  const ticket = await reactions.raised(work, a)
  await work.tx.updateTable('alarm').set({ returned_at: null, ticket }).where('id', '=', a.id).execute()
  work.touched.alarms.add(a.id)
}

/**
 * What stands now according to an agent: shown before the history has drained (design §3). A list that is `current` knows every
 * return that the books know: what stands on it has not returned.
 */
export const noteStanding = async (
  work: Work,
  reactions: Reactions,
  source: string,
  { stand, current }: { stand: readonly Fact[]; current: boolean },
): Promise<void> => {
  const open = new Set((await openOf(work, source)).map(r => r.id))
  for (const alarm of stand) {
    if (open.has(alarm.id)) continue
    if (!(await isKnown(work, alarm.id))) await insert(work, reactions, source, alarm)
    else if (current) await putBack(work, reactions, alarm)
  }
}

/** What is open in the books and of which an agent's whole list says that it is over. */
export const noteOver = async (
  work: Work,
  reactions: Reactions,
  source: string,
  isOver: (id: string) => boolean,
): Promise<void> => {
  for (const { id } of await openOf(work, source)) if (isOver(id)) await noteReturned(work, reactions, id, work.at)
}

const openOf = (work: Work, source: string) =>
  work.tx.selectFrom('alarm').select('id').where('source', '=', source).where('returned_at', 'is', null).execute()

const isKnown = async (work: Work, id: string): Promise<boolean> =>
  (await work.tx.selectFrom('alarm').select('id').where('id', '=', id).executeTakeFirst()) !== undefined

const insert = async (work: Work, reactions: Reactions, source: string, a: Fact): Promise<void> => {
  const ticket = await reactions.raised(work, a)
  await work.tx
    .insertInto('alarm')
    .values(newAlarmRow(source, a, ticket))
    .execute()
  work.touched.alarms.add(a.id)
}

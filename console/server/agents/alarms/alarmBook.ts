import type { Suppression } from '#api/models/alarmLife'
import type { Work } from '../../books/unitOfWork.ts'
import { textOf } from '../../books/words.ts'
import type { Reactions } from '../reactions.ts'
import { consoleSource, type Fact } from './fact.ts'
import { lifeOfRow, stepped } from './life.ts'
import { type AlarmRow, isOpen, newAlarmRow } from './rows.ts'
import { ofDevice, suppressionIn } from './suppressions.ts'

/** So many raises of one alarm within a minute are chattering (ISA-18.2-2016 16.4; field practice: 3). */
const chattersFrom = 3
const chatterMs = 60_000

/** Notes an alarm once, whoever tells of it first (journal or standing list), and opens or joins its ticket. */
export const noteRaised = async (work: Work, reactions: Reactions, source: string, a: Fact): Promise<void> => {
  await insert(work, reactions, source, a)
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
const putBack = async (work: Work, reactions: Reactions, source: string, a: Fact): Promise<void> => {
  const suppressed = await suppressionIn(work.tx, { ...a, source })
  const row = await work.tx.selectFrom('alarm').selectAll().where('id', '=', a.id).executeTakeFirstOrThrow()
  const { rings } = stepped(lifeOfRow(row, suppressed), { does: 'raise' })
  const ticket = suppressed === null ? await reactions.raised(work, a) : row.ticket
  const again = { returned_at: null, continued_by: null, ticket, rings: row.rings + (rings ? 1 : 0) }
  await work.tx.updateTable('alarm').set(again).where('id', '=', a.id).execute()
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
    const isNew = await insert(work, reactions, source, alarm)
    if (!isNew && current) await putBack(work, reactions, source, alarm)
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

/**
 * Of one condition what is open still, the newest first (a new raise of it is a repeat), and how often it came within the minute before this time, this one
 * included, where that is too often. One look: every alarm waits for it.
 */
const lately = async (work: Work, source: string, a: Fact): Promise<{ open: AlarmRow[]; chatters: number }> => {
  const since = a.raisedAt - chatterMs
  const ofKey = () =>
    work.tx.selectFrom('alarm').selectAll().select(isOpen.as('open')).where('key', '=', a.key).where('source', '=', source)
  // Each by its own index: what is long over is not read, however often it came.
  const rows = await ofKey()
    .where(isOpen)
    .union(ofKey().where('raised_at', '>', since))
    .orderBy('raised_at', 'desc')
    .execute()
  const n = rows.filter(r => r.raised_at > since).length + 1
  return { open: rows.filter(r => r.open).map(({ open: _, ...row }) => row), chatters: n >= chattersFrom ? n : 0 }
}

/** Whether the books have it already, and whether anything of its condition or device is set aside. */
const knownOrAside = async (work: Work, source: string, a: Fact): Promise<{ known: boolean; aside: boolean }> => {
  const keys = a.device === null ? [a.key] : [a.key, ofDevice(a.device)]
  const row = await work.tx
    .selectNoFrom(e => [
      e.exists(e.selectFrom('alarm').select('id').where('id', '=', a.id)).as('known'),
      e
        .exists(
          e
            .selectFrom('alarm_suppression')
            .select('id')
            .where('ended_at', 'is', null)
            .where('source', '=', source)
            .where('key', 'in', keys),
        )
        .as('aside'),
    ])
    .executeTakeFirst()
  return { known: Boolean(row?.known), aside: Boolean(row?.aside) }
}

/** Where it is not known yet; else false. */
const insert = async (work: Work, reactions: Reactions, source: string, a: Fact): Promise<boolean> => {
  const { known, aside } = await knownOrAside(work, source, a)
  if (known) return false
  const suppressed = aside ? await suppressionIn(work.tx, { ...a, source }) : null
  const { open, chatters } = await lately(work, source, a)
  const later = open.find(r => r.raised_at > a.raisedAt)
  // A condition stands once: that it is there again says that it had returned, whenever that is told.
  for (const r of open) if (r.returned_at === null && r !== later) await noteReturned(work, reactions, r.id, a.raisedAt)
  const before = open.find(r => r.raised_at <= a.raisedAt)
  // Out of sight it opens nothing; when it is given back and stands, it does.
  const ticket = suppressed === null ? await reactions.raised(work, a) : null
  const row = { ...newAlarmRow(source, a, ticket), chatters }
  if (later) {
    await takeBehind(work, row, later)
    return true
  }
  await work.tx
    .insertInto('alarm')
    .values(before ? { ...row, ...repeatOf(before, a, source, suppressed) } : row)
    .execute()
  work.touched.alarms.add(a.id)
  if (before) await goOnWith(work, before, a.id)
  return true
}

/** The repeat stands for it from now on: the row is history, whatever becomes of the alarm. */
const goOnWith = async (work: Work, before: AlarmRow, id: string) => {
  const over = { continued_by: id, latched: 0, ...(before.acked_at === null ? { acked_at: work.at } : {}) }
  await work.tx.updateTable('alarm').set(over).where('id', '=', before.id).execute()
  work.touched.alarms.add(before.id)
}

/** Told of late, when a repeat of it is known already: it is one of that alarm's times. */
const takeBehind = async (work: Work, row: ReturnType<typeof newAlarmRow>, later: AlarmRow) => {
  await work.tx
    .insertInto('alarm')
    .values({ ...row, continued_by: later.id, acked_at: work.at, latched: 0 })
    .execute()
  await work.tx
    .updateTable('alarm')
    .set({ times: later.times + 1 })
    .where('id', '=', later.id)
    .execute()
  work.touched.alarms.add(row.id)
  work.touched.alarms.add(later.id)
}

/** What a repeat takes over of the alarm that it goes on with: whose it is, what was written of it, how often it came. */
const repeatOf = (before: AlarmRow, a: Fact, source: string, suppressed: Suppression | null) => {
  // One that stood until now has returned meanwhile.
  const { next, rings } = stepped({ ...lifeOfRow(before, suppressed), stands: false }, { does: 'raise' })
  // What the console says of itself may have come to mean something else: an agent that was stopped is now lost.
  const other = source === consoleSource && before.name_json !== JSON.stringify(a.name)
  const anew = suppressed === null && (rings || other || a.level < before.level)
  return {
    first_id: before.first_id ?? before.id,
    times: before.times + 1,
    rings: before.rings + (anew ? 1 : 0),
    owner: before.owner,
    owner_id: before.owner_id,
    notes_json: before.notes_json,
    ...(next.acked ? { acked_at: before.acked_at, acked_by: before.acked_by, acked_by_id: before.acked_by_id } : {}),
  }
}

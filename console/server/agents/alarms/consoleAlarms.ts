import { ulid } from 'ulid'
import type { Text } from '#api/words/text'
import type { AlarmLevel } from '#contract/alarm'
import { storeFailed } from '#store/openStore'
import { system } from '../../books/audit.ts'
import type { BooksReader } from '../../books/books.ts'
import type { WatchedBooks } from '../../books/booksWatch.ts'
import type { UnitOfWork, Work } from '../../books/unitOfWork.ts'
import { textOf } from '../../books/words.ts'
import type { Reactions } from '../reactions.ts'
import { noteRaised, noteReturned } from './alarmBook.ts'
import { consoleSource, type Fact } from './fact.ts'
import type { Unrecorded } from './unrecorded.ts'

export type OwnAlarm = { key: string; level: AlarmLevel; name: Text; place?: string | null }

/** Whether it says the same as the one that stands. */
const isSame = (a: Text | undefined, b: Text): boolean => JSON.stringify(a) === JSON.stringify(b)

const standingOwnAlarm = async (db: BooksReader, key: string): Promise<{ id: string; name: Text } | undefined> => {
  const row = await db
    .selectFrom('alarm')
    .select(['id', 'name_json'])
    .where('source', '=', consoleSource)
    .where('key', '=', key)
    .where('returned_at', 'is', null)
    .executeTakeFirst()
  return row && { id: row.id, name: textOf(row.name_json) }
}

/**
 * Alarms that only the console can see, minted here into the same table (design §3). Brings one to stand, or to return. One
 * that has come to mean something else (an agent that was stopped is now lost) is a new one.
 */
export const setOwnAlarm = async (work: Work, reactions: Reactions, alarm: OwnAlarm, active: boolean): Promise<void> => {
  const standing = await standingOwnAlarm(work.tx, alarm.key)
  const same = active && isSame(standing?.name, alarm.name)
  if (standing && !same) await noteReturned(work, reactions, standing.id, work.at)
  if (active && !same) await raise(work, reactions, alarm)
}

/** Something that happened once and is over, but that somebody must have seen: stays until acknowledged. */
export const noteOwnEvent = async (work: Work, reactions: Reactions, alarm: OwnAlarm): Promise<void> => {
  const unseen = await work.tx
    .selectFrom('alarm')
    .select('id')
    .where('source', '=', consoleSource)
    .where('key', '=', alarm.key)
    .where('acked_at', 'is', null)
    .executeTakeFirst()
  if (!unseen) await noteReturned(work, reactions, await raise(work, reactions, alarm), work.at)
}

const factOf = ({ key, level, name, place = null }: OwnAlarm, raisedAt: number): Fact => {
  const rest = { device: null, point: null, value: null, limit: null, unverifiedSince: null }
  return { id: ulid(), key, level, kind: 'system', name, raisedAt, place, ...rest }
}

const raise = async (work: Work, reactions: Reactions, alarm: OwnAlarm): Promise<string> => {
  const fact = factOf(alarm, work.at)
  await noteRaised(work, reactions, consoleSource, fact)
  return fact.id
}

type Parts = {
  books: WatchedBooks
  unit: UnitOfWork
  reactions: Reactions
  unrecorded: Unrecorded
  wall(): number
}

/**
 * The console's own alarms that are watched again and again: a write only when one begins or ends. While nothing can be written
 * they live in memory, like those of the agents.
 */
export const openConsoleAlarms = ({ books, unit, reactions, unrecorded, wall }: Parts) => {
  let queue: Promise<unknown> = Promise.resolve()
  const set = (alarm: OwnAlarm, active: boolean) => {
    const result = queue.then(async () => {
      const kept = unrecorded.standing(consoleSource, alarm.key)
      const recorded = kept ? undefined : await standingOwnAlarm(books.read, alarm.key)
      const standing = kept ?? (recorded && !unrecorded.get(recorded.id)?.returnedAt ? recorded : undefined)
      const same = isSame(standing?.name, alarm.name)
      if (active ? same : standing === undefined) return
      if (!kept && !books.trouble) {
        const failed = await unit(system, work => setOwnAlarm(work, reactions, alarm, active)).catch(error => error)
        if (!failed) return
        if (!storeFailed(failed)) throw failed
      }
      if (standing) unrecorded.return(consoleSource, standing.id)
      if (active) unrecorded.raise(consoleSource, factOf(alarm, wall()))
    })
    // One failure must not spoil all later alarms.
    queue = result.catch(() => {})
    return result
  }
  return { set }
}

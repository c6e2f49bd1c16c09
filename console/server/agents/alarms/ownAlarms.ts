import { ulid } from 'ulid'
import type { AlarmFact, AlarmLevel } from '#contract/alarm'
import type { Words } from '#contract/names'
import type { BooksReader } from '../../books/books.ts'
import type { Work } from '../../books/unitOfWork.ts'
import type { Reactions } from '../reactions.ts'
import { noteRaised, noteReturned } from './alarmBook.ts'

export const consoleSource = 'console'
export type OwnAlarm = { key: string; level: AlarmLevel; name: Words; place?: string | null }

export const standingOwnAlarm = async (db: BooksReader, key: string): Promise<{ id: string; name: Words } | undefined> => {
  const row = await db
    .selectFrom('alarm')
    .select(['id', 'name_zh', 'name_en'])
    .where('source', '=', consoleSource)
    .where('key', '=', key)
    .where('returned_at', 'is', null)
    .executeTakeFirst()
  return row && { id: row.id, name: { zh: row.name_zh, en: row.name_en } }
}

/**
 * Alarms that only the console can see, minted here into the same table (design §3). Brings one to stand, or to return. One
 * that has come to mean something else (an agent that was stopped is now lost) is a new one.
 */
export const setOwnAlarm = async (work: Work, reactions: Reactions, alarm: OwnAlarm, active: boolean): Promise<void> => {
  const standing = await standingOwnAlarm(work.tx, alarm.key)
  const same = active && standing?.name.zh === alarm.name.zh
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

const raise = async (work: Work, reactions: Reactions, { key, level, name, place = null }: OwnAlarm): Promise<string> => {
  const where = { device: null, point: null, place }
  const what = { value: null, limit: null, unverifiedSince: null }
  const alarm: AlarmFact = { id: ulid(), key, level, kind: 'system', name, raisedAt: work.at, ...where, ...what }
  await noteRaised(work, reactions, consoleSource, alarm)
  return alarm.id
}

import { ulid } from 'ulid'
import type { AlarmFact, AlarmLevel } from '#contract/alarm'
import type { Words } from '#contract/names'
import { system } from '../books/audit.ts'
import type { BooksStore } from '../books/books.ts'
import type { UnitOfWork } from '../books/unitOfWork.ts'
import type { Emergencies } from '../cases/emergencies.ts'
import { noteRaised, noteReturned } from '../ingest/alarmBook.ts'

export const consoleSource = 'console'

/** Alarms that only the console can see (agent silent), minted here into the same table (design §3). */
export const openConsoleAlarms = (books: BooksStore, unit: UnitOfWork, emergencies: Emergencies) => {
  let queue: Promise<unknown> = Promise.resolve()
  const set = (key: string, level: AlarmLevel, name: Words, active: boolean) => {
    const result = queue.then(async () => {
      const standing = await books.read
        .selectFrom('alarm')
        .select('id')
        .where('source', '=', consoleSource)
        .where('key', '=', key)
        .where('returned_at', 'is', null)
        .executeTakeFirst()
      if (active === (standing !== undefined)) return
      await unit(system, async work => {
        if (standing) return noteReturned(work, emergencies, standing.id, work.at)
        const alarm: AlarmFact = {
          id: ulid(),
          key,
          level,
          kind: 'system',
          device: null,
          point: null,
          place: null,
          name,
          raisedAt: work.at,
          value: null,
          limit: null,
          unverifiedSince: null,
        }
        await noteRaised(work, emergencies, consoleSource, alarm)
      })
    })
    // One failure must not spoil all later alarms.
    queue = result.catch(() => {})
    return result
  }
  return { set }
}

import { storeFailed } from '#store/openStore'
import { system } from '../../books/audit.ts'
import type { WatchedBooks } from '../../books/booksWatch.ts'
import type { UnitOfWork } from '../../books/unitOfWork.ts'
import type { Reactions } from '../reactions.ts'
import { type OwnAlarm, setOwnAlarm, standingOwnAlarm } from './ownAlarms.ts'
import type { Unrecorded } from './unrecorded.ts'

type Parts = { books: WatchedBooks; unit: UnitOfWork; reactions: Reactions; unrecorded: Unrecorded }

/**
 * The console's own alarms that are watched again and again: a write only when one begins or ends. While nothing can be written
 * they live in memory, like those of the agents.
 */
export const openConsoleAlarms = ({ books, unit, reactions, unrecorded }: Parts) => {
  let queue: Promise<unknown> = Promise.resolve()
  const set = (alarm: OwnAlarm, active: boolean) => {
    const result = queue.then(async () => {
      const kept = unrecorded.standingOwn(alarm.key)
      const recorded = kept ? undefined : await standingOwnAlarm(books.read, alarm.key)
      const standing = kept ?? (recorded && !unrecorded.get(recorded.id)?.returnedAt ? recorded : undefined)
      const same = standing?.name.zh === alarm.name.zh
      if (active ? same : standing === undefined) return
      if (!kept && !books.trouble) {
        const failed = await unit(system, work => setOwnAlarm(work, reactions, alarm, active)).catch(error => error)
        if (!failed) return
        if (!storeFailed(failed)) throw failed
      }
      if (standing) unrecorded.returnOwn(standing.id)
      if (active) unrecorded.raiseOwn(alarm)
    })
    // One failure must not spoil all later alarms.
    queue = result.catch(() => {})
    return result
  }
  return { set }
}

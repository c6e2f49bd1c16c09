import { system } from '../books/audit.ts'
import type { BooksStore } from '../books/books.ts'
import type { UnitOfWork } from '../books/unitOfWork.ts'
import type { Emergencies } from '../cases/emergencies.ts'
import { type OwnAlarm, setOwnAlarm, standingOwnAlarm } from '../ingest/ownAlarms.ts'

/** The console's own alarms that are watched again and again: a write only when one begins or ends. */
export const openConsoleAlarms = (books: BooksStore, unit: UnitOfWork, emergencies: Emergencies) => {
  let queue: Promise<unknown> = Promise.resolve()
  const set = (alarm: OwnAlarm, active: boolean) => {
    const result = queue.then(async () => {
      const standing = await standingOwnAlarm(books.read, alarm.key)
      const asItIs = active ? standing?.name_zh === alarm.name.zh : standing === undefined
      if (!asItIs) await unit(system, work => setOwnAlarm(work, emergencies, alarm, active))
    })
    // One failure must not spoil all later alarms.
    queue = result.catch(() => {})
    return result
  }
  return { set }
}

import type { CommandView } from '#api/models/live'
import type { BooksReader } from '../../books/books.ts'
import { commandOf } from '../alarms/rows.ts'

/** A device is meant by its id, whatever its id is made of. */
const pointsOf = (device: string) => `${device.replaceAll(/[%_]/g, '')}/%`

/** Commands to a device, or to any; the newest first. */
export const lastCommands = async (db: BooksReader, device: string | undefined, limit: number): Promise<CommandView[]> => {
  let q = db.selectFrom('command').selectAll()
  if (device) q = q.where('point', 'like', pointsOf(device))
  return (await q.orderBy('at', 'desc').limit(limit).execute()).map(commandOf)
}

/** Commands to some devices within a time, in their order. */
export const commandsBetween = async (
  db: BooksReader,
  devices: readonly string[],
  stretch: { from: number; to: number },
  limit: number,
): Promise<CommandView[]> =>
  (
    await db
      .selectFrom('command')
      .selectAll()
      .where('at', '>=', stretch.from)
      .where('at', '<=', stretch.to)
      .where(e => e.or(devices.map(d => e('point', 'like', pointsOf(d)))))
      .orderBy('at')
      .limit(limit)
      .execute()
  ).map(commandOf)

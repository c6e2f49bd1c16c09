import { sql } from 'kysely'
import type { Store } from '#store/openStore'
import type { EdgeTables } from './edgeTables.ts'

const share = 0.1

/**
 * The policy of a bounded journal: first go records that the console holds already, oldest first; then, only when those
 * are gone, the oldest access events, which the door controllers keep as well. Alarms, runs, commands and linkages that
 * nobody else has are never dropped. Gentle takes a tenth of what may go, hard takes all of it.
 */
export const makeRoom = async (store: Store<EdgeTables>, acked: number, how: 'gentle' | 'hard'): Promise<void> => {
  const dropped = await store.write(async tx => {
    const held = tx.selectFrom('journal').select('n').where('n', '<=', acked)
    const access = tx
      .selectFrom('journal')
      .select('n')
      .where('n', '>', acked)
      .where(sql<string>`json_extract(body, '$.type')`, '=', 'access')
    for (const candidates of [held, access]) {
      const count = await tx
        .selectFrom(candidates.as('c'))
        .select(e => e.fn.countAll<number>().as('n'))
        .executeTakeFirst()
      const some = how === 'hard' ? (count?.n ?? 0) : Math.ceil((count?.n ?? 0) * share)
      if (some === 0) continue
      await tx.deleteFrom('journal').where('n', 'in', candidates.orderBy('n').limit(some)).execute()
      return some
    }
    return 0
  })
  if (dropped === 0 && how === 'hard') throw new Error('the journal holds nothing that may be dropped')
}

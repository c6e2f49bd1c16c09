import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Generated, type Migration, sql, type Transaction } from 'kysely'
import { hasTable, openReader } from './openStore.ts'

/** The head of the console's chain, as whoever does not write it keeps it: its number, its hash, when it was made. */
export type Seal = { n: number; hash: string; at: number }

/** The first of each hour, for ever; and, as hour 0, the last one that was heard. */
export type SealTable = { seal: { hour: Generated<number>; n: number; hash: string; at: number } }

const hourMs = 3_600_000

export const makeSealTable: Migration = {
  async up(db) {
    await db.schema
      .createTable('seal')
      .addColumn('hour', 'integer', c => c.primaryKey())
      .addColumn('n', 'integer', c => c.notNull())
      .addColumn('hash', 'text', c => c.notNull())
      .addColumn('at', 'integer', c => c.notNull())
      .execute()
  },
}

export const keepSeal = async <T extends SealTable>(tx: Transaction<T>, { n, hash, at }: Seal): Promise<void> => {
  await sql`insert into seal (hour, n, hash, at) values (${Math.floor(at / hourMs)}, ${n}, ${hash}, ${at})
    on conflict (hour) do nothing`.execute(tx)
  await sql`insert into seal (hour, n, hash, at) values (0, ${n}, ${hash}, ${at})
    on conflict (hour) do update set n = excluded.n, hash = excluded.hash, at = excluded.at`.execute(tx)
}

/** The seals that the stores of a folder keep, each with the file that keeps it; stores of an older version keep none. */
export const sealsIn = async (folder: string): Promise<(Seal & { by: string })[]> => {
  const files = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.db')) : []
  const all: (Seal & { by: string })[] = []
  for (const name of files) {
    const { read, close } = await openReader<SealTable>(join(folder, name))
    try {
      if (await hasTable(read, 'seal'))
        for (const { n, hash, at } of await read.selectFrom('seal').selectAll().execute()) all.push({ n, hash, at, by: name })
    } finally {
      await close()
    }
  }
  return all
}

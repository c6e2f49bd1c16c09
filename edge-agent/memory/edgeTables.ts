import type { Generated, Migration } from 'kysely'
import { makeSealTable, type SealTable } from '#store/keptSeals'

/** The tables of an agent's own disk. */
export type EdgeTables = SealTable & {
  meta: { key: string; value: string }
  journal: { n: Generated<number>; at: number; body: string }
  kept: { bucket: string; key: string; body: string }
}

export const migrations: Record<string, Migration> = {
  '0001-journal-and-kept': {
    async up(db) {
      await db.schema
        .createTable('meta')
        .addColumn('key', 'text', c => c.primaryKey())
        .addColumn('value', 'text', c => c.notNull())
        .execute()
      await db.schema
        .createTable('journal')
        .addColumn('n', 'integer', c => c.primaryKey())
        .addColumn('at', 'integer', c => c.notNull())
        .addColumn('body', 'text', c => c.notNull())
        .execute()
      await db.schema
        .createTable('kept')
        .addColumn('bucket', 'text', c => c.notNull())
        .addColumn('key', 'text', c => c.notNull())
        .addColumn('body', 'text', c => c.notNull())
        .addPrimaryKeyConstraint('kept_key', ['bucket', 'key'])
        .execute()
    },
  },
  '0002-seals': makeSealTable,
}

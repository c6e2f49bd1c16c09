import type { Tables } from '#store/makeTables'
import { peopleTables } from './people.ts'

/** Since 0005: the short secret by which somebody who is signed in shows again that it is he (argon2id). */
export const lockTables = {
  pin: {
    columns: {
      user_id: 'text',
      hash: 'text',
      made_at: 'int',
    },
    key: ['user_id'],
    refers: { user_id: 'user_account.id' },
  },
} as const satisfies Tables

/** What 0005 has made of tables that were there before. `locked_at`: since when the station only shows. */
export const tablesSinceLocks = {
  session: { ...peopleTables.session, columns: { ...peopleTables.session.columns, locked_at: 'int?' } },
} as const satisfies Tables

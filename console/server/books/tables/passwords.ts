import type { Tables } from '#store/makeTables'

/** Since 0002: accounts whose password somebody else has made, and which it lets in only to choose one of their own. */
export const passwordTables = {
  one_time_password: {
    columns: {
      user_id: 'text',
      made_at: 'int',
    },
    key: ['user_id'],
    refers: { user_id: 'user_account.id' },
  },
} as const satisfies Tables

import type { Tables } from '#store/makeTables'

/** Since 0007: programs of others that may read here, by a token of which only the SHA-256 is stored. */
export const machineTables = {
  machine: {
    columns: {
      id: 'text',
      name: 'text',
      token_hash: 'text',
      rights_json: 'text',
      made_at: 'int',
      ends_at: 'int',
      revoked_at: 'int?',
    },
    key: ['id'],
    unique: [['token_hash']],
  },
} as const satisfies Tables

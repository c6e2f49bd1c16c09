import type { Tables } from '#store/makeTables'

/** Since 0004: the one chain over everything that the books hold (chain/sealing.ts). */
export const chainTables = {
  chain: {
    columns: {
      n: 'int',
      at: 'int',
      /** The table, or what else is written down here (`begun`, `restored`). */
      kind: 'text',
      /** Of the row, as a JSON list. */
      key: 'text',
      /** Null once what this entry spoke of has been erased: then nothing can be guessed from its digest. */
      salt: 'text?',
      /** The row was taken away. */
      gone: 'int',
      digest: 'text',
      hash: 'text',
    },
    key: ['n'],
    indexes: [['kind', 'key', 'n']],
  },
} as const satisfies Tables

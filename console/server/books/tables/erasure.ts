import type { Tables } from '#store/makeTables'

/** Since 0009: records whose personal fields have been erased because their time was over. */
export const erasureTables = {
  /** `sealed`: its digests of before can still be tried out (1), or their salts are gone (0). */
  erased: {
    columns: {
      record: 'text',
      at: 'int',
      sealed: 'int',
    },
    key: ['record'],
    indexes: [{ on: ['sealed'], where: 'sealed = 1' }],
  },
  /** Within a transaction: the records whose history may be written anew; empty otherwise. */
  erasing: {
    columns: {
      record: 'text',
    },
    key: ['record'],
  },
} as const satisfies Tables

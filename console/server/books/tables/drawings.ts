import type { Tables } from '#store/makeTables'

/** Since 0024: signatures that were drawn or scanned, as pictures; what was signed names them by their sum. */
export const drawingTables = {
  drawing: {
    columns: {
      /** The case or register entry that was signed. */
      record: 'text',
      sha256: 'text',
      /** base64. */
      png: 'text',
      at: 'int',
    },
    key: ['record', 'sha256'],
  },
} as const satisfies Tables

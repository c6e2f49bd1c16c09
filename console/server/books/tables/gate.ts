import type { Tables } from '#store/makeTables'

/** Since 0021: what came of it at a door or barrier, of each entry of a register that it was about. */
export const gateTables = {
  gate_act: {
    columns: {
      id: 'text',
      entry: 'text',
      device: 'text',
      at: 'int',
      /** Why it was opened or not, as the subject's own words have it. */
      verdict: 'text',
      /** By which it was opened. */
      command: 'text?',
    },
    key: ['id'],
    refers: { entry: 'register_entry.id' },
    indexes: [['entry'], ['at']],
  },
} as const satisfies Tables

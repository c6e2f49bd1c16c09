import type { Tables } from '#store/makeTables'

/** Since 0016: whether somebody is at his post (查岗): asked, and answered in time or told upwards. */
export const postCheckTables = {
  post_check: {
    columns: {
      id: 'text',
      asked_at: 'int',
      /** Null where the console has asked by itself. */
      asked_by: 'text?',
      asked_by_id: 'text?',
      due_at: 'int',
      answered_at: 'int?',
      answered_by: 'text?',
      answered_by_id: 'text?',
      station: 'text?',
      /** When those above were told that nobody had answered. */
      told_at: 'int?',
    },
    key: ['id'],
    indexes: [['asked_at'], { on: ['due_at'], where: 'answered_at is null' }],
  },
} as const satisfies Tables

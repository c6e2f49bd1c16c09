import type { Tables } from '#store/makeTables'

/** Since 0017: the secret address at which somebody's own calendar program finds his shifts and bookings. One each; a new one ends the old. */
export const agendaTables = {
  agenda_address: {
    columns: { person_id: 'text', token_hash: 'text', made_at: 'int' },
    key: ['person_id'],
    unique: [['token_hash']],
    refers: { person_id: 'user_account.id' },
  },
} as const satisfies Tables

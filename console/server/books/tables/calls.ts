import type { Tables } from '#store/makeTables'
import { masterDataTables } from './masterData.ts'

/** Since 0012: whom an emergency calls who is not at a screen, and what became of each message. */
export const callTables = {
  /** One for each emergency ticket: how far its chain has come, and who has it. */
  call_out: {
    columns: {
      case_id: 'text',
      level: 'int',
      begun_at: 'int',
      /** The step of the chain that is next, and when; null once somebody has it, or nobody is left to call. */
      step: 'int',
      next_at: 'int?',
      answered_at: 'int?',
      answered_by: 'text?',
      answered_by_id: 'text?',
      /** In how many minutes he is there, as he said. */
      eta_min: 'int?',
    },
    key: ['case_id'],
    refers: { case_id: 'case_file.id' },
    indexes: [{ on: ['next_at'], where: 'next_at is not null' }],
  },
  /** One message to one person, or to a group, over one channel. */
  delivery: {
    columns: {
      id: 'text',
      /** Of which ticket, and which step of its chain; null for a test. */
      case_id: 'text?',
      step: 'int?',
      channel: 'text',
      /** Empty for a group. */
      person_id: 'text',
      person: 'text',
      address: 'text',
      mention_json: 'text',
      level: 'int',
      text_json: 'text',
      made_at: 'int',
      /** queued, sent (on its way), accepted, failed (given up), answered. */
      state: 'text',
      tries: 'int',
      next_at: 'int?',
      sent_at: 'int?',
      accepted_at: 'int?',
      why: 'text?',
      /** With which whoever was called may answer without signing in. */
      token_hash: 'text?',
    },
    key: ['id'],
    unique: [['case_id', 'step', 'channel', 'person_id']],
    indexes: [
      { on: ['channel', 'next_at'], where: 'next_at is not null' },
      ['case_id', 'made_at'],
      ['channel', 'sent_at'],
      ['token_hash'],
    ],
  },
} as const satisfies Tables

/**
 * Since 0015: with which whoever was called may answer without signing in. A message that goes once more carries a link of its own, and the one before
 * opens still: nobody knows which of the two he has. `deliveries` are several where one message sums them up.
 */
export const callLinkTables = {
  delivery_link: {
    columns: { token_hash: 'text', delivery: 'text' },
    key: ['token_hash', 'delivery'],
    refers: { delivery: 'delivery.id' },
  },
} as const satisfies Tables
const { token_hash: _, ...deliveryColumns } = callTables.delivery.columns
/** What 0015 has made of the messages. */
export const tablesSinceCallLinks = { delivery: { ...callTables.delivery, columns: deliveryColumns } } as const satisfies Tables

/** What 0012 has made of tables that were there before. */
export const tablesSinceCalls = {
  person_file: { ...masterDataTables.person_file, columns: { ...masterDataTables.person_file.columns, mail: 'text' } },
} as const satisfies Tables

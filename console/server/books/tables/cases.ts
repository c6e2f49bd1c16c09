import type { Tables } from '#store/makeTables'

/** Cases of every procedure, and the history of every record. */
export const caseTables = {
  counter: {
    columns: {
      procedure: 'text',
      period: 'text',
      n: 'int',
    },
    key: ['procedure', 'period'],
  },
  case_file: {
    columns: {
      id: 'text',
      procedure: 'text',
      version: 'int',
      number: 'text',
      state: 'text',
      place: 'text?',
      tenant: 'text?',
      owner: 'text',
      /** His account; null where the console itself has opened it, or none was known. */
      owner_id: 'text?',
      /** In whose hands it is now. */
      department: 'text?',
      handler: 'text?',
      handler_id: 'text?',
      opened_at: 'int',
      changed_at: 'int',
      ended_at: 'int?',
      urgent: 'int',
      form_json: 'text',
      facts_json: 'text',
      /** Counts acts and corrections, so that two who edit are told of each other. */
      revision: 'int',
      /** Of the deadline that runs out first; null while none runs. */
      due_at: 'int?',
      warn_at: 'int?',
    },
    key: ['id'],
    unique: [['number']],
    indexes: [
      ['procedure', 'ended_at', 'opened_at'],
      { on: ['due_at'], where: 'ended_at is null' },
      ['tenant', 'opened_at'],
      ['procedure', 'opened_at'],
    ],
  },
  /** Who was ever named in a case, as it was written, with his account; `concerned`: the case is about him and kept from him. */
  case_person: {
    columns: {
      case_id: 'text',
      name: 'text',
      user_id: 'text?',
      concerned: 'int',
      since: 'int',
    },
    key: ['case_id', 'name'],
    refers: { case_id: 'case_file.id' },
    indexes: [
      ['user_id', 'concerned'],
      ['name', 'concerned'],
    ],
  },
  /** Names that senders gave to their forms, so that one sent twice is one record. */
  sent_form: {
    columns: {
      sent_as: 'text',
      record: 'text',
      form_json: 'text',
    },
    key: ['sent_as'],
  },
  /** Append-only and hash-chained per record; the database itself refuses to change or delete a line. */
  history: {
    columns: {
      record: 'text',
      n: 'int',
      at: 'int',
      by_user: 'text',
      by_id: 'text?',
      station: 'text',
      verb: 'text',
      from_state: 'text?',
      to_state: 'text?',
      note: 'text',
      detail_json: 'text',
      hash: 'text',
    },
    key: ['record', 'n'],
  },
  /** The last entry of each record, so that a chain cannot be cut short. */
  history_head: {
    columns: {
      record: 'text',
      n: 'int',
      hash: 'text',
    },
    key: ['record'],
  },
  case_deadline: {
    columns: {
      case_id: 'text',
      key: 'text',
      started_at: 'int',
      warn_at: 'int',
      limit_at: 'int',
      escalate_at: 'int',
      paused_at: 'int?',
      approaching_at: 'int?',
      missed_at: 'int?',
      escalated_at: 'int?',
      met_at: 'int?',
      next_at: 'int?',
    },
    key: ['case_id', 'key'],
    refers: { case_id: 'case_file.id' },
    indexes: [{ on: ['next_at'], where: 'next_at is not null' }],
  },
  case_step: {
    columns: {
      case_id: 'text',
      n: 'int',
      text_json: 'text',
      owner_json: 'text',
      source: 'text?',
      within_s: 'int?',
      after_n: 'int?',
      started_at: 'int?',
      due_at: 'int?',
      done_at: 'int?',
      done_by: 'text?',
      done_by_id: 'text?',
      overdue_at: 'int?',
      /** Not done, with the reason of whoever decided so. */
      aside_at: 'int?',
      aside_by: 'text?',
      aside_by_id: 'text?',
      aside_why: 'text?',
      /** The posts of the console that it is for. */
      posts_json: 'text',
    },
    key: ['case_id', 'n'],
    refers: { case_id: 'case_file.id' },
    indexes: [{ on: ['due_at'], where: 'done_at is null and overdue_at is null' }],
  },
  case_link: {
    columns: {
      from_case: 'text',
      to_case: 'text',
      relation: 'text',
    },
    key: ['from_case', 'to_case', 'relation'],
    refers: { from_case: 'case_file.id', to_case: 'case_file.id' },
    indexes: [['to_case']],
  },
  attachment: {
    columns: {
      id: 'text',
      case_id: 'text',
      name: 'text',
      type: 'text',
      bytes: 'int',
      sha256: 'text',
      at: 'int',
      by_user: 'text',
      by_id: 'text?',
    },
    key: ['id'],
    refers: { case_id: 'case_file.id' },
    indexes: [['case_id'], ['by_id', 'at']],
  },
  search_index: {
    columns: {
      record: 'text',
      kind: 'text',
      number: 'text',
      at: 'int',
      text: 'text',
    },
    key: ['record'],
  },
} as const satisfies Tables

import type { Tables } from '#store/makeTables'

/** What single subjects keep beside their cases: registers, duties, rosters, bookings, charges. */
export const deskTables = {
  handover_item: {
    columns: {
      case_id: 'text',
      n: 'int',
      kind: 'text',
      ref: 'text',
      text_zh: 'text',
      text_en: 'text',
      needs_remark: 'int',
      remark: 'text?',
      over: 'int',
      checked_at: 'int?',
      checked_by: 'text?',
      checked_by_id: 'text?',
    },
    key: ['case_id', 'n'],
    refers: { case_id: 'case_file.id' },
  },
  roster_shift: {
    columns: {
      case_id: 'text',
      date: 'text',
      shift: 'text',
      person: 'text',
    },
    key: ['case_id', 'date', 'shift', 'person'],
    refers: { case_id: 'case_file.id' },
    indexes: [['date']],
  },
  register_entry: {
    columns: {
      id: 'text',
      register: 'text',
      number: 'text',
      at: 'int',
      by_user: 'text',
      form_json: 'text',
      case_id: 'text?',
      corrects: 'text?',
      read_at: 'int?',
      read_by: 'text?',
      checked_at: 'int?',
      checked_by: 'text?',
      sent_as: 'text?',
    },
    key: ['id'],
    unique: [['number']],
    refers: { case_id: 'case_file.id', corrects: 'register_entry.id' },
    indexes: [['register', 'at'], { on: ['sent_as'], where: 'sent_as is not null', unique: true }],
  },
  duty: {
    columns: {
      id: 'text',
      routine: 'text',
      period: 'text',
      owes: 'text',
      target_at: 'int?',
      limit_at: 'int',
      near_at: 'int?',
      missed_at: 'int?',
      done_at: 'int?',
      done_by: 'text?',
      note: 'text?',
      figures_json: 'text?',
      tables_json: 'text?',
      /** The cases behind each figure, as they were when it was signed. */
      behind_json: 'text?',
      /** The stretch of time that was summed up, once it is signed. */
      from_at: 'int?',
      to_at: 'int?',
    },
    key: ['id'],
    unique: [['routine', 'period']],
    indexes: [{ on: ['limit_at'], where: 'done_at is null' }, ['limit_at']],
  },
  /** Whom a ticket told of what, as it stood then; a post in which nobody was on duty stands there without a person. */
  ticket_told: {
    columns: {
      notice: 'text',
      case_id: 'text',
      /** The step that was overdue; null for the opening. */
      step: 'int?',
      at: 'int',
      post: 'text',
      post_zh: 'text',
      post_en: 'text',
      user_id: 'text?',
      person: 'text',
      /** Whether he had a screen before him when it was sent. */
      on_screen: 'int',
    },
    refers: { notice: 'notice.id', case_id: 'case_file.id' },
    indexes: [['case_id', 'at'], ['notice']],
  },
  booking: {
    columns: {
      case_id: 'text',
      zone: 'text',
      tenant: 'text',
      from_at: 'int',
      /** Until when the tenant has it: the time booked, or when he had it stopped. */
      to_at: 'int',
      live: 'int',
      quoted_fen: 'int',
      /** When it was told, once, that it has not begun to run, or that nobody has signed it yet. */
      not_started_at: 'int?',
      chased_at: 'int?',
    },
    key: ['case_id'],
    refers: { case_id: 'case_file.id' },
    indexes: [
      ['zone', 'from_at'],
      ['live', 'to_at'],
    ],
  },
  charge_line: {
    columns: {
      id: 'text',
      case_id: 'text',
      tenant: 'text',
      zone: 'text',
      from_at: 'int',
      to_at: 'int',
      confirmed_minutes: 'int',
      billable_minutes: 'int',
      fen_per_hour: 'int',
      fen: 'int',
      month: 'text',
      note_json: 'text?',
      /** What took off how much. */
      missed_json: 'text',
      counted_json: 'text',
      made_at: 'int',
    },
    key: ['id'],
    unique: [['case_id']],
    refers: { case_id: 'case_file.id' },
    indexes: [['month', 'tenant']],
  },
} as const satisfies Tables

import type { Tables } from '#store/makeTables'
import { caseTables } from './cases.ts'
import { deskTables } from './desk.ts'

/** Since 0018: the lines of cases, what is reserved, and the things that forms refer to. */
export const deskEngineTables = {
  /** A row of a list within a case, with a state and a signature of its own. */
  case_line: {
    columns: {
      id: 'text',
      case_id: 'text',
      list: 'text',
      n: 'int',
      /** Which of the rows that stand there from the beginning it is; null where somebody has written it. */
      given: 'text?',
      state: 'text',
      form_json: 'text',
      /** What was said with each step of it so far, with who and when. */
      facts_json: 'text',
      added_at: 'int',
      changed_at: 'int',
      /** The case that was opened from it and is waited for. */
      waits_for: 'text?',
    },
    key: ['id'],
    unique: [['case_id', 'list', 'n']],
    refers: { case_id: 'case_file.id', waits_for: 'case_file.id' },
    indexes: [{ on: ['waits_for'], where: 'waits_for is not null' }],
  },
  /** One of the site's own things of a kind: a key, a lift, a contractor. Its form stands in the definition of the kind. */
  thing: {
    columns: {
      id: 'text',
      kind: 'text',
      /** What it is called by, one of its kind at a time. */
      code: 'text',
      form_json: 'text',
      made_at: 'int',
      /** Since when there is none of it any more; it stays in what refers to it. */
      ended_at: 'int?',
    },
    key: ['id'],
    indexes: [['kind', 'code']],
  },
  /** For how long a case has a resource to itself: no two at a time, by a constraint. */
  reservation: {
    columns: {
      case_id: 'text',
      resource: 'text',
      from_at: 'int',
      to_at: 'int',
    },
    key: ['case_id'],
    refers: { case_id: 'case_file.id' },
    indexes: [['resource', 'from_at']],
  },
  /** What an open entry of a register has alone: a key is lent once, and one card holds one key. */
  open_object: {
    columns: {
      register: 'text',
      field: 'text',
      value: 'text',
      entry: 'text',
    },
    // What is held is no key of the chain: keys are not struck out, and a card is somebody's own.
    key: ['entry', 'field'],
    unique: [['register', 'field', 'value']],
    refers: { entry: 'register_entry.id' },
  },
} as const satisfies Tables

/** What 0018 has made of tables that were there before. */
export const tablesSinceDeskEngine = {
  /** `wakes_at`: until when nothing is asked of anybody. */
  case_file: { ...caseTables.case_file, columns: { ...caseTables.case_file.columns, wakes_at: 'int?' } },
  register_entry: {
    ...deskTables.register_entry,
    columns: {
      ...deskTables.register_entry.columns,
      due_at: 'int?',
      /** When it was told, once, that it is overdue. */
      told_at: 'int?',
      /** When what was due was done without closing it. */
      met_at: 'int?',
      met_by: 'text?',
      met_by_id: 'text?',
      closed_at: 'int?',
      closed_by: 'text?',
      closed_by_id: 'text?',
      closing_json: 'text?',
    },
  },
} as const satisfies Tables

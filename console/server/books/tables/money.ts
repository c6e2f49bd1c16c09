import type { Tables } from '#store/makeTables'

/** Since 0019: what is to be paid besides overtime air, and the months as they went to Finance. */
export const moneyTables = {
  /** What a step of a case has charged; a month of a case once. */
  service_charge: {
    columns: {
      id: 'text',
      case_id: 'text',
      item_json: 'text',
      tenant: 'text?',
      place: 'text?',
      at: 'int',
      month: 'text',
      fen: 'int',
    },
    key: ['id'],
    unique: [['case_id', 'month']],
    refers: { case_id: 'case_file.id' },
    indexes: [['month']],
  },
  /** A month's 《服务项目汇总表》 from the first check on. */
  month_sheet: {
    columns: {
      month: 'text',
      state: 'text',
      /** What was checked, as a digest of its lines. */
      checked_digest: 'text?',
      checked_at: 'int?',
      checked_by: 'text?',
      checked_by_id: 'text?',
      handed_at: 'int?',
      handed_by: 'text?',
      handed_by_id: 'text?',
      audited_at: 'int?',
      audited_by: 'text?',
      audited_by_id: 'text?',
      locked_at: 'int?',
      locked_by: 'text?',
      locked_by_id: 'text?',
    },
    key: ['month'],
  },
  /** What went to Finance with a month, as it stood then: append-only. `kind`: of the month itself, carried forward, or a difference. */
  sheet_line: {
    columns: {
      sheet: 'text',
      n: 'int',
      charge: 'text',
      fen: 'int',
      kind: 'text',
      line_json: 'text',
    },
    key: ['sheet', 'n'],
    unique: [['sheet', 'charge']],
    refers: { sheet: 'month_sheet.month' },
    indexes: [['charge']],
  },
} as const satisfies Tables

const { month_sheet: sheet, sheet_line: line } = moneyTables
/** Since 0026: `round` counts how often Finance has sent a sheet back; what it bills are its lines of that round. The others stay as they went. */
export const tablesSinceSentBack = {
  month_sheet: { ...sheet, columns: { ...sheet.columns, round: 'int' } },
  sheet_line: {
    ...line,
    columns: { ...line.columns, round: 'int' },
    key: ['sheet', 'round', 'n'],
    unique: [['sheet', 'round', 'charge']],
  },
} as const satisfies Tables

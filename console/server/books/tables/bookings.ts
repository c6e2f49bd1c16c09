import type { Tables } from '#store/makeTables'
import { deskTables } from './desk.ts'

const { case_id, to_at, ...booked } = deskTables.booking.columns

/** Since 0020: a booking has the hours of one zone on one evening in each of its rows, and each of these its line on the bill. */
export const tablesSinceSegments = {
  booking: {
    columns: {
      id: 'text',
      case_id,
      ...booked,
      /** Until when the tenant has it: the time booked, or when he had it stopped. */
      to_at,
      stopped_at: 'int?',
      /** When it was over and charged. */
      ended_at: 'int?',
    },
    key: ['id'],
    refers: { case_id: 'case_file.id' },
    indexes: [['case_id'], ...deskTables.booking.indexes],
  },
  charge_line: {
    columns: { ...deskTables.charge_line.columns, booking: 'text' },
    key: ['id'],
    unique: [['booking']],
    refers: { case_id: 'case_file.id' },
    indexes: [['case_id'], ...deskTables.charge_line.indexes],
  },
} as const satisfies Tables

const line = tablesSinceSegments.charge_line
/** Since 0022: by which key what other tenants used of the same air handler was shared. */
export const tablesSinceSharedAir = {
  charge_line: { ...line, columns: { ...line.columns, shared_by: 'text?' } },
} as const satisfies Tables

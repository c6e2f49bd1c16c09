import type { Tables } from '#store/makeTables'
import { fieldTables } from './field.ts'

/** Since 0011: what people have taken out of sight, with owner and end (ISA-18.2: shelved, out of service). */
export const alarmLifeTables = {
  /** `key`: one alarm's, or `device/*` for all of a device. Who was told that somebody else has ended it, is told by a notice. */
  alarm_suppression: {
    columns: {
      id: 'text',
      kind: 'text',
      source: 'text',
      key: 'text',
      level: 'int',
      name_json: 'text',
      device: 'text?',
      place: 'text?',
      why: 'text',
      at: 'int',
      by_user: 'text',
      by_id: 'text?',
      until: 'int',
      ended_at: 'int?',
      ended_by: 'text?',
      ended_by_id: 'text?',
    },
    key: ['id'],
    indexes: [{ on: ['until'], where: 'ended_at is null' }, ['at']],
  },
  /** More alarms than one person can take in; `first_id`: the one that came first. */
  flood: {
    columns: {
      id: 'text',
      first_id: 'text',
      started_at: 'int',
      ended_at: 'int?',
      /** The most within one minute, and when that was. */
      peak: 'int',
      peak_at: 'int',
    },
    key: ['id'],
    indexes: [['started_at']],
  },
} as const satisfies Tables

/**
 * What 0011 has made of the alarms that were there before. A repeat of what nobody has acknowledged goes on as the same alarm: its row takes
 * over (`continued_by`), keeps the id of the `first` and counts. `rings`: how often it has called anew. `latched`: waits for a reset.
 * `chatters`: how often it came within the last minute before this time, where that is too often.
 */
export const tablesSinceAlarmLife = {
  alarm: {
    ...fieldTables.alarm,
    columns: {
      ...fieldTables.alarm.columns,
      first_id: 'text?',
      continued_by: 'text?',
      times: 'int',
      rings: 'int',
      latched: 'int',
      chatters: 'int',
    },
  },
} as const satisfies Tables

import type { Tables } from '#store/makeTables'

/** What the site has said: tenants, prices, days, settings; and what the console owes to the field. */
export const siteTables = {
  tenant: {
    columns: {
      id: 'text',
      name: 'text',
      short: 'text',
      contact: 'text',
      phone: 'text',
    },
    key: ['id'],
  },
  lease: {
    columns: {
      unit: 'text',
      tenant_id: 'text',
    },
    key: ['unit'],
    refers: { tenant_id: 'tenant.id' },
  },
  tariff: {
    columns: {
      id: 'text',
      name_json: 'text',
      fen_per_hour: 'int',
      rounding_minutes: 'int',
      minimum_minutes: 'int',
      valid_from: 'text',
      valid_to: 'text?',
    },
    key: ['id'],
  },
  zone_tariff: {
    columns: {
      zone: 'text',
      tariff_id: 'text',
    },
    key: ['zone'],
    refers: { tariff_id: 'tariff.id' },
  },
  calendar_day: {
    columns: {
      date: 'text',
      kind: 'text',
      name_json: 'text',
    },
    key: ['date'],
  },
  setting: {
    columns: {
      key: 'text',
      value_json: 'text',
      changed_at: 'int',
      changed_by: 'text',
      changed_by_id: 'text?',
    },
    key: ['key'],
  },
  /** One row that is written to learn whether the books can be written. */
  room: {
    columns: {
      id: 'int',
      filler: 'bytes',
    },
    key: ['id'],
  },
  outbox: {
    columns: {
      id: 'serial',
      what: 'text',
      body_json: 'text',
      made_at: 'int',
      done_at: 'int?',
    },
    key: ['id'],
    indexes: [['done_at']],
  },
  programme_revision: {
    columns: {
      revision: 'int',
      at: 'int',
      hash: 'text',
      body_json: 'text',
    },
    key: ['revision'],
  },
} as const satisfies Tables

import type { Tables } from '#store/makeTables'

/** Since 0003: who rents or owns which unit from when until when, whom the desk calls there, and prices by dates and kinds of day. */
export const tenantTables = {
  tenant_contact: {
    columns: {
      tenant_id: 'text',
      /** The first is whom the desk calls. */
      position: 'int',
      name: 'text',
      phone: 'text',
      /** What he may ask for. */
      may_json: 'text',
    },
    key: ['tenant_id', 'position'],
    refers: { tenant_id: 'tenant.id' },
  },
  /** Dates as the site's calendar has them, both included; null where nobody has written one down. */
  tenancy: {
    columns: {
      id: 'text',
      unit: 'text',
      tenant_id: 'text',
      kind: 'text',
      from_date: 'text?',
      to_date: 'text?',
    },
    key: ['id'],
    refers: { tenant_id: 'tenant.id' },
    indexes: [['unit', 'from_date'], ['tenant_id']],
  },
  tariff_zone: {
    columns: {
      tariff_id: 'text',
      zone: 'text',
    },
    key: ['zone', 'tariff_id'],
    refers: { tariff_id: 'tariff.id' },
  },
} as const satisfies Tables

/** What 0003 has made of tables that were there before. */
export const tablesSinceTenants = {
  tenant: {
    columns: {
      id: 'text',
      name: 'text',
      short: 'text',
      key_customer: 'int',
      /** Why goods of this tenant are not let out; empty where they are. */
      restriction: 'text',
    },
  },
  tariff: {
    columns: {
      id: 'text',
      name_json: 'text',
      days: 'text',
      fen_per_hour: 'int',
      rounding_minutes: 'int',
      minimum_minutes: 'int',
      valid_from: 'text',
      valid_to: 'text?',
    },
  },
} as const satisfies Tables

import type { Tables } from '#store/makeTables'

/** Since 0010: what is known of people who work here, units that the site file does not have, and the specimen seals of tenants. */
export const masterDataTables = {
  /** How somebody is reached, and what he speaks. */
  person_file: {
    columns: {
      user_id: 'text',
      tel: 'text',
      languages: 'text',
    },
    key: ['user_id'],
    refers: { user_id: 'user_account.id' },
  },
  /** Days of the site's calendar, both included; those of one person share none. */
  absence: {
    columns: {
      user_id: 'text',
      from_date: 'text',
      to_date: 'text',
    },
    key: ['user_id', 'from_date'],
    refers: { user_id: 'user_account.id' },
  },
  /** Units without zones: whatever the edge controls stands in the site file. */
  unit: {
    columns: {
      id: 'text',
      name_json: 'text',
      floor: 'text?',
    },
    key: ['id'],
  },
  /** With what a tenant seals (预留印鉴, R56); one that was replaced stays, with the day on which it stopped to hold. */
  specimen_seal: {
    columns: {
      id: 'text',
      tenant_id: 'text',
      name: 'text',
      type: 'text',
      bytes: 'int',
      sha256: 'text',
      at: 'int',
      by_user: 'text',
      by_id: 'text?',
      withdrawn_at: 'int?',
    },
    key: ['id'],
    refers: { tenant_id: 'tenant.id' },
    indexes: [['tenant_id'], ['by_id', 'at']],
  },
} as const satisfies Tables

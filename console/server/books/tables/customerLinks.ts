import type { Tables } from '#store/makeTables'

/** Since 0023: what customers reach from outside, each by a link of its own that can be withdrawn. */
export const customerLinkTables = {
  customer_link: {
    columns: {
      id: 'text',
      token_hash: 'text',
      /** `plate`: at a door, where anybody can read it; `contact`: of one person of a tenant. */
      kind: 'text',
      /** What stands at the door in print; of a contact's link nothing is kept that opens it. */
      code: 'text?',
      unit: 'text?',
      tenant_id: 'text?',
      contact: 'text?',
      made_at: 'int',
      made_by: 'text',
      made_by_id: 'text?',
      withdrawn_at: 'int?',
      withdrawn_by: 'text?',
      withdrawn_by_id: 'text?',
    },
    key: ['id'],
    unique: [['token_hash']],
    indexes: [['tenant_id'], ['unit']],
  },
} as const satisfies Tables

import type { Tables } from '#store/makeTables'

/** Who works here, what they have done besides cases, and what they are told. */
export const peopleTables = {
  user_account: {
    columns: {
      id: 'text',
      name: 'text',
      display: 'text',
      post: 'text',
      roles_json: 'text',
      password: 'text',
      active: 'int',
    },
    key: ['id'],
    unique: [['name']],
  },
  /** Posts of the site, each with the roles that it carries; a user's roles are those of his post where he has one. */
  post: {
    columns: {
      id: 'text',
      name_json: 'text',
      roles_json: 'text',
    },
    key: ['id'],
  },
  /** The posts that the site has named for a duty of the calendar. */
  duty_post: {
    columns: {
      routine: 'text',
      post: 'text',
    },
    key: ['routine', 'post'],
    refers: { post: 'post.id' },
  },
  session: {
    columns: {
      token_hash: 'text',
      user_id: 'text',
      created_at: 'int',
      seen_at: 'int',
      station: 'text',
    },
    key: ['token_hash'],
    refers: { user_id: 'user_account.id' },
  },
  audit: {
    columns: {
      id: 'text',
      at: 'int',
      user_id: 'text?',
      station: 'text',
      what: 'text',
      subject: 'text',
      detail_json: 'text',
    },
    key: ['id'],
    indexes: [['at']],
  },
  /** `roles_json`: who is told, by role or post (Addressee). */
  notice: {
    columns: {
      id: 'text',
      at: 'int',
      roles_json: 'text',
      record: 'text',
      kind: 'text',
      text_json: 'text',
      /** It sounds until it is seen, as long as its case is open. */
      rings: 'int',
    },
    key: ['id'],
    indexes: [['at']],
  },
  notice_seen: {
    columns: {
      notice: 'text',
      user_id: 'text',
      at: 'int',
    },
    key: ['notice', 'user_id'],
    refers: { notice: 'notice.id' },
  },
} as const satisfies Tables

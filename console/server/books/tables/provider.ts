import type { Tables } from '#store/makeTables'

/** Since 0008: people whom a sign-in provider vouches for (OpenID Connect), and its groups that stand for posts. */
export const providerTables = {
  /** `subject`: by whom the provider knows him; null until he has come by it for the first time. */
  provider_identity: {
    columns: {
      user_id: 'text',
      subject: 'text?',
    },
    key: ['user_id'],
    unique: [['subject']],
    refers: { user_id: 'user_account.id' },
  },
  post_group: {
    columns: {
      post: 'text',
      group_name: 'text',
    },
    key: ['post'],
    unique: [['group_name']],
    refers: { post: 'post.id' },
  },
} as const satisfies Tables

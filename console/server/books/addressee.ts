import type { Role } from '#api/rights'

/** Somebody who can be told: whoever has this role, sits at this post of the site, or is this person. */
export type Addressee = Role | `post:${string}` | `user:${string}`
/** All that are told to somebody. */
export const addressed = (who: { id: string; roles: readonly Role[]; postId: string }): Addressee[] => [
  ...who.roles,
  `post:${who.postId}`,
  `user:${who.id}`,
]

import { ulid } from 'ulid'
import type { Role } from '#api/rights'
import type { Words } from '#contract/names'
import type { Work } from './unitOfWork.ts'

/** Somebody who can be told: whoever has this role, sits at this post of the site, or is this person. */
export type Addressee = Role | `post:${string}` | `user:${string}`
/** All that are told to somebody. */
export const addressed = (who: { id: string; roles: readonly Role[]; postId: string }): Addressee[] => [
  ...who.roles,
  `post:${who.postId}`,
  `user:${who.id}`,
]

/** Tells these people; each puts it away for himself. `record` is the case or duty that it is about. */
export const tell = async (
  work: Work,
  n: { to: readonly Addressee[]; record: string; kind: string; text: Words },
): Promise<void> => {
  const { zh, en } = n.text
  await work.tx
    .insertInto('notice')
    .values({
      id: ulid(),
      at: work.at,
      roles_json: JSON.stringify(n.to),
      record: n.record,
      kind: n.kind,
      text_zh: zh,
      text_en: en,
    })
    .execute()
}

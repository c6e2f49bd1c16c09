import { ulid } from 'ulid'
import type { Words } from '#contract/names'
import type { Addressee } from './addressee.ts'
import type { Work } from './unitOfWork.ts'

/**
 * Tells these people; each puts it away for himself. `record` is the case or duty that it is about. What `rings` sounds at
 * their screens until they have seen it. Returns the notice's id.
 */
export const tell = async (
  work: Work,
  n: { to: readonly Addressee[]; record: string; kind: string; text: Words; rings?: boolean },
): Promise<string> => {
  const id = ulid()
  await work.tx
    .insertInto('notice')
    .values({
      id,
      at: work.at,
      roles_json: JSON.stringify(n.to),
      record: n.record,
      kind: n.kind,
      text_json: JSON.stringify(n.text),
      rings: n.rings ? 1 : 0,
    })
    .execute()
  for (const to of n.to) work.touched.notices.add(to)
  return id
}

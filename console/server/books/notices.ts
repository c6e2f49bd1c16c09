import { ulid } from 'ulid'
import type { Role } from '#api/rights'
import type { Words } from '#contract/names'
import type { Work } from './unitOfWork.ts'

/** Tells whoever holds one of these roles; each puts it away for himself. `record` is the case or duty that it is about. */
export const tellRoles = async (
  work: Work,
  n: { roles: readonly Role[]; record: string; kind: string; text: Words },
): Promise<void> => {
  const { zh, en } = n.text
  await work.tx
    .insertInto('notice')
    .values({
      id: ulid(),
      at: work.at,
      roles_json: JSON.stringify(n.roles),
      record: n.record,
      kind: n.kind,
      text_zh: zh,
      text_en: en,
    })
    .execute()
}

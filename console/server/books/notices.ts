import { ulid } from 'ulid'
import { Refusal } from '#api/errors'
import type { Notice } from '#api/models/duties'
import type { Role } from '#api/rights'
import type { Text } from '#api/words/text'
import { type Addressee, addressed } from './addressee.ts'
import type { BooksReader } from './books.ts'
import type { Kept } from './schema.ts'
import type { Work } from './unitOfWork.ts'
import { textOf } from './words.ts'

/**
 * Tells these people; each puts it away for himself. `record` is the case or duty that it is about. What `rings` sounds at
 * their screens until they have seen it. Returns the notice's id.
 */
export const tell = async (
  work: Work,
  n: { to: readonly Addressee[]; record: string; kind: string; text: Text; rings?: boolean },
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

/** Whoever reads them. */
type Reader = { id: string; roles: readonly Role[]; postId: string }

/** What somebody has been told since then and has not put away, the newest first; nothing about the cases that are kept from him. */
export const noticesFor = async (db: BooksReader, who: Reader, since: number, kept: Kept): Promise<Notice[]> => {
  const rows = await db
    .selectFrom('notice as n')
    .leftJoin('case_file as c', 'c.id', 'n.record')
    .select(['n.id', 'n.at', 'n.record', 'n.kind', 'n.text_json', 'n.rings', 'c.procedure', 'c.ended_at'])
    .where(e =>
      e.not(
        e.exists(
          e.selectFrom('notice_seen as s').select('s.notice').whereRef('s.notice', '=', 'n.id').where('s.user_id', '=', who.id),
        ),
      ),
    )
    .where('n.at', '>=', since)
    .where('n.record', 'not in', kept)
    .where(e => e.or(addressed(who).map(to => e('n.roles_json', 'like', `%"${to}"%`))))
    .orderBy('n.at', 'desc')
    .limit(50)
    .execute()
  return rows.map(r => ({
    id: r.id,
    at: r.at,
    kind: r.kind,
    record: r.record,
    procedure: r.procedure,
    rings: r.rings === 1 && r.procedure !== null && r.ended_at === null,
    text: textOf(r.text_json),
  }))
}

/** Somebody has seen it; answers the record of what rang until he had, the first time. */
export const noteSeen = async (work: Work, id: string, who: Reader): Promise<string | null> => {
  const known = await work.tx
    .selectFrom('notice')
    .select(['roles_json', 'record', 'rings'])
    .where('id', '=', id)
    .executeTakeFirst()
  const to: string[] = JSON.parse(known?.roles_json ?? '[]')
  // Whether somebody has seen it is said of those for whom it is.
  if (!addressed(who).some(a => to.includes(a))) throw new Refusal('unknown-notice', 'id')
  const first = await work.tx
    .insertInto('notice_seen')
    .values({ notice: id, user_id: who.id, at: work.at })
    .onConflict(c => c.doNothing())
    .returning('notice')
    .executeTakeFirst()
  work.touched.notices.add(`user:${who.id}`)
  return first && known?.rings === 1 ? known.record : null
}

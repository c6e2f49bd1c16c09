import { ulid } from 'ulid'
import type { BooksReader, BooksTx } from './books.ts'
import type { Kept } from './schema.ts'

export type Actor = { id: string; display: string; station: string }
/** The console itself, where no person acts: clocks, ingest, the charge run. */
export const system: Actor = { id: 'system', display: 'system', station: 'console' }

/** The account behind an act; null for the console itself. */
export const accountIdOf = (actor: Actor): string | null => (actor.id === system.id ? null : actor.id)

/** One line for every change, written in the same transaction as the change. */
export const audit = (
  tx: BooksTx,
  at: number,
  actor: Actor,
  what: string,
  subject: string,
  detail: Record<string, unknown> = {},
) =>
  tx
    .insertInto('audit')
    .values({
      id: ulid(),
      at,
      user_id: actor.id === system.id ? null : actor.id,
      station: actor.station,
      what,
      subject,
      detail_json: JSON.stringify(detail),
    })
    .execute()

/** The last lines. One that names a case by its id or its number is kept from whoever the case is kept from. */
export const auditLines = async (db: BooksReader, kept: Kept, limit: number) => {
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .where('subject', 'not in', kept)
    .where('subject', 'not in', db.selectFrom('case_file').select('number').where('case_file.id', 'in', kept))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(r => ({
    at: r.at,
    user: r.user_id,
    station: r.station,
    what: r.what,
    subject: r.subject,
    detail: JSON.parse(r.detail_json) as unknown,
  }))
}

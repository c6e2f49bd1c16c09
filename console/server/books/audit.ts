import { sql } from 'kysely'
import { ulid } from 'ulid'
import type { AuditKind, AuditLine } from '#api/models/audit'
import type { BooksReader, BooksTx } from './books.ts'
import { contains } from './contains.ts'
import { namesNow } from './persons.ts'
import type { Kept } from './schema.ts'

/** `proven`: he has just shown again, by PIN or password, that it is he. `locked`: from a station that only shows. */
export type Actor = { id: string; display: string; station: string; proven?: boolean; locked?: boolean }
/** The console itself, where no person acts: clocks, ingest, the charge run. */
export const system: Actor = { id: 'system', display: 'system', station: 'console' }

/** A customer, who has come by a link of his own from this address; who he is stands in what he did. */
export const customerAt = (station: string): Actor => ({ id: 'customer', display: 'customer', station })

/** The account behind an act; null where there is none: of the console itself, or a customer. */
export const accountIdOf = (actor: Actor): string | null => ([system.id, 'customer'].includes(actor.id) ? null : actor.id)

/** One line for every change, written in the same transaction as the change. */
export const audit = (
  tx: BooksTx,
  at: number,
  actor: Actor,
  what: AuditKind,
  subject: string,
  detail: Record<string, unknown> = {},
) =>
  tx
    .insertInto('audit')
    .values({
      id: ulid(),
      at,
      user_id: accountIdOf(actor),
      station: actor.station,
      what,
      subject,
      // Nobody has shown who it was: the station was locked.
      detail_json: JSON.stringify(actor.locked ? { ...detail, locked: true } : detail),
    })
    .execute()

/** What somebody looks for: any text of who, where, about what; one kind; from and to a moment; only what is older than a line. */
export type AuditQuery = {
  q: string
  what?: string | undefined
  from: number
  to: number
  before?: string | undefined
  limit: number
}

/** Newest first. A line that names a case by its id or its number is kept from whoever the case is kept from. */
export const auditLines = async (db: BooksReader, kept: Kept, ask: AuditQuery): Promise<AuditLine[]> => {
  const has = (column: 'audit.subject' | 'audit.station' | 'user_account.display' | 'user_account.name') =>
    contains(sql.ref(column), ask.q)
  const rows = await db
    .selectFrom('audit')
    .leftJoin('user_account', 'user_account.id', 'audit.user_id')
    .leftJoin('machine', j => j.on('audit.user_id', '=', sql<string>`'machine/' || machine.id`))
    .select('machine.name as machine')
    .selectAll('audit')
    .where('audit.subject', 'not in', kept)
    .where('audit.subject', 'not in', db.selectFrom('case_file').select('number').where('case_file.id', 'in', kept))
    .where('audit.at', '>=', ask.from)
    .where('audit.at', '<', ask.to)
    .$if(ask.what !== undefined, q => q.where('what', '=', ask.what ?? ''))
    .$if(ask.before !== undefined, q => q.where('audit.id', '<', ask.before ?? ''))
    .$if(ask.q !== '', q =>
      q.where(e => e.or([has('audit.subject'), has('audit.station'), has('user_account.display'), has('user_account.name')])),
    )
    .orderBy('audit.id', 'desc')
    .limit(ask.limit)
    .execute()
  const names = await namesNow(
    db,
    rows.map(r => r.user_id),
  )
  return rows.map(r => ({
    id: r.id,
    at: r.at,
    user: (r.user_id !== null && names.get(r.user_id)) || r.machine,
    station: r.station,
    what: r.what,
    subject: r.subject,
    detail: JSON.parse(r.detail_json) as Record<string, unknown>,
  }))
}

import { ulid } from 'ulid'
import type { BooksTx } from './books.ts'

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

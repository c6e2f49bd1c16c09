import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import { accountIdOf } from './audit.ts'
import type { BooksTx } from './books.ts'
import type { Books } from './schema.ts'
import type { Work } from './unitOfWork.ts'

type Row = Selectable<Books['history']>
export type Entry = {
  /** The case, register entry, duty or setting that this is the history of. */
  record: string
  verb: string
  from?: string | null
  to?: string | null
  note?: string
  detail?: Record<string, unknown>
}

/** SHA-256 over the entry and the hash before it, so that no entry can be changed, left out or put in afterwards. */
export const hashOfEntry = (row: Omit<Row, 'hash'>, before: string): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        row.record,
        row.n,
        row.at,
        row.by_user,
        row.by_id,
        row.station,
        row.verb,
        row.from_state,
        row.to_state,
        row.note,
        row.detail_json,
        before,
      ]),
    )
    .digest('hex')

/** The last entry of each record that this transaction has written: it need not be asked for again. */
const tails = new WeakMap<BooksTx, Map<string, { n: number; hash: string }>>()
const writtenIn = (tx: BooksTx) => {
  const known = tails.get(tx) ?? new Map<string, { n: number; hash: string }>()
  tails.set(tx, known)
  return known
}

/**
 * Appends to the one history of everything (design §6): who, when, from which station, why. Corrections are entries of
 * their own; nothing here is ever changed. `first` spares the look for an entry before it.
 */
export const writeHistory = async (work: Work, e: Entry, first = false): Promise<void> => {
  const { tx, at, actor } = work
  const written = writtenIn(tx)
  const last =
    written.get(e.record) ??
    (first
      ? undefined
      : await tx.selectFrom('history_head').select(['n', 'hash']).where('record', '=', e.record).executeTakeFirst())
  const row = {
    record: e.record,
    n: (last?.n ?? 0) + 1,
    at,
    // Half a character is stored as another one than was hashed.
    by_user: actor.display.toWellFormed(),
    by_id: accountIdOf(actor),
    station: actor.station.toWellFormed(),
    verb: e.verb,
    from_state: e.from ?? null,
    to_state: e.to ?? null,
    note: (e.note ?? '').toWellFormed(),
    detail_json: JSON.stringify(e.detail ?? {}),
  }
  const hash = hashOfEntry(row, last?.hash ?? '')
  await tx
    .insertInto('history')
    .values({ ...row, hash })
    .execute()
  const head = { n: row.n, hash }
  written.set(e.record, head)
  await tx
    .insertInto('history_head')
    .values({ record: e.record, ...head })
    .onConflict(c => c.column('record').doUpdateSet(head))
    .execute()
}

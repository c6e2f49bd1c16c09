import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { RecordHistory } from '#api/models/tenants'
import { accountIdOf } from './audit.ts'
import type { BooksReader, BooksTx } from './books.ts'
import { inParts } from './inParts.ts'
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
export const writeHistory = (work: Work, e: Entry, first = false): Promise<void> => writeHistories(work, [e], first)

/** The same for many records at once: each statement takes as many as it can, for nobody else writes meanwhile. */
export const writeHistories = async (work: Work, entries: readonly Entry[], first = false): Promise<void> => {
  for (const part of inParts(entries)) await appendPart(work, part, first)
}

const appendPart = async ({ tx, at, actor }: Work, entries: readonly Entry[], first: boolean) => {
  const written = writtenIn(tx)
  const unseen = first ? [] : [...new Set(entries.map(e => e.record))].filter(r => !written.has(r))
  const heads =
    unseen.length === 0
      ? []
      : await tx.selectFrom('history_head').select(['record', 'n', 'hash']).where('record', 'in', unseen).execute()
  for (const h of heads) written.set(h.record, { n: h.n, hash: h.hash })
  const rows = entries.map(e => {
    const last = written.get(e.record)
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
    written.set(e.record, { n: row.n, hash })
    return { ...row, hash }
  })
  await tx.insertInto('history').values(rows).execute()
  const last = new Map(rows.map(({ record, n, hash }) => [record, { record, n, hash }]))
  await tx
    .insertInto('history_head')
    .values([...last.values()])
    .onConflict(c => c.column('record').doUpdateSet(e => ({ n: e.ref('excluded.n'), hash: e.ref('excluded.hash') })))
    .execute()
}

/** What was done to a record, newest first. */
export const recordHistoryOf = async (db: BooksReader, record: string): Promise<RecordHistory> => {
  const rows = await db.selectFrom('history').selectAll().where('record', '=', record).orderBy('n', 'desc').limit(200).execute()
  return rows.map(r => ({
    ...{ at: r.at, by: r.by_user, station: r.station, verb: r.verb },
    detail: JSON.parse(r.detail_json) as Record<string, unknown>,
  }))
}

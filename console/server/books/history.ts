import type { RecordHistory } from '#api/models/tenants'
import { accountIdOf } from './audit.ts'
import type { BooksReader, BooksTx } from './books.ts'
import { inParts } from './inParts.ts'
import type { Work } from './unitOfWork.ts'

export type Entry = {
  /** The case, register entry, duty or setting that this is the history of. */
  record: string
  verb: string
  from?: string | null
  to?: string | null
  note?: string
  detail?: Record<string, unknown>
}

/** The number of the last entry of each record that this transaction has written: it need not be asked for again. */
const tails = new WeakMap<BooksTx, Map<string, number>>()
const writtenIn = (tx: BooksTx) => {
  const known = tails.get(tx) ?? new Map<string, number>()
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
  for (const { record, n } of await lastNumbers(tx, unseen)) written.set(record, n)
  const rows = entries.map(e => {
    const n = (written.get(e.record) ?? 0) + 1
    written.set(e.record, n)
    return {
      record: e.record,
      n,
      at,
      by_user: actor.display.toWellFormed(),
      by_id: accountIdOf(actor),
      station: actor.station.toWellFormed(),
      verb: e.verb,
      from_state: e.from ?? null,
      to_state: e.to ?? null,
      note: (e.note ?? '').toWellFormed(),
      detail_json: JSON.stringify(e.detail ?? {}),
    }
  })
  await tx.insertInto('history').values(rows).execute()
}

/** How many entries the histories of records have. */
const lastNumbers = async (tx: BooksTx, records: readonly string[]) =>
  records.length === 0
    ? []
    : tx
        .selectFrom('history')
        .select(e => ['record', e.fn.max('n').as('n')])
        .where('record', 'in', records)
        .groupBy('record')
        .execute()

/** What was done to a record, newest first. */
export const recordHistoryOf = async (db: BooksReader, record: string): Promise<RecordHistory> => {
  const rows = await db.selectFrom('history').selectAll().where('record', '=', record).orderBy('n', 'desc').limit(200).execute()
  return rows.map(r => ({
    ...{ at: r.at, by: r.by_user, station: r.station, verb: r.verb },
    detail: JSON.parse(r.detail_json) as Record<string, unknown>,
  }))
}

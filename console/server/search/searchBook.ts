import type { BooksReader } from '../books/books.ts'
import type { Kept } from '../books/schema.ts'
import type { Work } from '../books/unitOfWork.ts'
import { searchTextOf, wordsOf } from './searchText.ts'

export type Found = { record: string; kind: string; number: string; at: number }

const literal = (word: string) => word.replaceAll(/[\\%_]/g, c => `\\${c}`)

/** Puts a record where it can be found, or renews how. */
export const indexRecord = async (
  work: Work,
  r: { record: string; kind: string; number: string; at: number; words: readonly (string | null | undefined)[] },
): Promise<void> => {
  const row = { kind: r.kind, number: r.number, at: r.at, text: searchTextOf([r.number, ...r.words]) }
  await work.tx
    .insertInto('search_index')
    .values({ record: r.record, ...row })
    .onConflict(c => c.column('record').doUpdateSet(row))
    .execute()
}

/**
 * Newest first (ids are made in the order of time); every word must occur. `kinds` are those that the asker may see; what is
 * `kept` from him is not found, nor what was written down because of it.
 */
export const search = async (
  db: BooksReader,
  wish: string,
  kinds: readonly string[],
  kept: Kept,
  limit: number,
): Promise<Found[]> => {
  const words = wordsOf(wish)
  if (words.length === 0 || kinds.length === 0) return []
  const because = db.selectFrom('register_entry').select('id').where('case_id', 'in', kept)
  let q = db
    .selectFrom('search_index')
    .select(['record', 'kind', 'number', 'at'])
    .where('kind', 'in', kinds)
    .where('record', 'not in', kept)
    .where('record', 'not in', because)
  for (const w of words) q = q.where(e => e('text', 'like', e.val(`%${literal(w)}%`)))
  return q.orderBy('record', 'desc').limit(limit).execute()
}

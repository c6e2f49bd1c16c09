import type { BooksReader } from '../books/books.ts'
import { inParts } from '../books/inParts.ts'
import type { Kept } from '../books/schema.ts'
import type { Work } from '../books/unitOfWork.ts'
import { searchTextOf, wordsOf } from './searchText.ts'

export type Found = { record: string; kind: string; number: string; at: number }

const literal = (word: string) => word.replaceAll(/[\\%_]/g, c => `\\${c}`)

type Findable = { record: string; kind: string; number: string; at: number; words: readonly (string | null | undefined)[] }

/** Puts a record where it can be found, or renews how. */
export const indexRecord = (work: Pick<Work, 'tx'>, r: Findable): Promise<void> => indexRecords(work, [r])

/** The same for many at once. */
export const indexRecords = async ({ tx }: Pick<Work, 'tx'>, records: readonly Findable[]): Promise<void> => {
  for (const part of inParts(records))
    await tx
      .insertInto('search_index')
      .values(part.map(({ words, ...r }) => ({ ...r, text: searchTextOf([r.number, ...words]) })))
      .onConflict(c =>
        c.column('record').doUpdateSet(e => ({
          kind: e.ref('excluded.kind'),
          number: e.ref('excluded.number'),
          at: e.ref('excluded.at'),
          text: e.ref('excluded.text'),
        })),
      )
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
  let q = db.selectFrom('search_index').select(['record', 'kind', 'number', 'at'])
  // The words first, in the order in which they are judged: what does not have them need not be looked up for who may see it.
  for (const w of words) q = q.where(e => e('text', 'like', e.val(`%${literal(w)}%`)))
  return q
    .where('kind', 'in', kinds)
    .where('record', 'not in', kept)
    .where('record', 'not in', because)
    .orderBy('record', 'desc')
    .limit(limit)
    .execute()
}

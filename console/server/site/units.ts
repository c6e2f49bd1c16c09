import type { Words } from '#contract/names'
import type { BooksReader } from '../books/books.ts'
import { wordsIn } from '../books/words.ts'

/** A unit that the desk keeps: it has no zones, and stands on a floor of the site or on none. */
export type OwnUnit = { id: string; name: Words; floor: string | null }

export const ownUnitsIn = async (db: BooksReader): Promise<OwnUnit[]> => {
  const rows = await db.selectFrom('unit').selectAll().orderBy('id').execute()
  return rows.map(r => ({ id: r.id, name: wordsIn(r.name_json), floor: r.floor }))
}

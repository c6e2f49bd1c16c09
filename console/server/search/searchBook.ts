import type { CaseHead } from '#api/models/cases'
import { system } from '../books/audit.ts'
import type { BooksReader, BooksStore } from '../books/books.ts'
import type { UnitOfWork, Work } from '../books/unitOfWork.ts'
import { headOf } from '../engine/cases/caseRows.ts'
import type { Kept } from '../engine/cases/people.ts'
import type { Procedure } from '../engine/definition.ts'
import type { Directory } from '../site/directory.ts'
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
 * A case by its number, what was written in its form, its place and its tenant in both languages; not by fields that only
 * some roles see, or others would learn of them by finding it.
 */
export const indexCase = async (
  work: Work,
  directory: Directory,
  procedure: Procedure,
  head: CaseHead,
  tenant: string | undefined,
): Promise<void> => {
  const place = directory.placeName(head.place)
  const open = procedure.fields.filter(f => !f.sees).map(f => head.form[f.key])
  const written = open.flatMap(v => (typeof v === 'string' ? [v] : typeof v === 'object' && v !== null ? Object.values(v) : []))
  const words = [...written, head.place === null ? null : place.zh, head.place === null ? null : place.en, tenant, head.owner]
  await indexRecord(work, { record: head.id, kind: head.procedure, number: head.number, at: head.openedAt, words })
}

/** Cases that cannot be found yet, after a migration that changed how: so many at a time, until none is left. */
export const indexMissing = async (
  books: BooksStore,
  unit: UnitOfWork,
  directory: Directory,
  procedureOf: (id: string) => Procedure,
): Promise<void> => {
  const missing = (db: BooksReader) =>
    db
      .selectFrom('case_file as c')
      .selectAll('c')
      .where(e => e.not(e.exists(e.selectFrom('search_index as s').select('s.record').whereRef('s.record', '=', 'c.id'))))
      .limit(500)
      .execute()
  while ((await missing(books.read)).length > 0)
    await unit(system, async work => {
      for (const row of await missing(work.tx)) {
        const head = headOf(row)
        const tenant = await directory.tenantOfPlace(work.tx, head.place)
        await indexCase(work, directory, procedureOf(head.procedure), head, tenant?.name)
      }
    })
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

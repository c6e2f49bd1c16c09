import type { CaseHead } from '#api/models/cases'
import { system } from '../../books/audit.ts'
import type { BooksReader, BooksStore } from '../../books/books.ts'
import type { UnitOfWork, Work } from '../../books/unitOfWork.ts'
import { indexRecord } from '../../search/searchBook.ts'
import type { Directory } from '../../site/directory.ts'
import type { Procedure } from '../definition.ts'
import { headOf } from './caseRows.ts'

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
  procedureOf: (head: CaseHead) => Procedure,
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
        await indexCase(work, directory, procedureOf(head), head, tenant?.name)
      }
    })
}

import { audit, system } from '../books/audit.ts'
import type { BooksReader, BooksTx } from '../books/books.ts'
import { attachmentsKept } from '../site/settings.ts'
import type { Desk } from './desk.ts'

const dayMs = 86_400_000
const mostAtOnce = 50

type Keeping = Pick<Desk, 'books' | 'unit' | 'rules' | 'files' | 'wall'>

type Files = Pick<Desk['files'], 'remove'>

/** Removes files that nothing else names, before the rows that name them go: whatever cuts this off is gone through again. */
export const removeUnnamed = async (tx: BooksTx, files: Files, of: { sha256: string; id: string }[]): Promise<void> => {
  const ids = of.map(x => x.id)
  const digests = [...new Set(of.map(x => x.sha256))]
  const named = (table: 'attachment' | 'specimen_seal') =>
    tx
      .selectFrom(table as 'attachment')
      .select('sha256')
      .where('sha256', 'in', digests)
      .where('id', 'not in', ids)
      .execute()
  // The same picture may hang on something that is kept.
  const kept = new Set([...(await named('attachment')), ...(await named('specimen_seal'))].map(r => r.sha256))
  for (const sha256 of digests) if (!kept.has(sha256)) await files.remove(sha256)
}

/**
 * Photos and scans of cases go so many days after the case has ended, where the site says so (Personal Information Protection Law art. 19).
 * Their digests stay in the history: whoever has kept a copy can still show that it was this one. Returns how many.
 */
export const eraseOldFiles = async ({ unit, books, rules, files, wall }: Keeping): Promise<number> => {
  const days = rules.number(attachmentsKept)
  if (days === null) return 0
  const due = (db: BooksReader) =>
    db
      .selectFrom('attachment')
      .innerJoin('case_file', 'case_file.id', 'attachment.case_id')
      .select(['attachment.id', 'attachment.sha256'])
      .where('ended_at', '<', wall() - days * dayMs)
      .orderBy('ended_at')
      .limit(mostAtOnce)
      .execute()
  if ((await due(books.read)).length === 0) return 0
  return unit(system, async work => {
    const old = await due(work.tx)
    if (old.length === 0) return 0
    await removeUnnamed(work.tx, files, old)
    await work.tx
      .deleteFrom('attachment')
      .where(
        'id',
        'in',
        old.map(a => a.id),
      )
      .execute()
    await audit(work.tx, work.at, system, 'files-erased', 'books', { files: old.length })
    return old.length
  })
}

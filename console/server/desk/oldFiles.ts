import { audit, system } from '../books/audit.ts'
import { attachmentsKept } from '../site/settings.ts'
import type { Desk } from './desk.ts'

const dayMs = 86_400_000
const mostAtOnce = 50

type Keeping = Pick<Desk, 'books' | 'unit' | 'rules' | 'files' | 'wall'>

/**
 * Photos and scans of cases go so many days after the case has ended, where the site says so (Personal Information Protection Law art. 19).
 * Their digests stay in the history: whoever has kept a copy can still show that it was this one. The file goes before its row, so that
 * whatever cuts this off it is gone through again. Returns how many.
 */
export const eraseOldFiles = async ({ books, unit, rules, files, wall }: Keeping): Promise<number> => {
  const days = rules.number(attachmentsKept)
  if (days === null) return 0
  const old = await books.read
    .selectFrom('attachment')
    .innerJoin('case_file', 'case_file.id', 'attachment.case_id')
    .select(['attachment.id', 'attachment.sha256'])
    .where('ended_at', '<', wall() - days * dayMs)
    .orderBy('ended_at')
    .limit(mostAtOnce)
    .execute()
  if (old.length === 0) return 0
  const ids = old.map(a => a.id)
  const digests = [...new Set(old.map(a => a.sha256))]
  // The same picture may hang on something that is kept.
  const [attached, seals] = await Promise.all([
    books.read.selectFrom('attachment').select('sha256').where('sha256', 'in', digests).where('id', 'not in', ids).execute(),
    books.read.selectFrom('specimen_seal').select('sha256').where('sha256', 'in', digests).execute(),
  ])
  const kept = new Set([...attached, ...seals].map(r => r.sha256))
  for (const sha256 of digests) if (!kept.has(sha256)) await files.remove(sha256)
  await unit(system, async work => {
    await work.tx.deleteFrom('attachment').where('id', 'in', ids).execute()
    await audit(work.tx, work.at, system, 'files-erased', 'books', { files: ids.length })
  })
  return ids.length
}

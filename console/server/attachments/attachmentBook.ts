import { ulid } from 'ulid'
import type { AttachmentView } from '#api/models/cases'
import { accountIdOf } from '../books/audit.ts'
import type { BooksReader } from '../books/books.ts'
import { writeHistory } from '../books/history.ts'
import type { Work } from '../books/unitOfWork.ts'

/** What hangs on a case, oldest first. */
export const attachmentsOf = async (db: BooksReader, caseId: string): Promise<AttachmentView[]> =>
  (await db.selectFrom('attachment').selectAll().where('case_id', '=', caseId).orderBy('at').execute()).map(a => ({
    id: a.id,
    name: a.name,
    type: a.type,
    bytes: a.bytes,
    at: a.at,
    by: a.by_user,
  }))

export const attachmentIn = (db: BooksReader, id: string) =>
  db.selectFrom('attachment').selectAll().where('id', '=', id).executeTakeFirst()

/** A file that is kept already becomes part of a case and of its history; the same content once. */
export const attach = async (
  work: Work,
  caseId: string,
  file: { name: string; type: string; bytes: number; sha256: string },
): Promise<void> => {
  const { type, sha256 } = file
  // Whoever had no answer sends it again.
  const there = await work.tx
    .selectFrom('attachment')
    .select('id')
    .where('case_id', '=', caseId)
    .where('sha256', '=', sha256)
    .executeTakeFirst()
  if (there) return
  await work.tx
    .insertInto('attachment')
    .values({
      id: ulid(),
      case_id: caseId,
      ...file,
      at: work.at,
      by_user: work.actor.display,
      by_id: accountIdOf(work.actor),
    })
    .execute()
  await writeHistory(work, { record: caseId, verb: 'attach', note: file.name, detail: { type, sha256 } })
  work.touched.cases.add(caseId)
}

import type { CaseHead } from '#api/models/cases'
import type { User } from '#api/models/people'
import type { BooksReader } from '../../books/books.ts'
import type { Work } from '../../books/unitOfWork.ts'
import type { CaseEngine } from './caseEngine.ts'
import { headOf } from './caseRows.ts'

/** Cases that somebody may see: of the procedures that are open to him, without those that are kept from him. */
export const seenBy = (engine: CaseEngine, db: BooksReader, user: User) =>
  db
    .selectFrom('case_file')
    .selectAll()
    .where('procedure', 'in', engine.visibleTo(user))
    .where('case_file.id', 'not in', engine.keptFrom(db, user))

/** Of one procedure, open, ended or both, the newest first; a page of them begins after the case that ended the one before. */
export const listCases = async (
  engine: CaseEngine,
  db: BooksReader,
  user: User,
  of: { procedure: string; open?: 'true' | 'false' | undefined; before?: string | undefined; limit: number },
): Promise<CaseHead[]> => {
  let q = seenBy(engine, db, user).where('procedure', '=', of.procedure)
  if (of.open) q = q.where('ended_at', of.open === 'true' ? 'is' : 'is not', null)
  if (of.before) {
    const { openedAt, id } = await engine.seen(db, of.before, user)
    q = q.where(e => e(e.refTuple('opened_at', 'id'), '<', e.tuple(openedAt, id)))
  }
  const rows = await q.orderBy('opened_at', 'desc').orderBy('id', 'desc').limit(of.limit).execute()
  return rows.map(row => engine.shownTo(user, headOf(row)))
}

/** The last matters of a tenant. */
export const lastOfTenant = async (engine: CaseEngine, db: BooksReader, user: User, tenant: string, limit: number) => {
  const rows = await seenBy(engine, db, user).where('tenant', '=', tenant).orderBy('opened_at', 'desc').limit(limit).execute()
  return rows.map(row => engine.shownTo(user, headOf(row)))
}

/** Which copy of its paper the next one is. */
export const nextCopy = async (work: Work, id: string): Promise<number> => {
  const row = await work.tx
    .selectFrom('history')
    .select(e => e.fn.countAll().as('n'))
    .where('record', '=', id)
    .where('verb', '=', 'print')
    .executeTakeFirst()
  return Number(row?.n ?? 0) + 1
}

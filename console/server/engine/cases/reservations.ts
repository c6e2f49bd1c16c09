import type { Reservations } from '#api/models/cases'
import type { User } from '#api/models/people'
import { hasRole } from '#api/rights'
import type { BooksReader } from '../../books/books.ts'
import type { CaseEngine } from './caseEngine.ts'
import { seenBy } from './caseList.ts'
import { headOf } from './caseRows.ts'

/**
 * What can be had alone by a case and who sees it may know of, and the stretches of [from, to) in which somebody has it. Of a case that
 * is kept from him he learns only that it is taken.
 */
export const reservationsIn = async (
  engine: CaseEngine,
  db: BooksReader,
  user: User,
  s: { from: number; to: number },
): Promise<Reservations> => {
  const { manual } = engine
  const kinds = manual.things.filter(
    k =>
      hasRole(user.roles, k.sees) &&
      manual.kinds.some(({ versions }) =>
        versions.some(p => p.fields.some(f => f.key === p.reserves?.resource && f.things === k.id)),
      ),
  )
  const here = await db
    .selectFrom('thing')
    .select('id')
    .where('kind', 'in', ['', ...kinds.map(k => k.id)])
    .where('ended_at', 'is', null)
    .orderBy('code')
    .execute()
  const taken = await db
    .selectFrom('reservation')
    .selectAll()
    .where('from_at', '<', s.to)
    .where('to_at', '>', s.from)
    .where('resource', 'in', ['', ...here.map(t => t.id)])
    .orderBy('from_at')
    .execute()
  const rows = await seenBy(engine, db, user)
    .where('case_file.id', 'in', ['', ...taken.map(t => t.case_id)])
    .execute()
  const cases = new Map(rows.map(r => [r.id, headOf(r)]))
  return {
    things: here.map(t => t.id),
    taken: taken.map(t => {
      const { id, number, procedure, tenant, state } = cases.get(t.case_id) ?? {}
      return {
        ...{ resource: t.resource, from: t.from_at, to: t.to_at },
        of: id && number && procedure && state ? { id, number, procedure, tenant: tenant ?? null, state } : null,
      }
    }),
  }
}

import type { Route } from '#program/httpApi'
import { auditLines } from '../books/audit.ts'
import { headOf, sealText } from '../books/chain/sealing.ts'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'

/** Who did what, and by what it can be proved. */
export const auditRoutes = (desk: Desk): Route<Asker>[] => {
  const db = desk.books.read
  const { calendar } = desk.directory
  const begins = (date: string) => calendar.instantOf(date, 0)
  return [
    deskRoute('GET /audit', ({ query: { from, to, ...ask }, who }) =>
      auditLines(db, desk.engine.keptFrom(db, who.user), {
        ...ask,
        from: from === undefined ? 0 : begins(from),
        to: to === undefined ? Number.MAX_SAFE_INTEGER : begins(calendar.plusDays(to, 1)),
      }),
    ),
    deskRoute('GET /seal', async () => {
      const head = await headOf(db)
      return { seal: head ? sealText(head) : null }
    }),
  ]
}

import { Refusal } from '#api/errors'
import { hasRole } from '#api/rights'
import type { Route } from '#program/httpApi'
import { type Asker, type Desk, deskRoute } from '../../server/desk/desk.ts'
import { roster } from './definition.ts'
import { setShifts, shiftsOf } from './rosterBook.ts'

/** Who is on duty when. */
export const rosterRoutes = (desk: Desk): Route<Asker>[] => {
  const db = desk.books.read
  return [
    deskRoute('PUT /rosters/:id/shifts', async ({ params, body, who }) => {
      await desk.unit(who.actor, async work => {
        const head = await desk.engine.head(work.tx, params.id)
        if (head.procedure !== roster.id) throw new Refusal('unknown-case', 'id')
        if (!hasRole(who.user.roles, roster.opens)) throw new Refusal('not-your-role')
        await desk.engine.sameRevision(work, head, body.revision, who.user)
        await setShifts(work, head, body.shifts)
      })
      return shiftsOf(db, params.id)
    }),
  ]
}

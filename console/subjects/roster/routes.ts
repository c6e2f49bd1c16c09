import { z } from 'zod'
import { rosterShift } from '#api/models/cases'
import { person } from '#api/models/people'
import { hasRole } from '#api/rights'
import { ApiError, type Route } from '#program/httpApi'
import { type Asker, type Desk, deskRoute } from '../../server/desk/desk.ts'
import { rosterLine, setShifts, shiftsOf } from './rosterBook.ts'

/** Who works here, and who is on duty when. */
export const rosterRoutes = (desk: Desk): Route<Asker>[] => {
  const db = desk.books.read
  return [
    deskRoute({
      method: 'get',
      path: '/people',
      summary: 'The people of this site by name and post',
      answer: z.array(person),
      async handle() {
        const rows = await db
          .selectFrom('user_account')
          .leftJoin('post', 'post.id', 'user_account.post')
          .select(['user_account.name', 'user_account.display', 'user_account.post', 'post.name_zh', 'post.name_en'])
          .where('user_account.active', '=', 1)
          .orderBy('user_account.display')
          .execute()
        // Where two have one name, each is written with his user name.
        const twice = (display: string) => rows.filter(r => r.display === display).length > 1
        const written = (r: { display: string; name: string }) => (twice(r.display) ? `${r.display} (${r.name})` : r.display)
        return rows.map(r => ({ display: written(r), post: { zh: r.name_zh ?? r.post, en: r.name_en ?? r.post } }))
      },
    }),
    deskRoute({
      method: 'put',
      path: '/rosters/:id/shifts',
      summary: 'Writes the table of a roster in preparation anew, whole',
      params: z.object({ id: z.string().max(40) }),
      body: z.strictObject({ revision: z.number().int().nonnegative(), shifts: z.array(rosterLine).max(2000) }),
      answer: z.array(rosterShift),
      async handle({ params, body, who }) {
        await desk.unit(who.actor, async work => {
          const head = await desk.engine.head(work.tx, params.id)
          if (head.procedure !== 'roster') throw new ApiError(404, 'unknown-case', 'id')
          if (!hasRole(who.user.roles, desk.engine.procedure('roster').opens)) throw new ApiError(403, 'not-your-role')
          await desk.engine.sameRevision(work, head, body.revision, who.user)
          await setShifts(work, head, body.shifts)
        })
        return shiftsOf(db, params.id)
      },
    }),
  ]
}

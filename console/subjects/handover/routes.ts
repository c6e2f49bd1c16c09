import { Refusal } from '#api/errors'
import { hasRole } from '#api/rights'
import type { Route } from '#program/httpApi'
import { caseViews } from '../../server/desk/caseViews.ts'
import { type Asker, type Desk, deskRoute } from '../../server/desk/desk.ts'
import { handover } from './definition.ts'
import { checkItem, remarkItem } from './items.ts'
import { readinessOf } from './readiness.ts'

/** The items of a handover, gone through one by one. */
export const handoverRoutes = (desk: Desk): Route<Asker>[] => {
  const { full } = caseViews(desk)
  return [
    deskRoute('GET /handover/readiness', ({ who }) => {
      if (!hasRole(who.user.roles, handover.opens)) throw new Refusal('not-your-role')
      return readinessOf(desk, who.user)
    }),
    deskRoute('POST /cases/:id/items/:n/remark', async ({ params, body, who }) => {
      await desk.unit(who.actor, async work => {
        const head = await desk.engine.seen(work.tx, params.id, who.user)
        await remarkItem(work, head, params.n, body.remark)
      })
      return full(params.id, who.user)
    }),
    deskRoute('POST /cases/:id/items/:n/check', async ({ params, who }) => {
      await desk.unit(who.actor, async work => {
        const head = await desk.engine.seen(work.tx, params.id, who.user)
        await checkItem(work, head, params.n)
      })
      return full(params.id, who.user)
    }),
  ]
}

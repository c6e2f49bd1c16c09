import { z } from 'zod'
import { caseFull } from '#api/models/cases'
import type { Route } from '#program/httpApi'
import { caseViews } from '../../server/desk/caseViews.ts'
import { type Asker, type Desk, deskRoute } from '../../server/desk/desk.ts'
import { checkItem, remarkItem } from './items.ts'

const item = z.object({ id: z.string().max(40), n: z.coerce.number().int().min(1) })

/** The items of a handover, gone through one by one. */
export const handoverRoutes = (desk: Desk): Route<Asker>[] => {
  const { full } = caseViews(desk)
  return [
    deskRoute({
      method: 'post',
      path: '/cases/:id/items/:n/remark',
      summary: 'The outgoing shift says what there is to an item of the handover',
      params: item,
      body: z.strictObject({ remark: z.string().trim().min(1).max(500) }),
      answer: caseFull,
      async handle({ params, body, who }) {
        await desk.unit(who.actor, async work => {
          const head = await desk.engine.seen(work.tx, params.id, who.user)
          await remarkItem(work, head, params.n, body.remark)
        })
        return full(params.id, who.user)
      },
    }),
    deskRoute({
      method: 'post',
      path: '/cases/:id/items/:n/check',
      summary: 'The incoming shift has gone through an item of the handover',
      params: item,
      answer: caseFull,
      async handle({ params, who }) {
        await desk.unit(who.actor, async work => {
          const head = await desk.engine.seen(work.tx, params.id, who.user)
          await checkItem(work, head, params.n)
        })
        return full(params.id, who.user)
      },
    }),
  ]
}

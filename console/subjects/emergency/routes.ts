import { z } from 'zod'
import { Refusal } from '#api/errors'
import { caseFull } from '#api/models/cases'
import type { Route } from '#program/httpApi'
import { audit } from '../../server/books/audit.ts'
import { caseViews } from '../../server/desk/caseViews.ts'
import { type Asker, type Desk, deskRoute } from '../../server/desk/desk.ts'
import { Emergencies } from './tickets.ts'

const step = z.object({ id: z.string().max(40), n: z.coerce.number().int().min(1) })

/** What people report, and the steps of its plan. */
export const emergencyRoutes = (desk: Desk): Route<Asker>[] => {
  const tickets = new Emergencies(desk)
  const { full } = caseViews(desk)
  return [
    deskRoute({
      method: 'post',
      path: '/emergencies',
      summary: 'Reports something major that no alarm has raised (R62); an open ticket of the same kind and place takes it up',
      right: 'raise-emergency',
      body: z.strictObject({
        kind: z.enum(['other', ...desk.directory.site.plans.map(p => p.kind)]),
        place: z.string().max(40).nullable(),
        what: z.string().trim().min(1).max(200),
      }),
      answer: caseFull,
      async handle({ body, who }) {
        if (body.place !== null && !desk.directory.knowsPlace(body.place)) throw new Refusal('unknown-place', 'place')
        const id = await desk.unit(who.actor, async work => {
          const ticket = await tickets.onReported(work, body)
          await audit(work.tx, work.at, who.actor, 'emergency-reported', ticket)
          return ticket
        })
        return full(id, who.user)
      },
    }),
    deskRoute({
      method: 'post',
      path: '/cases/:id/steps/:n/done',
      summary: 'Ticks a step of an emergency plan',
      right: 'act-on-alarms',
      params: step,
      handle: ({ params, who }) =>
        desk.unit(who.actor, async work => {
          const head = await desk.engine.seen(work.tx, params.id, who.user)
          if (head.endedAt !== null) throw new Refusal('case-is-over')
          if (!(await tickets.tick(work, params.id, params.n))) throw new Refusal('already-done', 'n')
          await audit(work.tx, work.at, work.actor, 'step-done', params.id, { n: params.n })
        }),
    }),
    deskRoute({
      method: 'post',
      path: '/cases/:id/steps/:n/set-aside',
      summary: 'Sets a step of an emergency plan aside, with its reason: this case does not need it',
      right: 'act-on-alarms',
      params: step,
      body: z.strictObject({ reason: z.string().trim().min(2).max(300) }),
      handle: ({ params, body, who }) =>
        desk.unit(who.actor, async work => {
          const head = await desk.engine.head(work.tx, params.id)
          if (head.endedAt !== null) throw new Refusal('case-is-over')
          if (!(await tickets.setAside(work, params.id, params.n, body.reason))) throw new Refusal('already-done', 'n')
          await audit(work.tx, work.at, work.actor, 'step-aside', params.id, { n: params.n, reason: body.reason })
        }),
    }),
  ]
}

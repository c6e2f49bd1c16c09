import { Refusal } from '#api/errors'
import type { Route } from '#program/httpApi'
import { audit } from '../../server/books/audit.ts'
import { caseViews } from '../../server/desk/caseViews.ts'
import { type Asker, type Desk, deskRoute } from '../../server/desk/desk.ts'
import { shadowReport } from './drillRoutes.ts'
import { answersAs, leadsNow } from './leading.ts'
import { mergeTickets } from './merging.ts'
import { reportDraft } from './reportDraft.ts'
import { isSimulatedFire } from './shadow.ts'
import { tellAround } from './telling.ts'
import { Emergencies } from './tickets.ts'

/** What people report, and the steps of its plan. */
export const emergencyRoutes = (desk: Desk): Route<Asker>[] => {
  const tickets = new Emergencies(desk)
  const { full } = caseViews(desk)
  return [
    deskRoute('POST /emergencies', async ({ body, who }) => {
      if (body.kind !== 'other' && !desk.directory.site.plans.some(p => p.kind === body.kind))
        throw new Refusal('invalid', 'kind')
      if (body.place !== null && !desk.directory.knowsPlace(body.place)) throw new Refusal('unknown-place', 'place')
      if (body.drill && who.actor.locked) throw new Refusal('locked', 'drill')
      const fireAt = body.kind === 'fire' ? desk.directory.compartmentOf(body.place)?.id : undefined
      if (body.drill === 'simulators' && !isSimulatedFire(desk.directory.site, fireAt ?? null))
        throw new Refusal('not-simulated', 'drill')
      const shadow = body.drill && fireAt !== undefined ? await shadowReport(desk, fireAt) : undefined
      const id = await desk.unit(who.actor, async work => {
        const { drill, ...report } = body
        const ticket = await tickets.onReported(work, drill ? { ...report, drill } : report)
        if (shadow) await desk.engine.remark(work, ticket, 'shadow', '', { shadow })
        await audit(work.tx, work.at, who.actor, 'emergency-reported', ticket, drill ? { drill } : {})
        return ticket
      })
      return full(id, who.user)
    }),
    deskRoute('GET /emergencies/:number/draft', async ({ params, who }) => ({
      text: await reportDraft(desk, params.number, who.user),
    })),
    deskRoute('POST /cases/:id/merge', async ({ params, body, who }) => {
      await desk.unit(who.actor, async work => {
        const [from, into] = [
          await desk.engine.seen(work.tx, params.id, who.user),
          await desk.engine.seen(work.tx, body.into, who.user),
        ]
        const leading = await leadsNow(work.tx, work.at, desk.engine.manual, desk.present())
        if (answersAs(['lead'], who.user, leading) === null) throw new Refusal('not-the-lead', 'id')
        await mergeTickets(work, { engine: desk.engine, around: tellAround(desk), from, into, why: body.reason })
        await audit(work.tx, work.at, work.actor, 'emergency-merged', params.id, { into: into.number, reason: body.reason })
      })
      return full(body.into, who.user)
    }),
    deskRoute('POST /cases/:id/steps/:n/done', ({ params, who }) =>
      desk.unit(who.actor, async work => {
        const head = await desk.engine.seen(work.tx, params.id, who.user)
        if (head.endedAt !== null) throw new Refusal('case-is-over')
        const as = await tickets.steps.answersAs(work, params.id, params.n, who.user)
        if (!(await tickets.steps.tick(work, params.id, params.n, as))) throw new Refusal('already-done', 'n')
        await audit(work.tx, work.at, work.actor, 'step-done', params.id, { n: params.n })
      }),
    ),
    deskRoute('POST /cases/:id/steps/:n/take-back', ({ params, body, who }) =>
      desk.unit(who.actor, async work => {
        const head = await desk.engine.seen(work.tx, params.id, who.user)
        if (head.endedAt !== null) throw new Refusal('case-is-over')
        const as = await tickets.steps.answersAs(work, params.id, params.n, who.user)
        if (!(await tickets.steps.takeBack(work, params.id, params.n, body.reason, as))) throw new Refusal('not-done-yet', 'n')
        await audit(work.tx, work.at, work.actor, 'step-taken-back', params.id, { n: params.n, reason: body.reason })
      }),
    ),
    deskRoute('POST /cases/:id/steps/:n/set-aside', ({ params, body, who }) =>
      desk.unit(who.actor, async work => {
        const head = await desk.engine.seen(work.tx, params.id, who.user)
        if (head.endedAt !== null) throw new Refusal('case-is-over')
        const as = await tickets.steps.answersAs(work, params.id, params.n, who.user)
        if (!(await tickets.steps.setAside(work, params.id, params.n, body.reason, as))) throw new Refusal('already-done', 'n')
        await audit(work.tx, work.at, work.actor, 'step-aside', params.id, { n: params.n, reason: body.reason })
      }),
    ),
  ]
}

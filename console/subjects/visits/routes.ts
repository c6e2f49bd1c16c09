import type { Route } from '#program/httpApi'
import { type Asker, type Desk, deskRoute } from '../../server/desk/desk.ts'
import { openVisit, proposeVisits, visitWeek } from './sample.ts'

/** The return visits of the week (R32). */
export const visitRoutes = (desk: Desk): Route<Asker>[] => {
  const db = desk.books.read
  const propose = async (who: Asker) => {
    const { period, stretch } = await visitWeek(db, desk, desk.wall())
    const proposal = await proposeVisits(db, desk.engine.around, period, stretch)
    const kept = new Set((await desk.engine.keptFrom(db, who.user).execute()).map(r => r.id))
    return { ...proposal, sample: proposal.sample.filter(c => !kept.has(c.id)) }
  }
  return [
    deskRoute('GET /return-visits/proposal', ({ who }) => propose(who)),
    deskRoute('POST /return-visits/proposal', async ({ body, who }) => {
      await desk.unit(who.actor, async work => {
        for (const id of body.repairs) await openVisit(work, desk.engine, id, who.user)
      })
      return propose(who)
    }),
  ]
}

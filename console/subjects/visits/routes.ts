import type { Route } from '#program/httpApi'
import { type Asker, type Desk, deskRoute } from '../../server/desk/desk.ts'
import { openVisit, proposeVisits } from './sample.ts'

/** The return visits of the week (R32). */
export const visitRoutes = (desk: Desk): Route<Asker>[] => {
  const db = desk.books.read
  const { local } = desk.rules.calendar
  /** The week that they are about: that of the duty which is owed next, or the one of the calendar. */
  const week = async () => {
    const now = desk.wall()
    const owed = await db
      .selectFrom('duty')
      .selectAll()
      .where('routine', '=', 'repair-visits-week')
      .where('done_at', 'is', null)
      .orderBy('limit_at')
      .executeTakeFirst()
    if (owed) return { period: owed.period, stretch: await desk.duties.stretchOf(db, owed, now) }
    const monday = local.plusDays(local.dateOf(now), 1 - local.weekdayOf(local.dateOf(now)))
    return { period: `W${monday}`, stretch: { from: local.instantOf(monday, 0), to: now } }
  }
  const propose = async (who: Asker) => {
    const { period, stretch } = await week()
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

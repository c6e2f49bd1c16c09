import type { Route } from '#program/httpApi'
import { lastLinkages } from '../agents/journal/fireBook.ts'
import { highWaters, troubleCounts } from '../agents/journal/journalBook.ts'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'
import { programmeWeek } from '../desk/programmeWeek.ts'

/** What an engineer looks into when something ran, or did not, and nobody knows why. */
export const engineeringRoutes = (desk: Desk): Route<Asker>[] => {
  const { site, calendar } = desk.directory

  const journals = async () => {
    const db = desk.books.read
    const [received, gaps, quarantine] = await Promise.all([
      highWaters(db),
      troubleCounts(db, 'journal_gap'),
      troubleCounts(db, 'quarantine'),
    ])
    return site.agents.map(a => ({
      agent: a.id,
      // Of the journal that the agent keeps now: a replaced disk counts from one again.
      received: received.find(w => w.agent === a.id && w.journalId === desk.mirror.agents.get(a.id)?.journal?.id)?.upTo ?? 0,
      gaps: gaps.get(a.id) ?? 0,
      quarantine: quarantine.get(a.id) ?? 0,
    }))
  }

  return [
    deskRoute('GET /engineering', async ({ query }) => {
      return {
        programme: programmeWeek(desk, query.from ?? calendar.dateOf(desk.wall())),
        journals: await journals(),
        linkages: await lastLinkages(desk.books.read),
      }
    }),
  ]
}

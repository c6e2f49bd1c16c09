import { sql } from 'kysely'
import { booked, type Interval, scheduled } from '#contract/programmeHours'
import type { Route } from '#program/httpApi'
import { linkageOf } from '../agents/journal/fireBook.ts'
import { highWaters } from '../agents/journal/journalBook.ts'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'

const days = 7

/** What an engineer looks into when something ran, or did not, and nobody knows why. */
export const engineeringRoutes = (desk: Desk): Route<Asker>[] => {
  const { site, calendar } = desk.directory

  /** The programme of the week that begins with a date: every stretch of every zone with its cause. */
  const week = (from: string) => {
    const programme = desk.programme.current
    const dates = Array.from({ length: days }, (_, i) => calendar.plusDays(from, i))
    const start = (date: string) => calendar.instantOf(date, 0)
    const begins = start(from)
    const ends = start(calendar.plusDays(from, days))
    const inWeek = (i: Interval) => i.from < ends && i.to > begins
    return {
      revision: programme.revision,
      madeAt: programme.madeAt,
      days: dates.map(date => ({
        date,
        from: start(date),
        to: start(calendar.plusDays(date, 1)),
        exception: programme.exceptions.find(e => e.date === date)?.what ?? null,
        unknown: !desk.rules.calendar.knows(Number(date.slice(0, 4))),
      })),
      zones: site.zones.map(z => ({
        zone: z.id,
        stretches: [
          ...scheduled(programme, calendar, z.id, begins)
            .filter(inWeek)
            .map(i => ({ from: i.from, to: i.to, booked: false, what: i.cause.what })),
          ...booked(programme, z.id)
            .filter(inWeek)
            .map(i => ({ from: i.from, to: i.to, booked: true, what: i.cause.what })),
        ],
      })),
    }
  }

  const journals = async () => {
    const db = desk.books.read
    const count = (table: 'journal_gap' | 'quarantine') =>
      db
        .selectFrom(table)
        .select(['agent', sql<number>`count(*)`.as('n')])
        .groupBy('agent')
        .execute()
    const [received, gaps, quarantine] = await Promise.all([highWaters(db), count('journal_gap'), count('quarantine')])
    const of = (rows: { agent: string; n: number }[], agent: string) => rows.find(r => r.agent === agent)?.n ?? 0
    return site.agents.map(a => ({
      agent: a.id,
      // Of the journal that the agent keeps now: a replaced disk counts from one again.
      received: received.find(w => w.agent === a.id && w.journalId === desk.mirror.agents.get(a.id)?.journal?.id)?.upTo ?? 0,
      gaps: of(gaps, a.id),
      quarantine: of(quarantine, a.id),
    }))
  }

  /** Of each linkage of each compartment the last event that called for it. */
  const linkages = async () => {
    const rows = await desk.books.read
      .selectFrom('linkage as l')
      .selectAll()
      .where(e =>
        e(
          'l.triggered_at',
          '=',
          e
            .selectFrom('linkage as m')
            .select(x => x.fn.max('m.triggered_at').as('at'))
            .whereRef('m.compartment', '=', 'l.compartment')
            .whereRef('m.linkage', '=', 'l.linkage'),
        ),
      )
      .orderBy('l.triggered_at', 'desc')
      .limit(500)
      .execute()
    return rows.map(linkageOf)
  }

  return [
    deskRoute('GET /engineering', async ({ query }) => {
      return {
        programme: week(query.from ?? calendar.dateOf(desk.wall())),
        journals: await journals(),
        linkages: await linkages(),
      }
    }),
  ]
}

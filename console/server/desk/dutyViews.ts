import { Refusal } from '#api/errors'
import type { DutyView, ReportTable } from '#api/models/duties'
import type { User } from '#api/models/people'
import { hasRole } from '#api/rights'
import type { Duty } from '../engine/routines/dutyBook.ts'
import { DutyPosts } from '../engine/routines/dutyPosts.ts'
import { type Behind, type Count, withoutCases } from '../engine/routines/evidence.ts'
import type { Desk } from './desk.ts'

const mostOfAMonth = 2000

/** What the calendar owes, as somebody may see it. */
export const dutyViews = (desk: Desk) => {
  const db = desk.books.read
  const { local } = desk.rules.calendar
  const viewOf =
    (posts: DutyPosts) =>
    (d: Duty): DutyView[] => {
      const routine = desk.duties.routine(d.routine)
      if (!routine) return []
      return [
        {
          id: d.id,
          routine: d.routine,
          name: routine.name,
          source: routine.source,
          owes: routine.owes,
          posts: posts.owing(routine).map(p => p.name),
          evidence: routine.evidence,
          period: d.period,
          targetAt: d.target_at,
          limitAt: d.limit_at,
          dayUnknown: !desk.rules.calendar.knows(Number(desk.directory.calendar.dateOf(d.limit_at).slice(0, 4))),
          missedAt: d.missed_at,
          doneAt: d.done_at,
          doneBy: d.done_by,
          note: d.note,
          figures: d.figures_json === null ? null : JSON.parse(d.figures_json),
          tables: [],
          behind: {},
          stretch: null,
        },
      ]
    }
  const concerns = (user: User) => (d: DutyView) => {
    const routine = desk.duties.routine(d.routine)
    return routine !== undefined && hasRole(user.roles, [routine.owes, ...routine.tells])
  }
  const full = async (id: string, user: User): Promise<DutyView> => {
    const row = await db.selectFrom('duty').selectAll().where('id', '=', id).executeTakeFirst()
    const [view] = row ? viewOf(await DutyPosts.read(db))(row) : []
    if (!row || !view) throw new Refusal('unknown-duty', 'id')
    if (!concerns(user)(view)) throw new Refusal('not-your-role')
    const stretch = await desk.duties.stretchOf(db, row, desk.wall())
    // What was signed stays as it was signed.
    const tables: ReportTable[] =
      row.tables_json === null ? await desk.duties.tables(db, row, stretch) : JSON.parse(row.tables_json)
    const counted = await desk.duties.counted(db, row, stretch)
    const figures = view.figures ?? counted?.figures ?? null
    const kept = await db
      .selectFrom('case_file')
      .select(['id', 'number'])
      .where('id', 'in', desk.engine.keptFrom(db, user))
      .execute()
    return { ...view, tables: withoutCases(tables, kept), figures, behind: await behind(row, counted, kept), stretch }
  }
  /** The cases behind each figure, as signed or as of now; not those that are kept from whoever asks. */
  const behind = async (row: Duty, counted: Count | null, kept: readonly { id: string }[]): Promise<DutyView['behind']> => {
    const ids: Behind = row.done_at === null ? (counted?.behind ?? {}) : JSON.parse(row.behind_json ?? '{}')
    const all = [...new Set(Object.values(ids).flat())].filter(id => !kept.some(k => k.id === id))
    const found = new Map<string, DutyView['behind'][string][number]>()
    for (let i = 0; i < all.length; i += 500)
      for (const c of await db
        .selectFrom('case_file')
        .select(['id', 'number', 'procedure', 'place', 'state', 'urgent'])
        .where('id', 'in', all.slice(i, i + 500))
        .execute())
        found.set(c.id, { ...c, urgent: c.urgent === 1 })
    return Object.fromEntries(Object.entries(ids).map(([key, list]) => [key, list.flatMap(id => found.get(id) ?? [])]))
  }
  /** Of these local dates, both included. */
  const between = async (from: string, to: string, user: User): Promise<DutyView[]> => {
    const rows = await db
      .selectFrom('duty')
      .selectAll()
      .where('limit_at', '>=', local.instantOf(from, 0))
      .where('limit_at', '<', local.instantOf(local.plusDays(to, 1), 0))
      .orderBy('limit_at')
      .limit(mostOfAMonth)
      .execute()
    return rows.flatMap(viewOf(await DutyPosts.read(db))).filter(concerns(user))
  }
  return { viewOf, full, between }
}

import type { ExpressionBuilder } from 'kysely'
import { departmentsOf } from '#api/departments'
import { Refusal } from '#api/errors'
import type { DutyView, ReportTable } from '#api/models/duties'
import { hasRole } from '#api/rights'
import { en } from '#api/words/en'
import { zh } from '#api/words/zh'
import type { Route } from '#program/httpApi'
import type { Books } from '../books/schema.ts'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'
import { headOf } from '../engine/cases/caseRows.ts'
import type { Duty } from '../engine/routines/dutyBook.ts'
import { DutyPosts } from '../engine/routines/dutyPosts.ts'
import { type Behind, type Count, withoutCases } from '../engine/routines/evidence.ts'
import { sendXlsx } from '../export/sendSheet.ts'
import { xlsxOf } from '../export/xlsx.ts'
import { onDutyOn } from '../site/onDuty.ts'
import { gapAnsweredBy, nightFrom, serviceFrom, serviceTo } from '../site/settings.ts'

const openShown = 300

/** What the calendar owes, and what is in hand. */
export const dutyRoutes = (desk: Desk): Route<Asker>[] => {
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
  const concerns = (who: Asker) => (d: DutyView) => {
    const routine = desk.duties.routine(d.routine)
    return routine !== undefined && hasRole(who.user.roles, [routine.owes, ...routine.tells])
  }
  /** The hours in which nobody answers, as long as the site has not said who does (C6). */
  const uncovered = (onDuty: readonly { shift: string }[]) => {
    const { rules } = desk
    // Whoever is rostered for the evening answers.
    if (onDuty.some(p => p.shift === 'evening')) return null
    const from = String(rules.value(serviceTo))
    const to = String(rules.value(nightFrom))
    return from < to && String(rules.value(gapAnsweredBy) ?? '') === '' ? { from, to } : null
  }
  /** Cases of the procedures that somebody sees and that are his: he took them, or has them in hand. */
  const seen = (who: Asker) =>
    db
      .selectFrom('case_file')
      .selectAll()
      .where('procedure', 'in', desk.engine.visibleTo(who.user))
      .where('case_file.id', 'not in', desk.engine.keptFrom(db, who.user))
  const his = (who: Asker) => (e: ExpressionBuilder<Books, 'case_file'>) =>
    e.or(
      (['owner', 'handler'] as const).flatMap(hand => [
        e(`${hand}_id`, '=', who.user.id),
        e.and([e(`${hand}_id`, 'is', null), e(hand, '=', who.user.display)]),
      ]),
    )
  /** Open cases about which this person is asked to do something: they are his, or a step of his role is next. */
  const inHand = (who: Asker) => {
    const departments = departmentsOf(who.user.roles)
    return seen(who)
      .where('ended_at', 'is', null)
      .where(e =>
        e.or(
          desk.engine.visibleTo(who.user).flatMap(id => {
            const procedure = desk.engine.procedure(id)
            const awake = Object.keys(procedure.states).filter(s => !procedure.states[s]?.rests)
            const personal = procedure.personal ?? []
            const asked = awake
              .filter(s => personal !== true && !personal.includes(s))
              .filter(s => procedure.transitions.some(t => t.from.includes(s) && hasRole(who.user.roles, t.by)))
            const here = e('procedure', '=', id)
            // R23: what is another department's to handle stands on that one's day.
            const theirs =
              departments === 'all' || !procedure.departmentOf
                ? e.and([])
                : e.or([e('department', 'is', null), e('department', 'in', departments)])
            return [
              e.and([here, e('state', 'in', awake), his(who)(e)]),
              ...(asked.length === 0 ? [] : [e.and([here, e('state', 'in', asked), theirs])]),
            ]
          }),
        ),
      )
  }
  /** Before the service hours begin it is still the night of yesterday's roster. */
  const onDutyNow = async () => {
    const { date, minuteOfDay } = desk.directory.calendar.partsOf(desk.wall())
    if (minuteOfDay >= desk.rules.minuteOfDay(serviceFrom)) return onDutyOn(db, date)
    const night = (await onDutyOn(db, local.plusDays(date, -1))).filter(p => p.shift === 'night')
    return night.length > 0 ? night : onDutyOn(db, date)
  }
  const full = async (id: string, who: Asker): Promise<DutyView> => {
    const row = await db.selectFrom('duty').selectAll().where('id', '=', id).executeTakeFirst()
    const [view] = row ? viewOf(await DutyPosts.read(db))(row) : []
    if (!row || !view) throw new Refusal('unknown-duty', 'id')
    if (!concerns(who)(view)) throw new Refusal('not-your-role')
    const stretch = await desk.duties.stretchOf(db, row, desk.wall())
    // What was signed stays as it was signed.
    const tables: ReportTable[] =
      row.tables_json === null ? await desk.duties.tables(db, row, stretch) : JSON.parse(row.tables_json)
    const counted = await desk.duties.counted(db, row, stretch)
    const figures = view.figures ?? counted?.figures ?? null
    const kept = await db
      .selectFrom('case_file')
      .select(['id', 'number'])
      .where('id', 'in', desk.engine.keptFrom(db, who.user))
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
  return [
    deskRoute('GET /my-day', async ({ who }) => {
      const today = local.dateOf(desk.wall())
      const dayStart = local.instantOf(today, 0)
      const dayEnd = local.instantOf(local.plusDays(today, 1), 0)
      const [posts, onDuty, tonight, duties, open, ended] = await Promise.all([
        DutyPosts.read(db),
        onDutyNow(),
        onDutyOn(db, today),
        db
          .selectFrom('duty')
          .selectAll()
          .where('limit_at', '<', dayEnd)
          .where('owes', 'in', who.user.roles)
          .where(e => e.or([e('done_at', 'is', null), e('limit_at', '>=', dayStart), e('done_at', '>=', dayStart)]))
          .orderBy('limit_at')
          .limit(200)
          .execute(),
        inHand(who)
          .orderBy('urgent', 'desc')
          .orderBy(e => e.fn.coalesce('due_at', e.lit(9_000_000_000_000)))
          .orderBy('opened_at')
          .limit(openShown)
          .execute(),
        seen(who).where('ended_at', '>=', dayStart).where(his(who)).orderBy('ended_at', 'desc').limit(50).execute(),
      ])
      const owed = (d: Duty) => {
        const routine = desk.duties.routine(d.routine)
        return routine !== undefined && posts.owes(routine, who.user)
      }
      const shown = (rows: typeof open) => rows.map(row => desk.engine.shownTo(who.user, headOf(row)))
      return {
        duties: duties.filter(owed).flatMap(viewOf(posts)),
        open: shown(open),
        ended: shown(ended),
        uncovered: uncovered(tonight),
        onDuty,
      }
    }),
    deskRoute('GET /duties', async ({ query, who }) => {
      const rows = await db
        .selectFrom('duty')
        .selectAll()
        .where('limit_at', '>=', local.instantOf(query.from, 0))
        .where('limit_at', '<', local.instantOf(local.plusDays(query.to, 1), 0))
        .orderBy('limit_at')
        .limit(2000)
        .execute()
      return rows.flatMap(viewOf(await DutyPosts.read(db))).filter(concerns(who))
    }),
    deskRoute('GET /duties/:id', async ({ params, who }) => {
      return full(params.id, who)
    }),
    deskRoute('GET /duties/:id/report.xlsx', async ({ params, query: { language }, who, response }) => {
      const duty = await full(params.id, who)
      const t = language === 'zh' ? zh : en
      const totals = {
        title: `${duty.name[language]} ${duty.period}`,
        columns: [t.report.what, t.report.number],
        rows: Object.entries(duty.figures ?? {}).map(([key, n]) => [t.day.figure[key] ?? key, n]),
      }
      const tables = duty.tables.map(x => ({
        title: x.title[language],
        columns: x.columns.map(c => c[language]),
        rows: x.rows.map(r => r.map(c => (typeof c === 'object' ? c[language] : c))),
      }))
      sendXlsx(response, `${duty.routine}-${duty.period}`, await xlsxOf([totals, ...tables]))
    }),
    deskRoute('POST /duties/:id/done', ({ params, body, who }) =>
      desk.unit(who.actor, work => desk.duties.done(work, params.id, body.note, who.user)),
    ),
  ]
}

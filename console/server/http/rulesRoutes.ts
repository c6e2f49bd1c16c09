import { Refusal } from '#api/errors'
import type { RoutineView, SettingView } from '#api/models/duties'
import type { Route } from '#program/httpApi'
import { addressed } from '../books/addressee.ts'
import { audit } from '../books/audit.ts'
import { writeHistory } from '../books/history.ts'
import { promise } from '../books/outbox.ts'
import { wordsIn } from '../books/words.ts'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'
import { DutyPosts, nameDutyPosts } from '../engine/routines/dutyPosts.ts'
import { presetValue } from '../site/settings.ts'

/** What nobody has put away for so long is left to the history of its case. */
const noticesKeptMs = 60 * 86_400_000

/** The site's own choices (C-numbers), its calendar of days, and what people are told. */
export const rulesRoutes = (desk: Desk): Route<Asker>[] => {
  const db = desk.books.read
  const views = async (): Promise<SettingView[]> => {
    const changed = new Map((await db.selectFrom('setting').selectAll().execute()).map(r => [r.key, r]))
    return desk.rules.settings.map(s => {
      const row = changed.get(s.key)
      return {
        key: s.key,
        name: s.name,
        source: s.source,
        unit: s.unit,
        choices: [...(s.choices ?? [])],
        value: desk.rules.value(s),
        default: presetValue(s, desk.rules.kind),
        presets: s.presets ?? {},
        changedAt: row?.changed_at ?? null,
        changedBy: row?.changed_by ?? null,
      }
    })
  }
  const routineViews = async (): Promise<RoutineView[]> => {
    const posts = await DutyPosts.read(db)
    return desk.duties.owed().map(routine => {
      const named = posts.named(routine)
      return {
        id: routine.id,
        name: routine.name,
        source: routine.source,
        posts: posts.able(routine).map(p => ({ id: p.id, name: p.name, named: named.includes(p) })),
      }
    })
  }
  /** Days of the calendar decide deadlines, duties and the centre's hours alike. */
  const calendarChanged = () => desk.rules.reload(db)
  return [
    deskRoute('GET /settings', views),
    deskRoute('PUT /settings/:key', async ({ params, body, who }) => {
      await desk.unit(who.actor, work => desk.rules.set(work, params.key, body.value, body.reason))
      await desk.rules.reload(db)
      return views()
    }),
    deskRoute('POST /settings/preset', async ({ body, who }) => {
      await desk.unit(who.actor, work => desk.rules.usePreset(work, body.preset))
      await desk.rules.reload(db)
      return views()
    }),
    deskRoute('GET /routines', routineViews),
    deskRoute('PUT /routines/:id/posts', async ({ params, body, who }) => {
      const routine = desk.duties.owed().find(r => r.id === params.id)
      if (!routine) throw new Refusal('unknown-duty', 'id')
      await desk.unit(who.actor, work => nameDutyPosts(work, routine, body.posts, body.reason))
      return routineViews()
    }),
    deskRoute('GET /calendar', async ({ query }) => {
      const rows = await db
        .selectFrom('calendar_day')
        .selectAll()
        .where('date', '>=', `${query.year}-01-01`)
        .where('date', '<=', `${query.year}-12-31`)
        .orderBy('date')
        .execute()
      return rows.map(r => ({ date: r.date, kind: r.kind, name: wordsIn(r.name_json) }))
    }),
    deskRoute('PUT /calendar', async ({ body, who }) => {
      const dates = body.days.map(d => d.date)
      if (new Set(dates).size < dates.length) throw new Refusal('day-twice', 'days')
      await desk.unit(who.actor, async work => {
        for (const d of body.days) {
          const row = { kind: d.kind, name_json: JSON.stringify(d.name) }
          await work.tx
            .insertInto('calendar_day')
            .values({ date: d.date, ...row })
            .onConflict(c => c.column('date').doUpdateSet(row))
            .execute()
          await writeHistory(work, { record: `day/${d.date}`, verb: 'set', detail: row })
        }
        await promise(work, 'programme')
        await audit(work.tx, work.at, work.actor, 'calendar', dates[0] ?? '', { days: dates.length })
      })
      await calendarChanged()
    }),
    deskRoute('DELETE /calendar/:date', async ({ params, who }) => {
      await desk.unit(who.actor, async work => {
        await work.tx.deleteFrom('calendar_day').where('date', '=', params.date).execute()
        await writeHistory(work, { record: `day/${params.date}`, verb: 'remove' })
        await promise(work, 'programme')
        await audit(work.tx, work.at, work.actor, 'calendar', params.date, { removed: true })
      })
      await calendarChanged()
    }),
    deskRoute('GET /notices', async ({ who }) => {
      const rows = await db
        .selectFrom('notice as n')
        .leftJoin('case_file as c', 'c.id', 'n.record')
        .select(['n.id', 'n.at', 'n.record', 'n.kind', 'n.text_json', 'n.rings', 'c.procedure', 'c.ended_at'])
        .where(e =>
          e.not(
            e.exists(
              e
                .selectFrom('notice_seen as s')
                .select('s.notice')
                .whereRef('s.notice', '=', 'n.id')
                .where('s.user_id', '=', who.user.id),
            ),
          ),
        )
        .where('n.at', '>=', desk.wall() - noticesKeptMs)
        .where('n.record', 'not in', desk.engine.keptFrom(db, who.user))
        .where(e => e.or(addressed(who.user).map(to => e('n.roles_json', 'like', `%"${to}"%`))))
        .orderBy('n.at', 'desc')
        .limit(50)
        .execute()
      return rows.map(r => ({
        id: r.id,
        at: r.at,
        kind: r.kind,
        record: r.record,
        procedure: r.procedure,
        rings: r.rings === 1 && r.procedure !== null && r.ended_at === null,
        text: wordsIn(r.text_json),
      }))
    }),
    deskRoute('POST /notices/:id/seen', async ({ params, who }) => {
      await desk.unit(who.actor, async work => {
        const known = await work.tx
          .selectFrom('notice')
          .select(['roles_json', 'record', 'rings'])
          .where('id', '=', params.id)
          .executeTakeFirst()
        const to: string[] = JSON.parse(known?.roles_json ?? '[]')
        // Whether somebody has seen it is said of those for whom it is.
        if (!addressed(who.user).some(a => to.includes(a))) throw new Refusal('unknown-notice', 'id')
        const first = await work.tx
          .insertInto('notice_seen')
          .values({ notice: params.id, user_id: who.user.id, at: work.at })
          .onConflict(c => c.doNothing())
          .returning('notice')
          .executeTakeFirst()
        work.touched.notices.add(`user:${who.user.id}`)
        // What rings until somebody has seen it has its place on its case.
        if (first && known?.rings === 1) await desk.engine.remark(work, known.record, 'told-seen', '', { notice: params.id })
      })
    }),
  ]
}

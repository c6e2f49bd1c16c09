import { Refusal } from '#api/errors'
import type { RoutineView } from '#api/models/duties'
import type { Route } from '#program/httpApi'
import { noteSeen, noticesFor } from '../books/notices.ts'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'
import { DutyPosts, nameDutyPosts } from '../engine/routines/dutyPosts.ts'
import { daysOf, removeDay, setDays } from '../site/calendarDays.ts'
import { settingViews } from '../site/settingViews.ts'

/** What nobody has put away for so long is left to the history of its case. */
const noticesKeptMs = 60 * 86_400_000

/** The site's own choices (C-numbers), its calendar of days, and what people are told. */
export const rulesRoutes = (desk: Desk): Route<Asker>[] => {
  const db = desk.books.read
  const views = () => settingViews(db, desk.rules)
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
    deskRoute('GET /calendar', ({ query }) => daysOf(db, query.year)),
    deskRoute('PUT /calendar', async ({ body, who }) => {
      await desk.unit(who.actor, work => setDays(work, body.days))
      await desk.rules.reload(db)
    }),
    deskRoute('DELETE /calendar/:date', async ({ params, who }) => {
      await desk.unit(who.actor, work => removeDay(work, params.date))
      await desk.rules.reload(db)
    }),
    deskRoute('GET /notices', ({ who }) =>
      noticesFor(db, who.user, desk.wall() - noticesKeptMs, desk.engine.keptFrom(db, who.user)),
    ),
    deskRoute('POST /notices/:id/seen', async ({ params, who }) => {
      await desk.unit(who.actor, async work => {
        // What rings until somebody has seen it has its place on its case.
        const record = await noteSeen(work, params.id, who.user)
        if (record !== null) await desk.engine.remark(work, record, 'told-seen', '', { notice: params.id })
      })
    }),
  ]
}

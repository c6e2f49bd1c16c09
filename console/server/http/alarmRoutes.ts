import { z } from 'zod'
import { alarm } from '#api/models/live'
import { ApiError, type Route } from '#program/httpApi'
import { audit } from '../books/audit.ts'
import type { Work } from '../books/unitOfWork.ts'
import { openAlarms } from '../ingest/rows.ts'
import { type Asker, type Desk, deskRoute } from './context.ts'

const byId = z.object({ id: z.string().max(40) })
const note = z.object({ note: z.string().trim().max(500).optional() })

/** Acknowledge, take ownership, note: three verbs (design §5). Silencing is the station's own, in its browser. */
export const alarmRoutes = (desk: Desk): Route<Asker>[] => {
  const change = async (
    asker: Asker,
    id: string,
    what: string,
    act: (work: Work, row: Awaited<ReturnType<typeof find>>) => Promise<void>,
  ) =>
    desk.unit(asker.actor, async work => {
      const row = await find(work, id)
      await act(work, row)
      await audit(work.tx, work.at, asker.actor, what, id)
      work.touched.alarms.add(id)
      if (row.ticket) work.touched.cases.add(row.ticket)
    })
  const find = async (work: Work, id: string) => {
    const row = await work.tx.selectFrom('alarm').selectAll().where('id', '=', id).executeTakeFirst()
    if (!row) throw new ApiError(404, 'unknown-alarm', 'id')
    return row
  }
  const withNote = (row: { notes_json: string }, work: Work, text: string | undefined) =>
    text ? JSON.stringify([...JSON.parse(row.notes_json), { at: work.at, by: work.actor.display, text }]) : row.notes_json

  return [
    deskRoute({
      method: 'get',
      path: '/alarms',
      summary: 'Alarms that are not over, or the latest of history',
      right: 'see-alarms',
      query: z.object({ history: z.enum(['true', 'false']).default('false'), before: z.coerce.number().optional() }),
      answer: z.array(alarm),
      async handle({ query }) {
        if (query.history === 'false') return (await openAlarms(desk.books.read)).map(desk.alarmView)
        const rows = await desk.books.read
          .selectFrom('alarm')
          .selectAll()
          .where('raised_at', '<', query.before ?? Number.MAX_SAFE_INTEGER)
          .orderBy('raised_at', 'desc')
          .limit(200)
          .execute()
        return rows.map(desk.alarmView)
      },
    }),
    deskRoute({
      method: 'post',
      path: '/alarms/:id/ack',
      summary: 'Acknowledges: I have seen it',
      right: 'act-on-alarms',
      params: byId,
      body: note,
      handle: ({ params, body, who }) =>
        change(who, params.id, 'alarm-ack', async (work, row) => {
          if (row.acked_at !== null) throw new ApiError(409, 'already-acked', 'id', { by: row.acked_by })
          await work.tx
            .updateTable('alarm')
            .set({ acked_at: work.at, acked_by: work.actor.display, notes_json: withNote(row, work, body.note) })
            .where('id', '=', params.id)
            .execute()
          if (row.ticket)
            await desk.engine.remark(work, row.ticket, 'alarm-acked', body.note ?? '', {
              name: { zh: row.name_zh, en: row.name_en },
            })
        }),
    }),
    deskRoute({
      method: 'post',
      path: '/alarms/:id/own',
      summary: 'Takes ownership: I deal with it',
      right: 'act-on-alarms',
      params: byId,
      handle: ({ params, who }) =>
        change(who, params.id, 'alarm-own', async work => {
          await work.tx.updateTable('alarm').set({ owner: work.actor.display }).where('id', '=', params.id).execute()
        }),
    }),
    deskRoute({
      method: 'post',
      path: '/alarms/:id/notes',
      summary: 'Adds a note',
      right: 'act-on-alarms',
      params: byId,
      body: z.object({ note: z.string().trim().min(1).max(500) }),
      handle: ({ params, body, who }) =>
        change(who, params.id, 'alarm-note', async (work, row) => {
          await work.tx
            .updateTable('alarm')
            .set({ notes_json: withNote(row, work, body.note) })
            .where('id', '=', params.id)
            .execute()
        }),
    }),
  ]
}

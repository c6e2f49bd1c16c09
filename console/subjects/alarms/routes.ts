import { z } from 'zod'
import { Refusal } from '#api/errors'
import { type AlarmPlace, alarm, openAlarmCount } from '#api/models/live'
import type { Route } from '#program/httpApi'
import { storeFailed } from '#store/openStore'
import { noteAck, withNote } from '../../server/agents/alarms/acks.ts'
import { audit } from '../../server/books/audit.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import { type Asker, type Desk, deskRoute } from '../../server/desk/desk.ts'

const byId = z.object({ id: z.string().max(40) })
/** Of the last alarm of a page: its level, when it was raised, its id. */
const place = z
  .string()
  .regex(/^[1-4],\d{1,16},[0-9A-Z]{26}$/)
  .transform((text): AlarmPlace => {
    const [level = '', raisedAt = '', id = ''] = text.split(',')
    return { level: Number(level) as AlarmPlace['level'], raisedAt: Number(raisedAt), id }
  })
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
    if (!row) throw new Refusal('unknown-alarm', 'id')
    return row
  }
  /**
   * While the books cannot be written it counts at once, from memory, and is carried out when there is room: whoever answers
   * for a fire must not hear it ring because a disk is full.
   */
  const acknowledge = async ({ actor }: Asker, id: string, note: string | undefined) => {
    const at = desk.wall()
    const kept = desk.unrecorded.get(id)
    if (kept?.ack) throw new Refusal('already-acked', 'id', { by: kept.ack.actor.display })
    const keep = (source: string) => desk.unrecorded.ack(id, source, { at, actor, note })
    if (kept?.fact) return keep(kept.source)
    if (!desk.books.trouble) {
      const failed = await desk.unit(actor, work => noteAck(work, desk.engine, id, at, note)).catch(error => error)
      if (!failed) return
      if (!storeFailed(failed)) throw failed
    }
    const row = await desk.books.read.selectFrom('alarm').selectAll().where('id', '=', id).executeTakeFirst()
    if (!row) throw new Refusal('unknown-alarm', 'id')
    if (row.acked_at !== null) throw new Refusal('already-acked', 'id', { by: row.acked_by })
    keep(row.source)
  }

  return [
    deskRoute({
      method: 'get',
      path: '/alarms',
      summary:
        'Alarms that are not over, most severe first, in pages (a page comes after the last of the one before); or the latest of history',
      right: 'see-alarms',
      query: z.object({
        history: z.enum(['true', 'false']).default('false'),
        before: z.coerce.number().optional(),
        after: place.optional(),
      }),
      answer: z.array(alarm),
      async handle({ query }) {
        if (query.history === 'false') return desk.alarms.open(query.after)
        const rows = await desk.books.read
          .selectFrom('alarm')
          .selectAll()
          .where('raised_at', '<', query.before ?? Number.MAX_SAFE_INTEGER)
          .orderBy('raised_at', 'desc')
          .limit(200)
          .execute()
        return rows.map(desk.alarms.ofRow)
      },
    }),
    deskRoute({
      method: 'get',
      path: '/alarms/counts',
      summary: 'How many alarms are not over, by level and state',
      right: 'see-alarms',
      answer: z.array(openAlarmCount),
      handle: () => desk.alarms.counts(),
    }),
    deskRoute({
      method: 'post',
      path: '/alarms/:id/ack',
      summary: 'Acknowledges: I have seen it',
      right: 'act-on-alarms',
      params: byId,
      body: note,
      handle: ({ params, body, who }) => acknowledge(who, params.id, body.note),
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
            .set({ notes_json: withNote(row, work, work.at, body.note) })
            .where('id', '=', params.id)
            .execute()
        }),
    }),
  ]
}

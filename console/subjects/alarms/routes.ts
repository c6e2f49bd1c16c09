import { Refusal } from '#api/errors'
import type { Route } from '#program/httpApi'
import { storeFailed } from '#store/openStore'
import { noteAck, withNote } from '../../server/agents/alarms/acks.ts'
import { accountIdOf, audit } from '../../server/books/audit.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import { type Asker, type Desk, deskRoute } from '../../server/desk/desk.ts'

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
    deskRoute('GET /alarms', async ({ query }) => {
      if (query.history === 'false') return desk.alarms.open(query.after)
      const rows = await desk.books.read
        .selectFrom('alarm')
        .selectAll()
        .where('raised_at', '<', query.before ?? Number.MAX_SAFE_INTEGER)
        .orderBy('raised_at', 'desc')
        .limit(200)
        .execute()
      return rows.map(desk.alarms.ofRow)
    }),
    deskRoute('GET /alarms/counts', () => desk.alarms.counts()),
    deskRoute('POST /alarms/:id/ack', ({ params, body, who }) => acknowledge(who, params.id, body.note)),
    deskRoute('POST /alarms/:id/own', ({ params, who }) =>
      change(who, params.id, 'alarm-own', async work => {
        await work.tx
          .updateTable('alarm')
          .set({ owner: work.actor.display, owner_id: accountIdOf(work.actor) })
          .where('id', '=', params.id)
          .execute()
      }),
    ),
    deskRoute('POST /alarms/:id/notes', ({ params, body, who }) =>
      change(who, params.id, 'alarm-note', async (work, row) => {
        await work.tx
          .updateTable('alarm')
          .set({ notes_json: withNote(row, work, work.at, body.note) })
          .where('id', '=', params.id)
          .execute()
      }),
    ),
  ]
}

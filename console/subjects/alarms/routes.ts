import { Refusal } from '#api/errors'
import type { Suppression } from '#api/models/alarmLife'
import { mayDo } from '#api/rights'
import type { Route } from '#program/httpApi'
import { storeFailed } from '#store/openStore'
import { alarmIn, noteAck, noteAcks, noteAlarm, ownAlarm, resetAlarm } from '../../server/agents/alarms/acks.ts'
import { floodsIn } from '../../server/agents/alarms/floodWatch.ts'
import type { AlarmRow } from '../../server/agents/alarms/rows.ts'
import { giveBack, putOff, setAside } from '../../server/agents/alarms/setAside.ts'
import { type Asker, type Desk, deskRoute } from '../../server/desk/desk.ts'
import { sendSheet } from '../../server/export/sendSheet.ts'
import { alarmPage } from './alarmPage.ts'
import { alarmFigures } from './figures.ts'
import { alarmHistory, alarmTable } from './history.ts'
import { longest } from './longest.ts'

const mostShown = 200
const mostDays = 92

/** Acknowledge, take ownership, note: three verbs (design §5). Silencing is the station's own, in its browser. */
export const alarmRoutes = (desk: Desk): Route<Asker>[] => {
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
    const row = await alarmIn(desk.books.read, id)
    if (row.acked_at !== null) throw new Refusal('already-acked', 'id', { by: row.acked_by })
    keep(row.source)
  }

  const checkEnd = (kind: Suppression, level: number, until: number) => {
    if (until <= desk.wall()) throw new Refusal('end-in-the-past', 'until')
    if (until - desk.wall() > longest(desk.rules, kind, level)) throw new Refusal('set-aside-too-long', 'until')
  }
  const extend = async (who: Asker, id: string, until: number) => {
    const row = desk.suppressions.rows.find(r => r.id === id)
    if (!row) throw new Refusal('not-set-aside', 'id')
    const kind = row.kind as Suppression
    if (!mayDo(who.user.roles, kind === 'shelved' ? 'shelve-alarms' : 'take-out-of-service')) throw new Refusal('not-your-role')
    checkEnd(kind, row.level, until)
    await desk.unit(who.actor, work => putOff(desk.suppressions, work, id, until))
  }

  const putAside = async (
    { actor }: Asker,
    id: string,
    kind: Suppression,
    ask: { until: number; why: string; wholeDevice: boolean },
  ) => {
    const row: AlarmRow = await alarmIn(desk.books.read, id)
    if (row.level === 1) throw new Refusal('never-shelved', 'id')
    checkEnd(kind, row.level, ask.until)
    await desk.unit(actor, work => setAside(desk.suppressions, work, row, { kind, ...ask }))
  }

  return [
    deskRoute('POST /alarms/:id/reset', ({ params, who }) => desk.unit(who.actor, work => resetAlarm(work, params.id))),
    deskRoute('POST /alarms/:id/shelve', ({ params, body, who }) =>
      putAside(who, params.id, 'shelved', { ...body, wholeDevice: false }),
    ),
    deskRoute('POST /alarms/:id/out-of-service', ({ params, body, who }) => putAside(who, params.id, 'out-of-service', body)),
    deskRoute('POST /suppressions/:id/give-back', ({ params, who }) =>
      desk.unit(who.actor, work => giveBack(desk.suppressions, work, desk.reactions, params.id)),
    ),
    deskRoute('POST /suppressions/:id/extend', ({ params, body, who }) => extend(who, params.id, body.until)),
    deskRoute('GET /alarms', ({ query }) => desk.alarms.open(query.after)),
    deskRoute('GET /alarms/counts', () => desk.alarms.counts()),
    deskRoute('GET /alarms/history', async ({ query }) => {
      const rows = await alarmHistory(desk.books.read, desk.directory, { ...query, limit: mostShown })
      return rows.map(desk.alarms.ofRow)
    }),
    deskRoute('GET /alarms/history.:kind', async ({ params, query, response }) => {
      const { language, ...ask } = query
      await sendSheet(response, params.kind, 'alarms', await alarmTable(desk, ask, language))
    }),
    deskRoute('GET /alarms/figures', ({ query }) => {
      if (query.to < query.from) throw new Refusal('dates-backwards', 'to')
      if (Date.parse(query.to) - Date.parse(query.from) > mostDays * 86_400_000) throw new Refusal('invalid', 'from')
      return alarmFigures(desk, query)
    }),
    deskRoute('GET /alarms/by-design', () => desk.mirror.suppressed()),
    deskRoute('GET /alarms/floods', () => floodsIn(desk.books.read, mostShown)),
    deskRoute('GET /alarms/:id', ({ params }) => alarmPage(desk, params.id)),
    deskRoute('POST /alarms/ack', ({ body, who }) => desk.unit(who.actor, work => noteAcks(work, desk.engine, body.ids))),
    deskRoute('POST /alarms/:id/ack', ({ params, body, who }) => acknowledge(who, params.id, body.note)),
    deskRoute('POST /alarms/:id/own', ({ params, who }) => desk.unit(who.actor, work => ownAlarm(work, params.id))),
    deskRoute('POST /alarms/:id/notes', ({ params, body, who }) =>
      desk.unit(who.actor, work => noteAlarm(work, params.id, body.note)),
    ),
  ]
}

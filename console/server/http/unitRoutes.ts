import type { UnitBody } from '#api/models/units'
import type { Route } from '#program/httpApi'
import { recordHistoryOf } from '../books/history.ts'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'
import { removeUnit, saveUnit, unitList, unitRecord, unitViewOf } from '../master/units.ts'

/** Rooms that are let or owned. */
export const unitRoutes = (desk: Desk): Route<Asker>[] => {
  const db = desk.books.read
  const today = () => desk.directory.calendar.dateOf(desk.wall())
  const save = async (who: Asker, id: string | null, body: UnitBody & { was?: UnitBody }) => {
    const saved = await desk.unit(who.actor, work => saveUnit(work, desk.directory, id, body))
    return unitViewOf(db, desk.directory, saved, today())
  }
  return [
    deskRoute('GET /units', ({ query }) => unitList(db, desk.directory, { q: query.q, date: today() })),
    deskRoute('POST /units', ({ body, who }) => save(who, null, body)),
    deskRoute('PUT /units/:id', ({ params, body, who }) => save(who, params.id, body)),
    deskRoute('DELETE /units/:id', async ({ params, who }) => {
      await desk.unit(who.actor, work => removeUnit(work, desk.directory, params.id))
      return { id: params.id }
    }),
    deskRoute('GET /units/:id/history', ({ params }) => recordHistoryOf(db, unitRecord(params.id))),
  ]
}

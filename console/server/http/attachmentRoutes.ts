import { Refusal } from '#api/errors'
import { hasRole } from '#api/rights'
import type { Route } from '#program/httpApi'
import { attach, attachmentIn, attachmentsOf } from '../attachments/attachmentBook.ts'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'
import { drawingOf } from '../engine/drawings.ts'
import { entryKnown, registerOfEntry } from '../engine/registers/registerBook.ts'
import { keepFile, sendFile } from './files.ts'

/** Photos, scans and signatures of a case: checked by content and size, stored beside the database. */
export const attachmentRoutes = (desk: Desk): Route<Asker>[] => {
  const db = desk.books.read
  const { manual } = desk.engine
  const maySee = (who: Asker, caseId: string) => desk.engine.seen(db, caseId, who.user)
  return [
    deskRoute('GET /cases/:id/attachments', async ({ params, who }) => {
      await maySee(who, params.id)
      return attachmentsOf(db, params.id)
    }),
    deskRoute('POST /cases/:id/attachments', async ({ params, query, body: sent, who }) => {
      await maySee(who, params.id)
      await keepFile(desk, query.name, sent, file => desk.unit(who.actor, work => attach(work, params.id, file)))
      return attachmentsOf(db, params.id)
    }),
    deskRoute('GET /drawings/:record/:sum', async ({ params: { record, sum }, who, response }) => {
      const entry = await registerOfEntry(db, manual, record)
      if (entry && !hasRole(who.user.roles, entry.sees)) throw new Refusal('not-your-role')
      if (entry) await entryKnown(db, record, desk.engine.keptFrom(db, who.user))
      else await desk.engine.seen(db, record, who.user)
      const png = await drawingOf(db, record, sum)
      if (!png) throw new Refusal('unknown-attachment', 'sum')
      response.type('png').send(png)
    }),
    deskRoute('GET /attachments/:id', async ({ params, who, response }) => {
      const row = await attachmentIn(db, params.id)
      if (!row) throw new Refusal('unknown-attachment', 'id')
      await maySee(who, row.case_id)
      await sendFile(desk, response, row, row.case_id)
    }),
  ]
}

import { Refusal } from '#api/errors'
import type { Route } from '#program/httpApi'
import { attach, attachmentIn, attachmentsOf } from '../attachments/attachmentBook.ts'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'
import { keepFile, sendFile } from './files.ts'

/** Photos, scans and signatures of a case: checked by content and size, stored beside the database. */
export const attachmentRoutes = (desk: Desk): Route<Asker>[] => {
  const db = desk.books.read
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
    deskRoute('GET /attachments/:id', async ({ params, who, response }) => {
      const row = await attachmentIn(db, params.id)
      if (!row) throw new Refusal('unknown-attachment', 'id')
      await maySee(who, row.case_id)
      await sendFile(desk, response, row, row.case_id)
    }),
  ]
}

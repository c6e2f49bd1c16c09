import { pipeline } from 'node:stream/promises'
import { Refusal } from '#api/errors'
import type { Route } from '#program/httpApi'
import { attach, attachmentIn, attachmentsOf } from '../attachments/attachmentBook.ts'
import { kindOfFile } from '../attachments/fileKind.ts'
import { withoutPlace } from '../attachments/withoutPlace.ts'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'

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
      const brought = Buffer.from(sent.buffer, sent.byteOffset, sent.byteLength)
      await maySee(who, params.id)
      const type = kindOfFile(brought)
      if (!type) throw new Refusal('not-that-kind', 'file')
      const body = withoutPlace(type, brought)
      const file = { name: query.name, type, bytes: body.length, sha256: await desk.files.keep(body) }
      await desk.unit(who.actor, work => attach(work, params.id, file))
      return attachmentsOf(db, params.id)
    }),
    deskRoute('GET /attachments/:id', async ({ params, who, response }) => {
      const row = await attachmentIn(db, params.id)
      if (!row) throw new Refusal('unknown-attachment', 'id')
      await maySee(who, row.case_id)
      if (!desk.files.has(row.sha256)) throw new Refusal('file-missing', 'id')
      response.locals['about'] = row.case_id
      // What people bring is shown as what it was found to be, and can run nothing.
      response
        .setHeader('content-security-policy', "default-src 'none'; sandbox")
        .setHeader('x-content-type-options', 'nosniff')
        .setHeader(
          'content-disposition',
          `${row.type.startsWith('image/') ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(row.name)}`,
        )
        .type(row.type)
      await pipeline(desk.files.read(row.sha256), response)
    }),
  ]
}

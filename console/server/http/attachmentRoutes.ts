import { pipeline } from 'node:stream/promises'
import { ulid } from 'ulid'
import { Refusal } from '#api/errors'
import type { AttachmentView } from '#api/models/cases'
import type { Route } from '#program/httpApi'
import { kindOfFile } from '../attachments/fileKind.ts'
import { writeHistory } from '../books/history.ts'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'

/** Photos, scans and signatures of a case: checked by content and size, stored beside the database. */
export const attachmentRoutes = (desk: Desk): Route<Asker>[] => {
  const db = desk.books.read
  const maySee = (who: Asker, caseId: string) => desk.engine.seen(db, caseId, who.user)
  const list = async (caseId: string): Promise<AttachmentView[]> =>
    (await db.selectFrom('attachment').selectAll().where('case_id', '=', caseId).orderBy('at').execute()).map(a => ({
      id: a.id,
      name: a.name,
      type: a.type,
      bytes: a.bytes,
      at: a.at,
      by: a.by_user,
    }))
  return [
    deskRoute('GET /cases/:id/attachments', async ({ params, who }) => {
      await maySee(who, params.id)
      return list(params.id)
    }),
    deskRoute('POST /cases/:id/attachments', async ({ params, query, body: sent, who }) => {
      const body = Buffer.from(sent.buffer, sent.byteOffset, sent.byteLength)
      await maySee(who, params.id)
      const type = kindOfFile(body)
      if (!type) throw new Refusal('not-that-kind', 'file')
      const sha256 = await desk.files.keep(body)
      await desk.unit(who.actor, async work => {
        const row = { id: ulid(), case_id: params.id, name: query.name, type, bytes: body.length, sha256 }
        await work.tx
          .insertInto('attachment')
          .values({ ...row, at: work.at, by_user: work.actor.display, by_id: who.user.id })
          .execute()
        await writeHistory(work, { record: params.id, verb: 'attach', note: query.name, detail: { type, sha256 } })
        work.touched.cases.add(params.id)
      })
      return list(params.id)
    }),
    deskRoute('GET /attachments/:id', async ({ params, who, response }) => {
      const row = await db.selectFrom('attachment').selectAll().where('id', '=', params.id).executeTakeFirst()
      if (!row) throw new Refusal('unknown-attachment', 'id')
      await maySee(who, row.case_id)
      if (!desk.files.has(row.sha256)) throw new Refusal('file-missing', 'id')
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

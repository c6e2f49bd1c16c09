import { Refusal } from '#api/errors'
import type { TenantFile, TenantView } from '#api/models/tenants'
import type { Route } from '#program/httpApi'
import { recordHistoryOf } from '../books/history.ts'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'
import { addSeal, mayAddSeal, sealIn, sealRecord, sealsOf, withdrawSeal } from '../master/seals.ts'
import { saveTenant, tenantFilesIn, tenantList, tenantRecord } from '../master/tenantFiles.ts'
import { gradesOf } from '../site/dataGrades.ts'
import { tenantsIn } from '../site/tenants.ts'
import { keepFile, sendFile } from './files.ts'

/** The files of tenants and owners (R51). */
export const tenantRoutes = (desk: Desk): Route<Asker>[] => {
  const db = desk.books.read
  const save = async (who: Asker, file: TenantFile, seen: 'new' | number): Promise<TenantView> => {
    await desk.unit(who.actor, work => saveTenant(work, desk.directory, file, seen))
    const [saved] = await tenantFilesIn(db, [file.id])
    if (!saved) throw new Refusal('unknown-tenant', 'id')
    return saved
  }
  return [
    deskRoute('GET /tenants', () => tenantsIn(db)),
    deskRoute('GET /tenant-files', ({ query, who }) =>
      tenantList(db, desk.directory, {
        ...query,
        grades: gradesOf(desk.rules),
        date: desk.directory.calendar.dateOf(desk.wall()),
        kept: desk.engine.keptFrom(db, who.user),
      }),
    ),
    deskRoute('POST /tenant-files', ({ body, who }) => save(who, body, 'new')),
    deskRoute('PUT /tenant-files/:id', ({ params, body: { revision, ...body }, who }) =>
      save(who, { ...body, id: params.id }, revision),
    ),
    deskRoute('GET /tenant-files/:id/seals', ({ params }) => sealsOf(db, params.id)),
    deskRoute('POST /tenant-files/:id/seals', async ({ params, query, body, who }) => {
      await mayAddSeal(db, params.id)
      await keepFile(desk, query.name, body, file => desk.unit(who.actor, work => addSeal(work, params.id, file)))
      return sealsOf(db, params.id)
    }),
    deskRoute('DELETE /tenant-files/:id/seals/:seal', async ({ params, who }) => {
      await desk.unit(who.actor, work => withdrawSeal(work, params.id, params.seal))
      return sealsOf(db, params.id)
    }),
    deskRoute('GET /seals/:id', async ({ params, response }) => {
      const seal = await sealIn(db, params.id)
      if (!seal) throw new Refusal('unknown-attachment', 'id')
      await sendFile(desk, response, seal, sealRecord(seal.tenant_id))
    }),
    deskRoute('GET /tenant-files/:id/history', ({ params }) => recordHistoryOf(db, tenantRecord(params.id))),
  ]
}

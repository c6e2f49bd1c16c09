import { Refusal } from '#api/errors'
import type { TenantFile, TenantView } from '#api/models/tenants'
import type { Route } from '#program/httpApi'
import { recordHistoryOf } from '../books/history.ts'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'
import { saveTenant, tenantFilesIn, tenantList, tenantRecord } from '../master/tenantFiles.ts'
import { tenantsIn } from '../site/tenants.ts'

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
        q: query.q,
        date: desk.directory.calendar.dateOf(desk.wall()),
        kept: desk.engine.keptFrom(db, who.user),
      }),
    ),
    deskRoute('POST /tenant-files', ({ body, who }) => save(who, body, 'new')),
    deskRoute('PUT /tenant-files/:id', ({ params, body: { revision, ...body }, who }) =>
      save(who, { ...body, id: params.id }, revision),
    ),
    deskRoute('GET /tenant-files/:id/history', ({ params }) => recordHistoryOf(db, tenantRecord(params.id))),
  ]
}

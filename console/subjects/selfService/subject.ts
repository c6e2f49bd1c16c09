import type { Request } from 'express'
import type { DoorReport } from '#api/models/selfService'
import type { Route } from '#program/httpApi'
import { attach } from '../../server/attachments/attachmentBook.ts'
import { contactOf } from '../../server/auth/customerLinks.ts'
import { type Actor, customerAt, system } from '../../server/books/audit.ts'
import { type Desk, deskRoute, routeOf, stationOf } from '../../server/desk/desk.ts'
import type { OpenUpload, Subject } from '../../server/desk/subject.ts'
import { keepFile } from '../../server/http/files.ts'
import { openPhotoLimit, openReportLimits, photosOf, plateFor, reported, takeReport } from './doorReports.ts'
import { customerLinks, makeContactLink, makePlate, withdraw } from './links.ts'
import { appraise, ownMattersOf } from './ownMatters.ts'
import { doorReportsPerHour } from './settings.ts'

/** Nobody is signed in: it was done from this address. */
const fromOutside = (request: Request): Actor => ({ ...system, station: stationOf(request) })
const photos = 'POST /door/:token/reports/:report/photos'

type Heard = { params: { token: string; report: string }; request: Request }

const openRoutes = (desk: Desk): Route<undefined>[] => {
  const db = desk.books.read
  const takeTurn = openReportLimits()
  return [
    routeOf('GET /door/:token', async ({ params }: Heard) => {
      await plateFor(desk, params.token)
      return { site: desk.directory.site.name }
    }),
    routeOf('POST /door/:token/reports', async ({ params, body, request }: Heard & { body: DoorReport }) => {
      const { link, most } = await plateFor(desk, params.token)
      await takeTurn(link.id, stationOf(request), most)
      await desk.unit(fromOutside(request), work => takeReport(desk, work, link, body))
    }),
    routeOf(photos, async ({ params, query, body, request }: Heard & { query: { name: string }; body: Uint8Array }) => {
      const { link } = await plateFor(desk, params.token)
      const order = await reported(db, link, params.report, desk.wall())
      await keepFile(desk, query.name, body, file => desk.unit(fromOutside(request), work => attach(work, order, file)))
      return { photos: await photosOf(db, order) }
    }),
    routeOf('GET /mine/:token', async ({ params }: Heard) =>
      ownMattersOf(db, desk, await contactOf(db, params.token), desk.wall()),
    ),
    routeOf(
      'POST /mine/:token/appraisals',
      async ({ params, body, request }: Heard & { body: { matter: string; satisfied: boolean; remark: string } }) => {
        const his = await contactOf(db, params.token)
        await desk.unit(customerAt(stationOf(request)), work => appraise(desk, work, his, body))
        return ownMattersOf(db, desk, his, desk.wall())
      },
    ),
  ]
}

/** Before a byte of a photo is read it is known which report it is for. */
const openUploads = (desk: Desk): OpenUpload[] => {
  const takeTurn = openPhotoLimit()
  return [
    {
      key: photos,
      async admits({ token, report }) {
        const { link } = await plateFor(desk, token ?? '')
        const order = await reported(desk.books.read, link, report ?? '', desk.wall())
        await takeTurn(link.id)
        return order
      },
    },
  ]
}

/** What customers do by themselves: report at a door by its plate, and see by a link of their own how far their matters have come (R3, R45). */
export const selfService: Subject = {
  settings: [doorReportsPerHour],
  openRoutes,
  openUploads,
  routes: desk => [
    deskRoute('GET /customer-links', () => customerLinks(desk.books.read)),
    deskRoute('POST /customer-links', ({ body, who }) =>
      desk.unit(who.actor, work =>
        'unit' in body ? makePlate(work, desk.directory, body.unit) : makeContactLink(work, body.tenant, body.contact),
      ),
    ),
    deskRoute('DELETE /customer-links/:id', ({ params, who }) => desk.unit(who.actor, work => withdraw(work, params.id))),
  ],
}

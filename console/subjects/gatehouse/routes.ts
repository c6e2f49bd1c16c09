import type { Route } from '#program/httpApi'
import { type Asker, type Desk, deskRoute } from '../../server/desk/desk.ts'
import { letVehiclePass } from './gateBook.ts'
import { gateNow } from './gateView.ts'

export const gateRoutes = (desk: Desk): Route<Asker>[] => [
  deskRoute('GET /gate', () => gateNow(desk.books.read)),
  deskRoute('POST /gate/passages/:id/let-pass', ({ params, body, who }) =>
    desk.unit(who.actor, work => letVehiclePass(desk, work, params.id, body, who.user)),
  ),
]

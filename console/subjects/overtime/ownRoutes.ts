import type { Request } from 'express'
import type { OwnHours, OwnOrder } from '#api/models/ownAir'
import type { Route } from '#program/httpApi'
import { contactOf, type LinkedContact } from '../../server/auth/customerLinks.ts'
import { customerAt } from '../../server/books/audit.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import { type Desk, routeOf, stationOf } from '../../server/desk/desk.ts'
import { ownAirOf } from './ownAir.ts'
import { bookOwn, changeOwn, endOwn, openOrderLimit, ownQuote } from './ownOrders.ts'

type Heard<P = object> = { params: { token: string } & P; request: Request }

/** Overtime air by a contact's own link: seen, asked for, made longer, ended. */
export const ownAirRoutes = (desk: Desk): Route<undefined>[] => {
  const takeTurn = openOrderLimit()
  const whose = ({ params }: Heard) => contactOf(desk.books.read, params.token)
  /** Carries out what he wishes, and says how it is then. */
  const order = async (heard: Heard, act: (work: Work, his: LinkedContact) => Promise<void>) => {
    await takeTurn(await whose(heard))
    // Asked again: the link may have been withdrawn while this waited for its turn.
    await desk.unit(customerAt(stationOf(heard.request)), async work => act(work, await contactOf(work.tx, heard.params.token)))
    return ownAirOf(desk, await whose(heard))
  }
  return [
    routeOf('GET /mine/:token/air', async (heard: Heard) => ownAirOf(desk, await whose(heard))),
    routeOf('GET /mine/:token/air/quote', async (heard: Heard & { query: Parameters<typeof ownQuote>[2] }) =>
      ownQuote(desk, await whose(heard), heard.query),
    ),
    routeOf('POST /mine/:token/air', (heard: Heard & { body: OwnOrder }) =>
      order(heard, (work, his) => bookOwn(desk, work, his, heard.body)),
    ),
    routeOf('POST /mine/:token/air/:id/hours', (heard: Heard<{ id: string }> & { body: OwnHours }) =>
      order(heard, (work, his) => changeOwn(desk, work, his, heard.params.id, heard.body)),
    ),
    routeOf('POST /mine/:token/air/:id/:act', (heard: Heard<{ id: string; act: 'stop' | 'withdraw' }>) =>
      order(heard, (work, his) => endOwn(desk, work, his, heard.params.id, heard.params.act)),
    ),
  ]
}

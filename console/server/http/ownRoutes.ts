import type { Request } from 'express'
import type { Route } from '#program/httpApi'
import { tokenOf } from '../auth/accounts.ts'
import { audit } from '../books/audit.ts'
import type { BooksTx } from '../books/books.ts'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'
import type { Trail } from './trail.ts'

/** Whoever is signed in, his secrets, and whether his station is locked. */
export const ownRoutes = (desk: Desk, trail: Trail): Route<Asker>[] => {
  const { accounts } = desk
  const from = (who: Asker, request: Request) => ({
    token: tokenOf(request.headers.cookie) ?? '',
    station: who.actor.station,
  })
  const noted = (who: Asker, what: 'password-changed' | 'pin-chosen' | 'pin-removed') => (tx: BooksTx) =>
    audit(tx, desk.wall(), who.actor, what, who.user.name)
  return [
    deskRoute('GET /me', ({ who }) => who.user),
    deskRoute('POST /password', async ({ body, who, request }) => {
      const user = await accounts.changePassword(who.user, body, from(who, request), noted(who, 'password-changed'))
      await desk.rightsChanged()
      return user
    }),
    deskRoute('POST /pin', ({ body, who, request }) =>
      accounts.choosePin(who.user, body, from(who, request), noted(who, body.pin === '' ? 'pin-removed' : 'pin-chosen')),
    ),
    // A station is locked and opened again also while the books take nothing.
    deskRoute('POST /lock', async ({ who, request }) => {
      await accounts.lock(from(who, request).token)
      await trail.note(who.actor, 'locked', who.user.name)
      await desk.rightsChanged()
    }),
    deskRoute('POST /unlock', async ({ body, who, request }) => {
      const user = await accounts.unlock(who.user, body.secret, from(who, request))
      await trail.note(who.actor, 'unlocked', who.user.name)
      await desk.rightsChanged()
      return user
    }),
  ]
}

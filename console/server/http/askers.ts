import type { Request } from 'express'
import { Refusal } from '#api/errors'
import type { User } from '#api/models/people'
import { proofHeader, proofIn } from '#api/proof'
import { mayDo, type Right } from '#api/rights'
import type { Route } from '#program/httpApi'
import { tokenOf } from '../auth/accounts.ts'
import { machineOf } from '../auth/machines.ts'
import type { Actor } from '../books/audit.ts'
import { type Asker, actorOf, type Desk, stationOf } from '../desk/desk.ts'
import { isExport, refuseMoreExports } from '../export/exportLimit.ts'
import { followFiles, type Trail } from './trail.ts'

type Asked = Pick<Route<Asker>, 'method' | 'path' | 'right' | 'whileDue' | 'whileLocked' | 'proves'>

/** Who asks, person or program, and whether he may: judged for every route in one place (design §6). */
export const openAskers = (desk: Desk, trail: Trail) => {
  const known = new WeakMap<Request, { actor: Actor; key: string }>()
  /** Whoever is signed in, at a station that is open, with a password of his own: but for routes that ask for less. */
  const present = async (request: Request, r: Pick<Asked, 'whileDue' | 'whileLocked'> = {}): Promise<User> => {
    const user = await desk.accounts.userOf(tokenOf(request.headers.cookie))
    if (!user) throw new Refusal('signed-out')
    if (user.passwordDue && !r.whileDue) throw new Refusal('password-due')
    if (user.locked && !r.whileLocked) throw new Refusal('locked')
    return user
  }
  const person = async (r: Asked, request: Request) => {
    const user = await present(request, r)
    const proof = request.headers[proofHeader]
    if (typeof proof === 'string') await desk.accounts.prove(user, proofIn(proof), stationOf(request))
    const actor = { ...actorOf(user, request), proven: proof !== undefined, locked: user.locked }
    return { user, actor, may: !r.right || mayDo(user.roles, r.right as Right) }
  }
  /** A program has the rights of its token and no role; what asks for none is for people. */
  const program = async (r: Asked, request: Request, authorization: string) => {
    const machine = await machineOf(desk.books.read, authorization, Date.now())
    if (!machine) throw new Refusal('signed-out')
    const { user, rights } = machine
    const actor: Actor = actorOf(user, request)
    return { user, actor, may: r.method === 'get' && rights.some(right => right === r.right) }
  }
  return {
    present,
    async judge(r: Asked, request: Request): Promise<Asker> {
      const { authorization } = request.headers
      const { user, actor, may } = await (authorization === undefined ? person(r, request) : program(r, request, authorization))
      // By its pattern: the id of a case that is kept from somebody stands in no list that he sees.
      known.set(request, { actor, key: `${request.method} ${r.path}` })
      if (!may) throw new Refusal('not-your-role')
      if (r.proves && !actor.proven) throw new Refusal('prove-again')
      if (r.method === 'get' && isExport(r.path)) {
        const { calendar } = desk.directory
        await refuseMoreExports(desk.books.read, desk.rules, actor.id, calendar.instantOf(calendar.dateOf(desk.wall()), 0))
      }
      if (request.res) followFiles(trail, actor, request, request.res)
      return { user, actor }
    },
    /** He was told that it is not for him. */
    refused(request: Request) {
      const asker = known.get(request)
      if (asker) void trail.noteOnce(asker.actor, 'refused', asker.key)
    },
  }
}

import type { Request, Response } from 'express'
import { Refusal } from '#api/errors'
import type { SignIn, User } from '#api/models/people'
import type { Route } from '#program/httpApi'
import { cookieName, tokenOf } from '../auth/accounts.ts'
import { admitVouched } from '../auth/identities.ts'
import type { Provider } from '../auth/provider.ts'
import { system } from '../books/audit.ts'
import { actorOf, type Desk, routeOf, stationOf } from '../desk/desk.ts'
import type { Trail } from './trail.ts'

type Heard = { request: Request; response: Response }

/** The state of a sign-in by the provider, in the browser that began it: nobody can make another one end it. */
const stateCookie = 'zhiban_provider'
const backPath = '/api/sign-in/provider'
const stateOf = (request: Request) => new RegExp(`(?:^|; *)${stateCookie}=([^;]+)`).exec(request.headers.cookie ?? '')?.[1]

/** What is open to everybody. `provider`: who vouches for people beside their passwords; undefined where the site has none. */
export const sessionRoutes = (desk: Desk, trail: Trail, provider: Provider | undefined): Route<undefined>[] => {
  const secure = (request: Request) => (request.secure ? '; Secure' : '')
  const begin = (begun: { token: string }, { request }: Heard) =>
    `${cookieName}=${begun.token}; Path=/; HttpOnly; SameSite=Strict${secure(request)}`
  const refused = (request: Request, name: string) =>
    trail.noteOnce({ ...system, station: stationOf(request) }, 'sign-in-refused', name)
  const known = () => {
    if (!provider) throw new Refusal('not-at-this-site')
    return provider
  }
  /** What goes wrong on the way is said by the page on which people sign in. */
  const orSay = async ({ response }: Heard, act: () => Promise<string>) => {
    const to = await act().catch(error => {
      if (!(error instanceof Refusal)) throw error
      return `/?refused=${error.code}`
    })
    response.redirect(303, to)
  }
  const vouchedUser = async (heard: Heard): Promise<{ token: string; user: User }> => {
    const { request } = heard
    const vouched = await known().end(request.originalUrl, stateOf(request))
    const actor = { ...system, station: stationOf(request) }
    const id = await admitVouched(
      desk.books.read,
      act => desk.unit(actor, act),
      vouched,
      desk.directory.site.separatePowers,
    ).catch(async error => {
      if (error instanceof Refusal) await refused(request, vouched.name)
      throw error
    })
    return desk.accounts.signInVouched(id, actor.station)
  }
  return [
    routeOf('GET /sign-in', () => ({ demo: desk.directory.site.demo, provider: provider !== undefined })),
    routeOf('POST /sign-in', async (heard: Heard & { body: SignIn }) => {
      const { body, request, response } = heard
      const begun = await desk.accounts.signIn(body.name, body.password, stationOf(request)).catch(async error => {
        // What was typed may be a password in the wrong place: only a name that somebody has is written down.
        if (error instanceof Refusal) await refused(request, (await desk.accounts.names()).includes(body.name) ? body.name : '?')
        throw error
      })
      await trail.note(actorOf(begun.user, request), 'sign-in', begun.user.name)
      response.setHeader('set-cookie', begin(begun, heard))
      return begun.user
    }),
    routeOf('GET /sign-in/provider', (heard: Heard) =>
      orSay(heard, async () => {
        const { url, state } = await known().begin()
        // Lax: the provider's page sends the browser back.
        const cookie = `${stateCookie}=${state}; Path=${backPath}; HttpOnly; SameSite=Lax; Max-Age=600${secure(heard.request)}`
        heard.response.setHeader('set-cookie', cookie)
        return url
      }),
    ),
    routeOf('GET /sign-in/provider/back', (heard: Heard) =>
      orSay(heard, async () => {
        const begun = await vouchedUser(heard)
        await trail.note(actorOf(begun.user, heard.request), 'sign-in', begun.user.name, { by: 'provider' })
        await desk.rightsChanged()
        const over = `${stateCookie}=; Path=${backPath}; HttpOnly; SameSite=Lax; Max-Age=0`
        heard.response.setHeader('set-cookie', [begin(begun, heard), over])
        return '/'
      }),
    ),
    routeOf('POST /sign-out', async ({ request, response }: Heard) => {
      const token = tokenOf(request.headers.cookie)
      const user = await desk.accounts.userOf(token)
      if (token) {
        await desk.accounts.signOut(token)
        if (user) await trail.note(actorOf(user, request), 'sign-out', user.name)
        desk.signedOut(token)
      }
      response.setHeader('set-cookie', `${cookieName}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`)
    }),
  ]
}

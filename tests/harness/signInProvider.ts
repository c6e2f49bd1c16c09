import { createServer } from 'node:http'
import Provider from 'oidc-provider'
import type { Page } from 'playwright-core'

/** Whom it knows, by what he types there: his user name, his name, his groups. */
export type Known = Map<string, { preferred_username: string; name: string; groups: string[] }>

/** A sign-in provider as a company has one (OpenID Connect), on this machine; it believes whoever types a name that it knows. */
export const openSignInProvider = async (o: { port: number; redirect: string; known: Known }) => {
  const issuer = `http://127.0.0.1:${o.port}`
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'zhiban', client_secret: 'between-us', redirect_uris: [o.redirect], response_types: ['code'] }],
    claims: { openid: ['sub'], profile: ['preferred_username', 'name', 'groups'] },
    pkce: { required: () => true },
    cookies: { keys: ['tests'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...o.known.get(id) }) }),
  })
  const server = createServer(provider.callback())
  await new Promise<void>(done => server.listen(o.port, '127.0.0.1', done))
  return {
    async close() {
      server.closeAllConnections()
      await new Promise(done => server.close(done))
    },
  }
}

/** Goes there from the sign-in page, says who he is, and agrees; ends where the provider sends him back to. */
export const signInThere = async (page: Page, url: string, login: string) => {
  await page.context().clearCookies()
  await page.goto(url)
  await page.click('[data-provider]')
  await page.fill('input[name=login]', login)
  await page.fill('input[name=password]', 'anything')
  await page.click('button[type=submit]')
  await page.click('button[type=submit]:has-text("Continue")')
  await page.waitForSelector('.frame, .wrong:not(:empty)')
}

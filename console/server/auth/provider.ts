import * as oidc from 'openid-client'
import { z } from 'zod'
import { Refusal } from '#api/errors'

/** Sign-in by a provider of the company (OpenID Connect Core 1.0, authorization code flow with PKCE): it says who somebody is, and of which groups. */

export type ProviderSettings = {
  issuer: string
  client: string
  secret: string
  /** The claim that names somebody's groups. */
  groups: string
  /** Where browsers find the console; the provider sends them back there, and nowhere else. */
  publicUrl: string
}
/** Whom the provider vouches for. */
export type Vouched = { subject: string; name: string; display: string; groups: readonly string[] }
export type Provider = {
  /** Where the browser goes to, and the state with which it must come back. Refuses while the provider does not answer. */
  begin(): Promise<{ url: string; state: string }>
  /** `state`: what the browser that comes back has kept. Refuses whoever has not been here, has waited too long, or is vouched for by nobody. */
  end(path: string, state: string | undefined): Promise<Vouched>
}

const answerLimitS = 5
const waitMs = 600_000
const mostWaiting = 1000

/** As names of people are here; the provider's may be longer. */
const longestName = 40

const claims = z.object({
  sub: z.string().min(1).max(255),
  preferred_username: z.string().trim().min(1).max(60),
  name: z
    .string()
    .trim()
    .transform(text => text.slice(0, longestName))
    .optional(),
})
const groupsIn = z.union([z.array(z.string()), z.string().transform(g => [g])]).catch([])

const isLoopback = (url: URL) => ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)

/** Throws where the provider could be overheard: it speaks https, unless it is on this machine. */
export const openProvider = (o: ProviderSettings): Provider => {
  const issuer = new URL(o.issuer)
  if (issuer.protocol !== 'https:' && !isLoopback(issuer))
    throw new Error(`ZHIBAN_OIDC_ISSUER '${o.issuer}': write it with https`)
  const back = new URL('/api/sign-in/provider/back', o.publicUrl)
  const waiting = new Map<string, { verifier: string; nonce: string; at: number }>()
  let found: oidc.Configuration | undefined

  /** Asked for when somebody comes, and kept once it has answered: local accounts never wait for it. */
  const discovered = async () => {
    const options = { timeout: answerLimitS, ...(issuer.protocol === 'http:' ? { execute: [oidc.allowInsecureRequests] } : {}) }
    found ??= await oidc.discovery(issuer, o.client, o.secret, undefined, options)
    return found
  }
  const silent = () => {
    throw new Refusal('provider-silent')
  }
  const take = (state: string | undefined) => {
    const known = state === undefined ? undefined : waiting.get(state)
    if (!known || state === undefined) throw new Refusal('provider-refused')
    waiting.delete(state)
    if (Date.now() - known.at > waitMs) throw new Refusal('provider-refused')
    return { state, ...known }
  }
  return {
    async begin() {
      const configuration = await discovered().catch(silent)
      const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()]
      for (const [key, w] of waiting) if (waiting.size >= mostWaiting || Date.now() - w.at > waitMs) waiting.delete(key)
      waiting.set(state, { verifier, nonce, at: Date.now() })
      const url = oidc.buildAuthorizationUrl(configuration, {
        redirect_uri: back.href,
        scope: 'openid profile',
        // Whoever sits down at a station of many says who he is, though the one before him is still known over there.
        prompt: 'login',
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      })
      return { url: url.href, state }
    },
    async end(path, kept) {
      const { state, verifier, nonce } = take(kept)
      const configuration = await discovered().catch(silent)
      const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true }
      const tokens = await oidc.authorizationCodeGrant(configuration, new URL(path, back), checks).catch(error => {
        // Undici says so when nobody answers; the rest is the provider's no, or an answer that is none.
        throw new Refusal(error instanceof TypeError ? 'provider-silent' : 'provider-refused')
      })
      const token = tokens.claims()
      // Many providers keep names and groups out of the token.
      const info = configuration.serverMetadata().userinfo_endpoint
        ? await oidc.fetchUserInfo(configuration, tokens.access_token, token?.sub ?? '').catch(silent)
        : {}
      const all: Record<string, unknown> = { ...token, ...info }
      const who = claims.safeParse(all)
      if (!who.success) throw new Refusal('provider-refused')
      const { sub, preferred_username: name } = who.data
      return { subject: sub, name, display: who.data.name || name.slice(0, longestName), groups: groupsIn.parse(all[o.groups]) }
    },
  }
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isSimulated } from '#contract/pace'
import { resolveSetting } from '#contract/parseSite'
import type { Environment } from '#program/environment'
import { takeSite } from '#program/siteInForce'
import type { WallClock } from '#program/wallClock'
import { takeSole } from '#store/soleOwner'
import { openProvider, type Provider } from './auth/provider.ts'
import { restoringIn } from './backup/restoreBackup.ts'

/** The building, and as whom the console speaks to its broker. Throws what to set where something is missing. */
export const readSetUp = (env: Environment, clock: WallClock) => {
  const inForce = takeSite(env, join(env.ZHIBAN_DATA, 'console', 'site-in-force.json'))
  const { site, catalogue: profiles } = inForce
  if (!site.demo && (env.ZHIBAN_CLOCK_FILE || isSimulated(clock.pace)))
    throw new Error('ZHIBAN_TIME and ZHIBAN_CLOCK_FILE are refused: this site is not marked demo: true')
  const user = env.ZHIBAN_MQTT_USER ?? resolveSetting(site.console.user, process.env) ?? ''
  const password = env.ZHIBAN_MQTT_PASSWORD ?? resolveSetting(site.console.password, process.env)
  if (!password) throw new Error(`set ZHIBAN_MQTT_PASSWORD or ${site.console.password.replace('env:', '')}`)
  return { inForce, profiles, site, user, password }
}

/** Who vouches for people beside their passwords, where one is set. Throws what to set where something is missing. */
export const readProvider = (env: Environment): Provider | undefined => {
  const {
    ZHIBAN_OIDC_ISSUER: issuer,
    ZHIBAN_OIDC_CLIENT: client,
    ZHIBAN_OIDC_SECRET: secret,
    ZHIBAN_PUBLIC_URL: publicUrl,
    ZHIBAN_OIDC_GROUPS: groups,
  } = env
  if (!issuer && !client && !secret) return undefined
  if (!issuer || !client || !secret || !publicUrl)
    throw new Error(
      'set ZHIBAN_OIDC_ISSUER, ZHIBAN_OIDC_CLIENT, ZHIBAN_OIDC_SECRET and ZHIBAN_PUBLIC_URL together, or no ZHIBAN_OIDC',
    )
  return openProvider({ issuer, client, secret, groups, publicUrl })
}

/** Nobody else writes here from now on. Throws where another console does. */
export const takeFolder = async (folder: string) => {
  const sole = await takeSole(join(folder, 'owner'))
  if (!sole)
    throw new Error(
      `${folder} belongs to another console that is running: stop that one, or set ZHIBAN_DATA to a folder of its own`,
    )
  if (existsSync(restoringIn(folder)))
    throw new Error(`${folder}: a restore was cut off, and the books are not whole: run npm run restore again`)
  return sole
}

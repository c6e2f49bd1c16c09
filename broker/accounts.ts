import { createHash, timingSafeEqual } from 'node:crypto'
import type { Account } from '#contract/access'
import { packetLimits } from '#contract/kinds'
import { resolveSetting } from '#contract/parseSite'
import type { Site } from '#contract/site'

/** An account with the largest packet it may send (bytes) and a constant-time check of its password. */
export type Login = { account: Account; packetLimit: number; matches(password: string): boolean }

const digest = (text: string) => createHash('sha256').update(text).digest()

const login = (account: Account, packetLimit: number, password: string): Login => {
  const expected = digest(password)
  return { account, packetLimit, matches: given => timingSafeEqual(digest(given), expected) }
}

/**
 * Everyone who may connect, by user name: console, agents and MQTT devices of the site file.
 * Throws with every secret that the environment does not hold.
 */
export const loginsOf = (site: Site, env: Record<string, string | undefined>): Map<string, Login> => {
  const missing: string[] = []
  const secret = (text: string) => {
    const value = resolveSetting(text, env)
    if (!value) missing.push(text.replace('env:', ''))
    return value ?? ''
  }
  const logins = new Map<string, Login>()
  const add = (account: Account, limit: number, password: string) => logins.set(account.user, login(account, limit, password))
  const user = (text: string) => resolveSetting(text, env) ?? text
  add({ role: 'console', user: user(site.console.user), site: site.site }, packetLimits.program, secret(site.console.password))
  for (const agent of site.agents) {
    const buses = new Set(site.buses.filter(b => b.agent === agent.id).map(b => b.id))
    const devicePrefixes = site.devices.filter(d => buses.has(d.bus) && d.prefix).map(d => d.prefix as string)
    add(
      { role: 'agent', user: user(agent.user), site: site.site, agent: agent.id, devicePrefixes },
      packetLimits.program,
      secret(agent.password),
    )
  }
  for (const d of site.devices)
    if (d.account && d.prefix)
      add({ role: 'device', user: user(d.account.user), prefix: d.prefix }, packetLimits.device, secret(d.account.password))
  if (missing.length > 0) throw new Error(`MQTT passwords are missing; set ${[...new Set(missing)].join(', ')}`)
  return logins
}

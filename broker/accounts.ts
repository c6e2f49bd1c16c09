import { createHash, timingSafeEqual } from 'node:crypto'
import type { Account } from '#contract/access'
import { packetLimits } from '#contract/kinds'
import { resolveSetting } from '#contract/parseSite'
import type { mqttHabits, Site } from '#contract/site'

/** An account with the largest packet it may send (bytes) and a constant-time check of its password. */
export type Login = { account: Account; packetLimit: number; habits: ReadonlySet<Habit>; matches(password: string): boolean }
export type Habit = (typeof mqttHabits)[number]

/** Of whatever role. */
type Nameless<A> = A extends Account ? Omit<A, 'user'> : never

const digest = (text: string) => createHash('sha256').update(text).digest()

const login = ({ account, packetLimit, habits, password }: Known): Login => {
  const expected = digest(password)
  return { account, packetLimit, habits: new Set(habits), matches: given => timingSafeEqual(digest(given), expected) }
}

/** Which accounts a broker knows: those of agents and console, those of the devices and buses of the field, or all. */
export type Serves = 'all' | 'uplink' | 'field'

/** Whoever may connect, with his password in the clear. */
export type Known = { account: Account; packetLimit: number; habits: readonly Habit[]; password: string }

/**
 * Everyone who may connect: console, agents, field buses and MQTT devices of the site file.
 * Throws with every secret that the environment does not hold.
 */
export const accountsOf = (site: Site, env: Record<string, string | undefined>, serves: Serves = 'all'): Known[] => {
  const missing: string[] = []
  const known: Known[] = []
  const add = (
    account: Nameless<Account>,
    packetLimit: number,
    of: { user: string; password: string },
    habits: readonly Habit[] = [],
  ) => {
    const password = resolveSetting(of.password, env)
    if (!password) missing.push(of.password.replace('env:', ''))
    const user = resolveSetting(of.user, env) ?? of.user
    known.push({ account: { ...account, user } as Account, packetLimit, habits, password: password ?? '' })
  }
  if (serves !== 'field') {
    add({ role: 'console', site: site.site }, packetLimits.program, site.console)
    for (const agent of site.agents) add({ role: 'agent', site: site.site, agent: agent.id }, packetLimits.program, agent)
  }
  if (serves !== 'uplink') {
    for (const bus of site.buses) {
      if (bus.protocol !== 'mqtt') continue
      const prefixes = site.devices.flatMap(d => (d.bus === bus.id && d.prefix ? [d.prefix] : []))
      add({ role: 'field', prefixes }, packetLimits.device, bus.account)
    }
    for (const d of site.devices)
      if (d.account && d.prefix) add({ role: 'device', prefix: d.prefix }, packetLimits.device, d.account, d.habits)
  }
  if (missing.length > 0) throw new Error(`MQTT passwords are missing; set ${[...new Set(missing)].join(', ')}`)
  return known
}

/** The same by user name, for a broker that checks passwords itself. */
export const loginsOf = (...of: Parameters<typeof accountsOf>): Map<string, Login> =>
  new Map(accountsOf(...of).map(known => [known.account.user, login(known)]))

/** Tells one set of callers from another, without their passwords. */
export const callersOf = (site: Site): string =>
  JSON.stringify([
    [site.site, site.console, site.agents],
    site.buses.flatMap(b => (b.protocol === 'mqtt' ? [[b.id, b.account]] : [])),
    site.devices.flatMap(d => (d.account ? [[d.bus, d.account, d.prefix, d.habits]] : [])),
  ])

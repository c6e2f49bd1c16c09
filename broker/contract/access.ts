import { consoleAgent, consoleWide, type Kind, kindNames, kinds, type Role } from './kinds.ts'
import { filterOf, matchesFilter, parseTopic } from './topics.ts'

/** Who a client is, once its password is right. A field bus reads and writes beneath the prefixes of its devices alone. */
export type Account =
  | { role: 'agent'; user: string; site: string; agent: string }
  | { role: 'field'; user: string; prefixes: readonly string[] }
  | { role: 'console'; user: string; site: string }
  | { role: 'device'; user: string; prefix: string }

const mine = (account: Account, site: string, agent: string) => {
  if (account.role === 'device' || account.role === 'field' || account.site !== site) return false
  if (account.role === 'console') return true
  return agent === account.agent
}

const under = (prefix: string, topic: string) => topic.startsWith(`${prefix}/`)

/** May this account publish to this topic? Undefined when it may, otherwise the reason. */
export const refusePublish = (account: Account, topic: string, retain: boolean): string | undefined => {
  if (/[+#\0]/.test(topic) || topic.startsWith('$') || topic.length > 200) return 'not a topic to publish to'
  if (account.role === 'device') return under(account.prefix, topic) ? undefined : 'outside the device prefix'
  if (account.role === 'field') {
    if (!account.prefixes.some(p => under(p, topic))) return 'outside the prefixes of its devices'
    return retain ? 'no retained device commands' : undefined
  }
  const parsed = parseTopic(topic)
  if (!parsed) return 'unknown topic'
  const row = kinds[parsed.kind]
  if (row.from !== account.role) return `${parsed.kind} is sent by the ${row.from}`
  if (!mine(account, parsed.address.site, parsed.address.agent)) return 'another site or agent'
  if (retain !== row.retain) return row.retain ? `${parsed.kind} must be retained` : `${parsed.kind} must not be retained`
  return undefined
}

/** All that lies beneath the prefixes of a device, or of those of a bus. */
const beneath = (account: Account & { role: 'device' | 'field' }): string[] =>
  (account.role === 'device' ? [account.prefix] : account.prefixes).map(p => `${p}/#`)

/** What an account may publish to, as filters; retained or not is the table's to say (refusePublish). */
export const publishedFilters = (account: Account): string[] => {
  if (account.role === 'device' || account.role === 'field') return beneath(account)
  const of = (kind: Kind) => {
    if (account.role === 'agent') return account.agent
    return consoleWide.has(kind) ? consoleAgent : '+'
  }
  return kindNames.filter(kind => kinds[kind].from === account.role).map(kind => filterOf(kind, account.site, of(kind)))
}

/** The filters an account may subscribe to, exactly these or narrower ones. */
export const allowedFilters = (account: Account): string[] => {
  if (account.role === 'device' || account.role === 'field') return beneath(account)
  const role: Role = account.role
  const sender = (kind: Kind) => {
    if (role !== 'agent' || kinds[kind].from !== 'console') return '+'
    return consoleWide.has(kind) ? consoleAgent : (account as { agent: string }).agent
  }
  return kindNames.filter(kind => kinds[kind].readers.includes(role)).map(kind => filterOf(kind, account.site, sender(kind)))
}

/** May this account subscribe to this filter? Undefined when it may, otherwise the reason. */
export const refuseSubscribe = (account: Account, filter: string): string | undefined => {
  const wellFormed = filter
    .split('/')
    .every((part, i, all) => part === '+' || (part === '#' && i === all.length - 1) || !/[+#\0]/.test(part))
  if (!wellFormed || filter === '' || filter.length > 200) return 'malformed filter'
  if (filter.startsWith('$') || filter === '#' || filter.startsWith('+')) return 'filter too wide'
  const asTopic = (f: string) => f.replaceAll('+', '\u0001').replaceAll('#', '\u0002')
  const ok = allowedFilters(account).some(allowed => {
    if (allowed === filter) return true
    const hash = filter.endsWith('#')
    if (hash && !allowed.endsWith('#')) return false
    return matchesFilter(allowed, asTopic(filter))
  })
  return ok ? undefined : 'outside what this account may read'
}

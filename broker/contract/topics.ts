import { type Kind, type KindRow, kindNames, kinds } from './kinds.ts'

const root = 'zhiban/1'

/** Where a message is: the site, the agent, and the kind's own parameters (`device`, `point`, `page`). */
export type Address = { site: string; agent: string; device?: string; point?: string; page?: string }

const fill = (row: KindRow, address: Record<string, string | undefined>, missing: string) =>
  row.path.map(part => (part.startsWith('+') ? (address[part.slice(1)] ?? missing) : part))

/** The topic of one message. Throws when a parameter is missing: that is a bug, not bad input. */
export const topicOf = (kind: Kind, address: Address): string => {
  const parts = [root, address.site, address.agent, ...fill(kinds[kind], address, '')]
  if (parts.includes('')) throw new Error(`topic of ${kind}: a parameter is missing`)
  return parts.join('/')
}

/** The filter that receives every message of a kind; leave out `agent` for all agents. */
export const filterOf = (kind: Kind, site: string, agent = '+'): string =>
  [root, site, agent, ...fill(kinds[kind], {}, '+')].join('/')

/** The kind and address of a topic, or undefined when it is none of ours. */
export const parseTopic = (topic: string): { kind: Kind; address: Address } | undefined => {
  const parts = topic.split('/')
  const [zhiban, version, site, agent, ...path] = parts
  if (`${zhiban}/${version}` !== root || !site || !agent) return undefined
  for (const kind of kindNames) {
    const row = kinds[kind]
    if (row.path.length !== path.length) continue
    const address: Address = { site, agent }
    const matches = row.path.every((part, i) => {
      const actual = path[i] ?? ''
      if (!part.startsWith('+')) return part === actual
      if (part === '+device') address.device = actual
      if (part === '+point') address.point = actual
      if (part === '+page') address.page = actual
      return actual !== ''
    })
    if (matches) return { kind, address }
  }
  return undefined
}

/** True when an MQTT filter lets a topic through (MQTT 3.1.1, 4.7). */
export const matchesFilter = (filter: string, topic: string): boolean => {
  const f = filter.split('/')
  const t = topic.split('/')
  for (let i = 0; i < f.length; i++) {
    if (f[i] === '#') return true
    if (i >= t.length || (f[i] !== '+' && f[i] !== t[i])) return false
  }
  return f.length === t.length
}

import { type Bodies, bodies } from './messages.ts'

export type Kind = keyof Bodies
export type Role = 'agent' | 'console' | 'device' | 'field'

/** One row of the table from which topics, subscriptions, access rules and documentation derive (design §3). */
export type KindRow = {
  /** What follows `zhiban/1/<site>/<agent>/`; `+name` marks a parameter. Console-wide kinds use the agent `console`. */
  path: readonly string[]
  qos: 0 | 1
  retain: boolean
  from: Role
  readers: readonly Role[]
}

const rows = {
  status: { path: ['status'], qos: 1, retain: true, from: 'agent', readers: ['agent', 'console'] },
  catalogue: { path: ['catalogue', '+device'], qos: 1, retain: true, from: 'agent', readers: ['agent', 'console'] },
  state: { path: ['state', '+device'], qos: 1, retain: true, from: 'agent', readers: ['agent', 'console'] },
  change: { path: ['change', '+device'], qos: 0, retain: false, from: 'agent', readers: ['agent', 'console'] },
  standing: { path: ['standing', '+page'], qos: 1, retain: true, from: 'agent', readers: ['agent', 'console'] },
  suppressed: { path: ['suppressed', '+page'], qos: 1, retain: true, from: 'agent', readers: ['agent', 'console'] },
  links: { path: ['links', '+page'], qos: 1, retain: true, from: 'agent', readers: ['agent', 'console'] },
  holders: { path: ['holders', '+device', '+point'], qos: 1, retain: true, from: 'agent', readers: ['agent', 'console'] },
  journal: { path: ['journal'], qos: 1, retain: false, from: 'agent', readers: ['console'] },
  journalAck: { path: ['journal-ack'], qos: 1, retain: false, from: 'console', readers: ['agent'] },
  command: { path: ['command'], qos: 1, retain: false, from: 'console', readers: ['agent'] },
  programme: { path: ['programme'], qos: 1, retain: false, from: 'console', readers: ['agent'] },
  programmeReport: { path: ['programme-report'], qos: 1, retain: true, from: 'agent', readers: ['console'] },
  consoleStatus: { path: ['console-status'], qos: 1, retain: true, from: 'console', readers: ['agent', 'console'] },
  refresh: { path: ['refresh'], qos: 0, retain: false, from: 'console', readers: ['agent'] },
} as const satisfies Record<Kind, KindRow>

export const kinds: Record<Kind, KindRow> = rows
export const kindNames = Object.keys(rows) as Kind[]

/** Kinds that the console sends to all agents at once; they travel beneath the reserved agent name `console`. */
export const consoleWide: ReadonlySet<Kind> = new Set<Kind>(['consoleStatus'])
export const consoleAgent = 'console'

/** Largest payloads in bytes (design §3): before CONNACK, devices, agents and console. */
export const packetLimits = { beforeConnack: 10_000, device: 64_000, program: 1_000_000 } as const

export { bodies }

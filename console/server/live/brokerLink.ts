import { ulid } from 'ulid'
import type { Decoded } from '#contract/decode'
import { consoleAgent } from '#contract/kinds'
import type { Bodies, Command } from '#contract/messages'
import { filterOf } from '#contract/topics'
import { type ContractLink, openContractLink } from '#program/contractLink'
import type { Log } from '#program/log'
import { protocolClock } from './protocolClock.ts'

const heartbeatMs = 5000
const greetAgainMs = 1000

type Options = {
  url: string
  user: string
  password: string
  site: string
  log: Log
  wall(): number
  highWater(): Promise<Record<string, number>>
  onUp(): void
  onDown(): void
  onMessage(agent: string, message: Decoded): void
}

/** The console's connection to the broker: hears every agent of its site, speaks to them by contract, beats every 5 s. */
export const openBrokerLink = (o: Options) => {
  const session = ulid()
  const wide = { site: o.site, agent: consoleAgent }
  const status = (online: boolean, highWater: Record<string, number>): Bodies['consoleStatus'] => ({
    online,
    session,
    clock: protocolClock(),
    wall: o.wall(),
    highWater,
  })
  const heard = ['status', 'catalogue', 'state', 'change', 'standing', 'links', 'holders', 'journal', 'programmeReport'] as const
  const beat = () => {
    if (!link.up) return
    o.highWater().then(
      highWater => void link.send('consoleStatus', wide, status(true, highWater)),
      error => o.log.error({ err: error }, 'the heartbeat could not be made'),
    )
  }
  /** An agent believes a console's clock with the second heartbeat that it hears of it. */
  const greet = () => {
    beat()
    setTimeout(beat, greetAgainMs).unref()
  }
  const link: ContractLink = openContractLink({
    url: o.url,
    user: o.user,
    password: o.password,
    clientId: o.user,
    filters: heard.map(kind => filterOf(kind, o.site)),
    will: { kind: 'consoleStatus', address: wide, body: status(false, {}) },
    log: o.log,
    onUp() {
      greet()
      o.onUp()
    },
    onDown: () => o.onDown(),
    onMessage: m => {
      if (m.ok) o.onMessage(m.address.agent, m)
    },
  })
  const timer = setInterval(beat, heartbeatMs)
  const to = (agent: string) => ({ site: o.site, agent })
  return {
    get up() {
      return link.up
    },
    get rejected() {
      return link.rejected
    },
    command: (agent: string, command: Command) => link.send('command', to(agent), command),
    programme: (agent: string, body: Bodies['programme']) => link.send('programme', to(agent), body),
    ack: (agent: string, body: Bodies['journalAck']) => link.send('journalAck', to(agent), body),
    greet,
    refresh: (agent: string, device: string | null) => link.send('refresh', to(agent), { device }),
    close() {
      clearInterval(timer)
      return link.close({ kind: 'consoleStatus', address: wide, body: status(false, {}) })
    },
  }
}
export type BrokerLink = ReturnType<typeof openBrokerLink>

import { ulid } from 'ulid'
import type { Decoded } from '#contract/decode'
import { consoleAgent, type Kind } from '#contract/kinds'
import type { Bodies, Command } from '#contract/messages'
import { type Address, filterOf } from '#contract/topics'
import { type ContractLink, openContractLink } from '#program/contractLink'
import type { Log } from '#program/log'
import { listenForOther } from './otherConsole.ts'
import { protocolClock } from './protocolClock.ts'

const heartbeatMs = 5000
const greetAgainMs = 1000
/** A broker that does not answer must not keep the console from starting. */
const reachWithinMs = 1500

type Options = {
  url: string
  user: string
  password: string
  site: string
  log: Log
  wall(): number
  /** What the books hold: how far each journal, and the last entry of their chain. */
  holds(): Promise<Pick<Bodies['consoleStatus'], 'highWater' | 'seal'>>
  onUp(): void
  onDown(): void
  onMessage(agent: string, message: Decoded): void
  /** Another console of this site was there first. */
  onOther(): void
}

/**
 * The console's connection to the broker: hears every agent of its site, speaks to them by contract, beats every 5 s. Before
 * its first word it makes sure that it is the only console.
 */
export const openBrokerLink = (o: Options) => {
  const session = ulid()
  const wide = { site: o.site, agent: consoleAgent }
  const status = (online: boolean, held: Awaited<ReturnType<Options['holds']>>): Bodies['consoleStatus'] => ({
    online,
    session,
    clock: protocolClock(),
    wall: o.wall(),
    ...held,
  })
  const nothing = { highWater: {}, seal: null }
  const heard = [
    'status',
    'catalogue',
    'state',
    'change',
    'standing',
    'suppressed',
    'links',
    'holders',
    'journal',
    'programmeReport',
    'consoleStatus',
  ] as const
  let link: ContractLink | undefined
  let connects = 0
  let closing = false
  const send = <K extends Kind>(kind: K, address: Address, body: Bodies[K]): Promise<boolean> =>
    link?.send(kind, address, body) ?? Promise.resolve(false)
  const beat = () => {
    if (!link?.up || closing) return
    o.holds().then(
      held => void send('consoleStatus', wide, status(true, held)),
      error => o.log.error({ err: error }, 'the heartbeat could not be made'),
    )
  }
  /** An agent believes a console's clock with the second heartbeat that it hears of it. */
  const greet = () => {
    beat()
    setTimeout(beat, greetAgainMs).unref()
  }
  /** Two that began in the same moment take turns at the broker: the later one gives way when it finds the other's mark. */
  const judge = (body: Bodies['consoleStatus'], kept: boolean) => {
    // The last will of a connection that we have lost may come after the first word of the next one: we live.
    if (body.session === session && !body.online) beat()
    if (body.session < session && (kept ? connects > 1 : body.online)) o.onOther()
  }
  const open = () => {
    link = openContractLink({
      url: o.url,
      user: o.user,
      password: o.password,
      clientId: o.user,
      filters: heard.map(kind => filterOf(kind, o.site)),
      will: { kind: 'consoleStatus', address: wide, body: status(false, nothing) },
      log: o.log,
      onUp() {
        connects++
        greet()
        o.onUp()
      },
      onDown: () => o.onDown(),
      onMessage(m, kept) {
        if (!m.ok) return
        if (m.kind === 'consoleStatus') judge(m.body, kept)
        else o.onMessage(m.address.agent, m)
      },
    })
  }
  let settled = () => {}
  const looked = new Promise<void>(done => {
    settled = done
  })
  const ear = listenForOther(
    { ...o, session },
    () => {
      open()
      settled()
    },
    () => {
      settled()
      o.onOther()
    },
  )
  const timer = setInterval(beat, heartbeatMs)
  const to = (agent: string) => ({ site: o.site, agent })
  return {
    /** It is known whether this is the only console, or the broker is out of reach. */
    looked: Promise.race([looked, ear.reached(reachWithinMs).then(reached => (reached ? looked : undefined))]),
    get up() {
      return link?.up ?? false
    },
    get rejected() {
      return link?.rejected ?? 0
    },
    command: (agent: string, command: Command) => send('command', to(agent), command),
    programme: (agent: string, body: Bodies['programme']) => send('programme', to(agent), body),
    ack: (agent: string, body: Bodies['journalAck']) => send('journalAck', to(agent), body),
    greet,
    refresh: (agent: string, device: string | null) => send('refresh', to(agent), { device }),
    async close() {
      closing = true
      clearInterval(timer)
      await ear.close()
      await link?.close({ kind: 'consoleStatus', address: wide, body: status(false, nothing) })
    },
  }
}
export type BrokerLink = ReturnType<typeof openBrokerLink>

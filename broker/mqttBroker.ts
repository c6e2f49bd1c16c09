import { createHash, randomUUID } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createSecureServer } from 'node:tls'
import { Aedes, type AuthenticateError, type Client } from 'aedes'
import { Counter, Gauge, type Registry } from 'prom-client'
import { refusePublish, refuseSubscribe } from '#contract/access'
import { packetLimits } from '#contract/kinds'
import { type CertificateFiles, openSecured } from '#program/certificate'
import { listen } from '#program/health'
import type { Log } from '#program/log'
import type { Habit, Login } from './accounts.ts'
import { boundQueues } from './keptSessions.ts'
import { PacketGuard } from './packetGuard.ts'

const limits = {
  /** Both, or one frozen subscriber stops everyone (faults.md §0.1). */
  concurrency: 10_000,
  drainTimeoutMs: 3000,
  connections: 2000,
  connectionsPerAddress: 1000,
  retained: { agent: 20_000, console: 20_000, device: 16, field: 0 },
  keepaliveS: 300,
  /** Sessions that one user may leave behind, and messages that wait in each. */
  keptSessions: 4,
  waiting: 100,
  subscriptions: 100,
  /** Whoever has the wrong password hears so after this. */
  wrongPasswordMs: 1000,
}

export type Broker = { port: number; close(): Promise<void> }
type Known = Client & { login?: Login; filters?: Set<string>; refusal?: Refusal }
type Refusal = { code: number; reason: string }
type Wish = { clientId?: string; clean?: boolean; keepalive?: number; username?: string }

const refusal = (code: number, text: string) => Object.assign(new Error(text), { returnCode: code }) as AuthenticateError

const shortHash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** Why a CONNECT is refused whatever the password, with the code of MQTT 3.1.1 (3.2.2.3): 2 for the id, 5 for the rest. */
const connectRefusal = ({ clientId = '', clean, keepalive = 0 }: Wish, may: (habit: Habit) => boolean): Refusal | undefined => {
  if (!/^[\w-]{1,64}$/.test(clientId)) return { code: 2, reason: 'client id must be 1-64 letters, digits, - or _' }
  if (!clean && !may('kept-session')) return { code: 5, reason: 'sessions must be clean' }
  if (keepalive > limits.keepaliveS || (keepalive === 0 && !may('no-keep-alive')))
    return { code: 5, reason: `keep-alive must be 1 to ${limits.keepaliveS} s` }
  return undefined
}

/**
 * aedes with the guards of faults.md §5 and the access rules of the contract. Sessions are clean and nothing is kept for the absent, but
 * for devices whose habits the site file names.
 */
export const openBroker = async (o: {
  port: number
  bind: string
  /** Then it speaks TLS, and nothing else. */
  certificate?: CertificateFiles | undefined
  logins: Map<string, Login>
  log: Log
  metrics: Registry
}): Promise<Broker> => {
  const refused = new Counter({
    name: 'zhiban_broker_refused_total',
    help: 'What was refused',
    labelNames: ['what'],
    registers: [o.metrics],
  })
  const guards = new WeakMap<object, PacketGuard>()
  const retained = new Map<string, Set<string>>()
  const refuse = (what: string, detail: Record<string, unknown>) => {
    refused.inc({ what })
    o.log.warn(detail, `refused ${what}`)
  }

  const aedes = await Aedes.createBroker({
    concurrency: limits.concurrency,
    drainTimeout: limits.drainTimeoutMs,
    connectTimeout: 10_000,
    preConnect(client, packet, done) {
      const wish = packet as Wish
      const { username = '' } = wish
      const may = (habit: Habit) => o.logins.get(username)?.habits.has(habit) ?? false
      // Among the ids of its user, so that it pushes off nobody else. None at all has no session to come back to (MQTT 3.1.1, 3.1.3.1).
      if (may('any-client-id') && (wish.clientId || wish.clean))
        wish.clientId = `${username}-${wish.clientId ? shortHash(wish.clientId) : randomUUID()}`
      const refused = connectRefusal(wish, may)
      if (refused) (client as Known).refusal = refused
      done(null, true)
    },
    authenticate(client, user, password, done) {
      const refused = (client as Known).refusal
      if (refused) {
        refuse('connect', { user, clientId: client.id, reason: refused.reason })
        return done(refusal(refused.code, refused.reason), false)
      }
      const login = o.logins.get(user ?? '')
      if (!login?.matches(password?.toString('utf8') ?? '')) {
        refuse('password', { user, clientId: client.id })
        setTimeout(() => done(refusal(4, 'bad user name or password'), false), limits.wrongPasswordMs)
        return
      }
      // An id belongs to its user, so that nobody can push another off the broker.
      if (client.id !== user && !client.id.startsWith(`${user}-`)) {
        refuse('client id of another user', { user, clientId: client.id })
        return done(refusal(2, 'the client id must be the user name, or begin with it and a dash'), false)
      }
      const known = client as Known
      if (!client.clean && !queues.keeps(user ?? '', client.id)) {
        refuse('connect', { user, clientId: client.id, reason: 'too many sessions' })
        return done(refusal(3, 'too many sessions of this user are kept'), false)
      }
      known.login = login
      const guard = guards.get(client.conn)
      if (guard) guard.limit = login.packetLimit
      done(null, true)
    },
    authorizePublish(client, packet, done) {
      const login = (client as Known | null)?.login
      if (!login) return done(new Error('not signed in'))
      const mine = retained.get(login.account.user) ?? new Set()
      const reason =
        refusePublish(login.account, packet.topic, packet.retain) ??
        (packet.retain && packet.payload.length > 0 && !mine.has(packet.topic) && mine.size >= limits.retained[login.account.role]
          ? 'too many retained topics'
          : undefined)
      if (reason) {
        refuse('publish', { user: login.account.user, topic: packet.topic.slice(0, 200), reason })
        return done(new Error(reason))
      }
      if (packet.retain) {
        // An empty one takes it away (MQTT 3.1.1, 3.3.1.3), and its place is free again.
        if (packet.payload.length === 0) mine.delete(packet.topic)
        else mine.add(packet.topic)
        retained.set(login.account.user, mine)
      }
      done()
    },
    authorizeSubscribe(client, subscription, done) {
      const { login, filters = new Set() } = client as Known
      const full = filters.size >= limits.subscriptions && !filters.has(subscription.topic)
      const reason = login
        ? (refuseSubscribe(login.account, subscription.topic) ?? (full ? 'too many subscriptions' : undefined))
        : 'not signed in'
      if (!reason) {
        ;(client as Known).filters = filters.add(subscription.topic)
        return done(null, subscription)
      }
      refuse('subscribe', { user: login?.account.user, filter: subscription.topic.slice(0, 200), reason })
      // null answers this one filter with 0x80 and leaves the connection alone
      done(null, null)
    },
  })
  const queues = boundQueues(aedes, limits)
  aedes.on('unsubscribe', (filters, client) => {
    for (const filter of filters) (client as Known).filters?.delete(filter)
  })
  // One line for a client that goes, not one for every packet that was still on its way to it.
  const dropped = new WeakSet<object>()
  aedes.on('clientError', (client, error) => {
    if (!dropped.has(client)) o.log.info({ clientId: client.id, reason: error.message }, 'client dropped')
    dropped.add(client)
  })
  aedes.on('connectionError', (_client, error) => o.log.info({ reason: error.message }, 'connection dropped'))
  new Gauge({
    name: 'zhiban_broker_clients',
    help: 'Connected clients',
    registers: [o.metrics],
    collect() {
      this.set(aedes.connectedClients)
    },
  })

  const perAddress = new Map<string, number>()
  const sockets = new Set<Socket>()
  const take = (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    const count = (perAddress.get(address) ?? 0) + 1
    if (sockets.size >= limits.connections || count > limits.connectionsPerAddress) {
      refuse('connection', { address, open: sockets.size })
      return socket.destroy()
    }
    sockets.add(socket)
    perAddress.set(address, count)
    socket.once('close', () => {
      sockets.delete(socket)
      perAddress.set(address, (perAddress.get(address) ?? 1) - 1)
    })
    const guard = new PacketGuard(socket, packetLimits.beforeConnack)
    guard.on('error', error => o.log.info({ address, reason: error.message }, 'connection closed'))
    guards.set(guard, guard)
    aedes.handle(guard)
  }
  const { certificate } = o
  const line = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 10_000 }
  const secured =
    certificate &&
    openSecured(certificate, o.log, pair => createSecureServer({ ...line, ...pair, handshakeTimeout: 10_000 }, take))
  // Whoever speaks no TLS is no client of ours, and no trouble either.
  secured?.server.on('tlsClientError', error => o.log.info({ reason: error.message }, 'connection closed'))
  const server: Server = secured?.server ?? createServer(line, take)
  const port = await listen(server, o.port, o.bind)
  return {
    port,
    close: async () => {
      secured?.stop()
      await new Promise<void>(done => aedes.close(() => done()))
      for (const socket of sockets) socket.destroy()
      await new Promise<void>(done => server.close(() => done()))
    },
  }
}

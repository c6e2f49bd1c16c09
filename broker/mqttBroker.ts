import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createSecureServer } from 'node:tls'
import { Aedes, type AuthenticateError, type Client } from 'aedes'
import { Counter, Gauge, type Registry } from 'prom-client'
import { refusePublish, refuseSubscribe } from '#contract/access'
import { packetLimits } from '#contract/kinds'
import { type CertificateFiles, openSecured } from '#program/certificate'
import { listen } from '#program/health'
import type { Log } from '#program/log'
import type { Login } from './accounts.ts'
import { PacketGuard } from './packetGuard.ts'

const limits = {
  /** Both, or one frozen subscriber stops everyone (faults.md §0.1). */
  concurrency: 10_000,
  drainTimeoutMs: 3000,
  connections: 2000,
  connectionsPerAddress: 1000,
  retained: { agent: 20_000, console: 20_000, device: 16, field: 0 },
  keepaliveS: 300,
  subscriptions: 100,
  /** Whoever has the wrong password hears so after this. */
  wrongPasswordMs: 1000,
}

export type Broker = { port: number; close(): Promise<void> }
type Known = Client & { login?: Login; filters?: Set<string> }

const refusal = (code: number, text: string) => Object.assign(new Error(text), { returnCode: code }) as AuthenticateError

/** aedes with the guards of faults.md §5 and the access rules of the contract. Sessions are clean; nothing is kept for the absent. */
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
    keepaliveLimit: limits.keepaliveS,
    maxClientsIdLength: 64,
    preConnect(client, packet, done) {
      const { clientId, clean } = packet as { clientId?: string; clean?: boolean }
      const wellFormed = typeof clientId === 'string' && /^[\w-]{1,64}$/.test(clientId)
      if (wellFormed && clean) return done(null, true)
      refuse('connect', { clientId, clean, reason: wellFormed ? 'persistent session' : 'client id' })
      client.close()
      done(new Error(wellFormed ? 'sessions must be clean' : 'client id must be 1-64 letters, digits, - or _'), false)
    },
    authenticate(client, user, password, done) {
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

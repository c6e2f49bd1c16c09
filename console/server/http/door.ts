import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { Gauge, type Registry } from 'prom-client'
import { type CertificateFiles, openSecured } from '#program/certificate'
import { type Errand, onErrand } from '#program/errand'
import type { Log } from '#program/log'
import { storeFailed } from '#store/openStore'
import type { Bugs } from './bugs.ts'
import { Connections } from './connections.ts'

/** Half-sent requests and dripping bodies hold a connection no longer than this (faults.md §6); looked at every two seconds. */
const patience = { headersTimeout: 10_000, requestTimeout: 15_000, connectionsCheckingInterval: 2000 }
/** What is being answered when the program stops may be finished within this. */
const lastAnswersMs = 2000
const livePath = '/socket.io/'
const left = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ECONNABORTED', 'ECONNRESET', 'EPIPE'])

/** Answers a request, or says that it failed. */
export type Answerer = (request: IncomingMessage, response: ServerResponse, failed: (error?: unknown) => void) => unknown
type Parts = {
  app: Answerer
  live: { upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> }
  bugs: Bugs
  metrics: Registry
  log: Log
  /** Then people come by https, and by nothing else. */
  certificate: CertificateFiles | undefined
}

const pathOf = (request: IncomingMessage) => request.url?.split('?', 1)[0] ?? ''
const isLive = (request: IncomingMessage) => pathOf(request) === livePath || pathOf(request) === livePath.slice(0, -1)

const say = (response: ServerResponse, status: number, error: string) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }))

/** Answers an upgrade that is not to be, and lets go. */
export const refuseUpgrade = (socket: Duplex, status: string) => {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy())
}

/**
 * Where everybody comes in. Each path has one owner: the live connection its own (by websocket only), the pages and the API
 * all others. A request that fails costs its own answer.
 */
export const openDoor = (o: Parts) => {
  const { certificate } = o
  const secured =
    certificate &&
    openSecured(certificate, o.log, pair =>
      createSecureServer({ ...patience, handshakeTimeout: patience.headersTimeout, ...pair }),
    )
  const server = secured?.server ?? createServer(patience)
  const connections = new Connections()
  const answering = new Set<ServerResponse>()

  const errandOf = (request: IncomingMessage, response: ServerResponse): Errand => ({
    failed(error) {
      const hasLeft = response.destroyed && left.has(String((error as { code?: unknown })?.code))
      if (!hasLeft) o.bugs.note(error, 'request', `${request.method} ${pathOf(request)}`)
      if (response.writableEnded) return
      if (response.headersSent) response.destroy()
      else if (storeFailed(error)) say(response, 503, 'books-closed')
      else say(response, 500, 'internal')
    },
  })
  const serve: RequestListener = (request, response) => {
    connections.serves(request.socket, request)
    answering.add(response)
    response.once('close', () => {
      answering.delete(response)
      connections.serves(request.socket, undefined)
    })
    if (isLive(request)) return say(response.setHeader('upgrade', 'websocket'), 426, 'websocket-only')
    const errand = errandOf(request, response)
    onErrand(errand, () => o.app(request, response, error => error && errand.failed(error)))
  }

  server.on(secured ? 'secureConnection' : 'connection', socket => connections.admit(socket))
  server.on('request', serve)
  server.on('upgrade', (request, socket, head) => {
    // Nobody else listens to it until the live side has taken it, and it may break while that is being judged.
    socket.on('error', () => socket.destroy())
    connections.upgraded(request.socket)
    const failed = (error: unknown) => {
      o.bugs.note(error, 'screen', 'connecting')
      socket.destroy()
    }
    if (!isLive(request)) return refuseUpgrade(socket, '404 Not Found')
    onErrand({ failed }, () => o.live.upgrade(request, socket, head))
  })
  new Gauge({
    name: 'zhiban_console_connections',
    help: 'Open connections',
    registers: [o.metrics],
    collect() {
      this.set(connections.size)
    },
  })
  new Gauge({
    name: 'zhiban_console_connections_refused',
    help: 'Connections that were closed because their address had used up its share',
    registers: [o.metrics],
    collect() {
      this.set(connections.refused)
    },
  })
  return {
    server,
    /** Nobody new, a moment for what is being answered, then all of them. */
    async close() {
      secured?.stop()
      const closed = new Promise<void>(done => server.close(() => done()))
      server.closeIdleConnections()
      const answered = [...answering].map(r => new Promise(done => r.once('close', done)))
      let limit: NodeJS.Timeout | undefined
      await Promise.race([
        Promise.all(answered),
        new Promise(done => {
          limit = setTimeout(done, lastAnswersMs)
        }),
      ])
      clearTimeout(limit)
      o.bugs.close()
      connections.closeAll()
      await closed
    },
  }
}

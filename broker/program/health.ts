import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Server as NetServer } from 'node:net'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { onErrand } from './errand.ts'

export type Health = { registry: Registry; port: number; close(): Promise<void> }

export const newRegistry = (program: string): Registry => {
  const registry = new Registry()
  registry.setDefaultLabels({ program })
  collectDefaultMetrics({ register: registry })
  return registry
}

export const closeServer = (server: Server): Promise<void> =>
  new Promise(done => {
    server.close(() => done())
    server.closeAllConnections()
  })

export const listen = (server: NetServer, port: number, host: string): Promise<number> =>
  new Promise((done, fail) => {
    server.once('error', fail)
    server.listen(port, host, () => {
      server.removeListener('error', fail)
      done((server.address() as AddressInfo).port)
    })
  })

/** `/healthz` (the process lives), `/readyz` (it can do its work), `/metrics` (Prometheus): for whoever is on this machine, and nobody else. */
export const serveHealth = async (program: string, port: number, ready: () => string | true): Promise<Health> => {
  const registry = newRegistry(program)
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const say = (code: number, text: string, type = 'text/plain; charset=utf-8') =>
      response.writeHead(code, { 'content-type': type }).end(text)
    if (request.url === '/healthz') return say(200, 'ok\n')
    if (request.url === '/readyz') {
      const state = ready()
      return state === true ? say(200, 'ready\n') : say(503, `${state}\n`)
    }
    if (request.url === '/metrics') return say(200, await registry.metrics(), registry.contentType)
    return say(404, 'not found\n')
  }
  const server = createServer((request, response) =>
    onErrand({ failed: () => response.destroy() }, () => serve(request, response)),
  )
  const actual = await listen(server, port, '127.0.0.1')
  return { registry, port: actual, close: () => closeServer(server) }
}

import { createServer } from 'node:http'
import express from 'express'
import { closeServer, listen, newRegistry } from '#program/health'
import { answerError, apiRouter, openApi, type Route } from '#program/httpApi'

/** HTTP control of the simulators, on loopback only (design §8). */
export const serveControl = async (port: number, routes: Route[]) => {
  const app = express()
  const registry = newRegistry('simulators')
  app.disable('x-powered-by')
  // A web page from elsewhere must not be able to unplug devices: browsers send Origin, our callers do not.
  app.use((request, response, next) =>
    request.headers.origin ? void response.status(403).json({ error: 'foreign-origin' }) : next(),
  )
  app.use(express.json({ limit: '64kb' }))
  app.get('/healthz', (_q, r) => void r.type('text').send('ok\n'))
  app.get('/readyz', (_q, r) => void r.type('text').send('ready\n'))
  app.get('/metrics', async (_q, r) => void r.type(registry.contentType).send(await registry.metrics()))
  app.get('/openapi.json', (_q, r) => void r.json(openApi('Zhiban simulators', '1', '', routes as Route<never>[])))
  app.use(apiRouter(routes, async () => undefined))
  app.use((_q, r) => void r.status(404).json({ error: 'not-found' }))
  app.use(((error, _request, response, next) => {
    if (!answerError(error, response)) next(error)
  }) satisfies express.ErrorRequestHandler)
  const server = createServer(app)
  const actual = await listen(server, port, '127.0.0.1')
  return { port: actual, close: () => closeServer(server) }
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import compression from 'compression'
import express, { type NextFunction, type Request, type Response } from 'express'
import helmet from 'helmet'
import type { Registry } from 'prom-client'
import { Refusal, refusals } from '#api/errors'
import { numbersShownTo } from '#api/masking'
import { attachmentTypes } from '#api/models/cases'
import { importKinds, mostSheetBytes, sheetTypes } from '#api/models/imports'
import { hasRole, mayDo } from '#api/rights'
import type { RouteSpec } from '#api/route'
import { routes } from '#api/routes/all'
import { packageRoot } from '#program/environment'
import { ApiError, answerError, apiRouter, openApi, type Route } from '#program/httpApi'
import { mostBytes } from '../attachments/uploads.ts'
import type { Provider } from '../auth/provider.ts'
import type { Simulators } from '../demo/simulators.ts'
import { type Asker, type Desk, stationOf } from '../desk/desk.ts'
import type { OpenUpload } from '../desk/subject.ts'
import { thingKind } from '../engine/things/thingBook.ts'
import { agendaFeed, agendaRoutes } from './agendaRoutes.ts'
import { openAskers } from './askers.ts'
import { attachmentRoutes } from './attachmentRoutes.ts'
import { auditRoutes } from './auditRoutes.ts'
import { caseRoutes } from './caseRoutes.ts'
import { demoRoutes } from './demoRoutes.ts'
import type { Answerer } from './door.ts'
import { dutyRoutes } from './dutyRoutes.ts'
import { engineeringRoutes } from './engineeringRoutes.ts'
import { findRoutes } from './findRoutes.ts'
import { floorRoutes } from './floorRoutes.ts'
import { importRoutes } from './importRoutes.ts'
import { ownRoutes } from './ownRoutes.ts'
import { rulesRoutes } from './rulesRoutes.ts'
import { sessionRoutes } from './sessionRoutes.ts'
import { siteRoutes } from './siteRoutes.ts'
import { staffRoutes } from './staffRoutes.ts'
import { tenantRoutes } from './tenantRoutes.ts'
import { thingRoutes } from './thingRoutes.ts'
import { openTrail } from './trail.ts'
import { unitRoutes } from './unitRoutes.ts'

const uploadTypes = [...attachmentTypes, ...sheetTypes]
const webRoot = join(packageRoot, 'dist', 'web')

const hstsS = 365 * 86_400
/** What no page of ours needs (W3C Permissions Policy). */
const forbidden = ['camera', 'geolocation', 'microphone', 'payment', 'usb', 'serial', 'bluetooth', 'display-capture']
  .map(feature => `${feature}=()`)
  .join(', ')

const isLoopback = (address: string | undefined) => /^(::ffff:)?127\./.test(address ?? '') || address === '::1'

/** The Origin of a browser must be the host it talks to; callers without a browser send none. */
export const sameOrigin = (origin: string | undefined, host: string | undefined): boolean => {
  if (origin === undefined) return true
  try {
    return new URL(origin).host === host
  } catch {
    return false
  }
}

/** A refusal as the answer that it becomes; this is the only place where one gets a status. */
const asAnswer = (error: unknown): unknown =>
  error instanceof Refusal ? new ApiError(refusals[error.code], error.code, error.field, error.detail) : error

/**
 * HTTP of the console: pages, API under /api, OpenAPI, health, metrics. Rights are checked on every route (design §6).
 * `own`: the routes of the subjects. `demo`: the simulators behind a demo; undefined where the site is a building. `trustProxy`: the
 * addresses of proxies that are believed. `provider`: who vouches for people beside their passwords.
 */
export const makeApp = (
  desk: Desk,
  own: { signedIn: readonly Route<Asker>[]; open: readonly Route<undefined>[]; openUploads: readonly OpenUpload[] },
  metrics: Registry,
  ready: () => string | true,
  {
    demo,
    trustProxy,
    provider,
  }: { demo?: Simulators | undefined; trustProxy?: string | undefined; provider?: Provider | undefined },
) => {
  const app = express()
  if (trustProxy !== undefined) app.set('trust proxy', trustProxy)
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          'default-src': ["'self'"],
          'script-src': ["'self'"],
          'style-src': ["'self'", "'unsafe-inline'"],
          'img-src': ["'self'", 'data:'],
          'connect-src': ["'self'"],
          'object-src': ["'none'"],
          'base-uri': ["'none'"],
          'form-action': ["'self'"],
          'frame-ancestors': ["'none'"],
        },
      },
      // On a plain-HTTP LAN these would leave a blank page or a locked-out browser (ux.md §0.5).
      hsts: false,
      crossOriginOpenerPolicy: { policy: 'same-origin' },
    }),
  )
  app.use((request, response, next) => {
    response.setHeader('permissions-policy', forbidden)
    // Once it has come by https a browser comes by nothing else.
    if (request.secure) response.setHeader('strict-transport-security', `max-age=${hstsS}`)
    next()
  })
  // A small answer costs more to compress than to send.
  app.use(compression({ threshold: '8kb' }))
  app.get('/healthz', (_q, r) => void r.type('text').send('ok\n'))
  // How a program is, and how much it does, is for whoever looks after this machine.
  app.use(['/readyz', '/metrics'], (request, response, next) => {
    if (isLoopback(request.ip)) next()
    else response.status(404).json({ error: 'not-found' })
  })
  app.get('/readyz', (_q, r) => {
    const state = ready()
    r.status(state === true ? 200 : 503)
      .type('text')
      .send(state === true ? 'ready\n' : `${state}\n`)
  })
  app.get('/metrics', async (_q, r) => void r.type(metrics.contentType).send(await metrics.metrics()))

  app.use('/api', (request, _response, next) => {
    if (!sameOrigin(request.headers.origin, request.headers.host)) throw new Refusal('foreign-origin')
    const body = request.method !== 'GET' && Number(request.headers['content-length'] ?? 0) > 0
    if (body && !request.is(['application/json', ...uploadTypes])) throw new Refusal('json-only')
    next()
  })
  app.use('/api', express.json({ limit: '100kb', strict: true }))
  // Large bodies are taken only from people who have signed in and may bring them, and within what the house can hold.
  const files = express.raw({ type: [...attachmentTypes], limit: mostBytes })
  const tables = express.raw({ type: [...sheetTypes], limit: mostSheetBytes })
  app.use('/api', (request, _response, next) => {
    const isUpload =
      request.method === 'POST' &&
      /^\/(cases\/[^/]+\/attachments|tenant-files\/[^/]+\/seals|tables\/[^/]+|door\/[^/]+\/reports\/[^/]+\/photos)$/.test(
        request.path,
      )
    if (!isUpload && request.is([...uploadTypes])) throw new Refusal('json-only')
    next()
  })
  const trail = openTrail(desk)
  const askers = openAskers(desk, trail)
  type Upload = { request: Request; response: Response; next: NextFunction }
  /** Reads a file for a case, or a tenant, that this person may bring it to. */
  const takes = async (person: string, caseId: string, { request, response, next }: Upload) => {
    const bytes = Number(request.headers['content-length'] ?? mostBytes)
    const over = await desk.uploads.admit(person, caseId, bytes)
    if (response.closed) return over()
    response.once('close', over)
    files(request, response, next)
  }
  for (const key of ['POST /cases/:id/attachments', 'POST /tenant-files/:id/seals'] as const)
    app.post(`/api${key.slice('POST '.length)}`, async (request, response, next) => {
      const user = await askers.present(request)
      const { right } = routes[key] as RouteSpec
      if (right && !mayDo(user.roles, right)) throw new Refusal('not-your-role')
      await takes(user.id, (request.params as { id: string }).id, { request, response, next })
    })
  for (const { key, admits } of own.openUploads)
    app.post(`/api${key.slice('POST '.length)}`, async (request, response, next) => {
      const caseId = await admits(request.params as Record<string, string>)
      await takes(`open/${stationOf(request)}`, caseId, { request, response, next })
    })
  app.post('/api/tables/things-:kind', async (request, response, next) => {
    const user = await askers.present(request)
    const kind = thingKind(desk.engine.manual, request.params.kind ?? '')
    if (!hasRole(user.roles, kind.keeps)) throw new Refusal('not-your-role')
    tables(request, response, next)
  })
  for (const kind of importKinds)
    app.post(`/api/tables/${kind}`, async (request, response, next) => {
      const user = await askers.present(request)
      if (!mayDo(user.roles, routes[`POST /tables/${kind}`].right)) throw new Refusal('not-your-role')
      tables(request, response, next)
    })
  const open = [...sessionRoutes(desk, trail, provider), ...agendaFeed(desk), ...own.open]
  const signedIn: Route<Asker>[] = [
    ...ownRoutes(desk, trail),
    ...agendaRoutes(desk),
    ...siteRoutes(desk),
    ...staffRoutes(desk),
    ...auditRoutes(desk),
    ...tenantRoutes(desk),
    ...floorRoutes(desk),
    ...thingRoutes(desk),
    ...unitRoutes(desk),
    ...importRoutes(desk),
    ...engineeringRoutes(desk),
    ...caseRoutes(desk),
    ...attachmentRoutes(desk),
    ...rulesRoutes(desk),
    ...dutyRoutes(desk),
    ...findRoutes(desk),
    ...own.signedIn,
    ...(demo ? demoRoutes(desk, demo) : []),
  ]
  app.get(
    '/api/openapi.json',
    (_q, r) => void r.json(openApi('Zhiban console', '1', '/api', [...open, ...signedIn] as Route<never>[])),
  )
  app.use('/api', (_request, response, next) => {
    response.setHeader('cache-control', 'no-store')
    next()
  })
  app.use(
    '/api',
    apiRouter(open, async () => undefined),
  )
  app.use(
    '/api',
    apiRouter(signedIn, askers.judge, ({ user }, answer) => numbersShownTo(user, answer)),
  )
  app.use('/api', (_q, r) => void r.status(404).json({ error: 'not-found' }))

  if (existsSync(webRoot)) {
    app.use(
      '/assets',
      express.static(join(webRoot, 'assets'), { immutable: true, maxAge: '1y', index: false, fallthrough: false }),
    )
    app.use(express.static(webRoot, { index: false, setHeaders: r => void r.setHeader('cache-control', 'no-cache') }))
    app.use((request, response, next) => {
      if (request.method !== 'GET' || request.path.includes('.')) return next()
      response.setHeader('cache-control', 'no-cache')
      response.sendFile(join(webRoot, 'index.html'))
    })
  }
  app.use((_q, r) => void r.status(404).json({ error: 'not-found' }))
  // What is no refusal is a bug, and goes to whoever handed over the request.
  app.use(((error, request, response, next) => {
    const answer = asAnswer(error)
    if (answer instanceof ApiError && answer.status === 403) askers.refused(request)
    if (response.headersSent || !answerError(answer, response)) next(error)
  }) satisfies express.ErrorRequestHandler)
  return app as unknown as Answerer
}

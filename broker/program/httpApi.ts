import { type Request, type Response, Router } from 'express'
import { z } from 'zod'

/** An expected refusal: an HTTP status, a code that the screens translate, and the field it is about. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly field: string | undefined
  readonly detail: Record<string, unknown> | undefined
  constructor(status: number, code: string, field?: string, detail?: Record<string, unknown>) {
    super(code)
    this.status = status
    this.code = code
    this.field = field
    this.detail = detail
  }
}

export const apiError = z.object({
  error: z.string(),
  field: z.string().optional(),
  detail: z.record(z.string(), z.unknown()).optional(),
  problems: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
})

type Context<P, Q, B, W> = { params: P; query: Q; body: B; who: W; request: Request; response: Response }

/** One operation: what may come in, what goes out, and who may call it. Routes and OpenAPI derive from the same value. */
export type Route<W = unknown> = {
  method: 'get' | 'post' | 'put' | 'delete'
  path: string
  summary: string
  /** Checked by the host of the routes; its meaning is the host's. */
  right?: string
  /** Answered to whoever asks. */
  open?: true
  whileDue?: true
  whileLocked?: true
  proves?: true
  /** Content types of a body that is a file, not JSON. */
  upload?: readonly string[]
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  answer?: z.ZodType
  handle(context: Context<never, never, never, W>): unknown
}

/** Gives a route its types; the handler sees parsed input only. */
export const route = <
  W,
  P extends z.ZodObject = z.ZodObject<Record<never, never>>,
  Q extends z.ZodObject = z.ZodObject<Record<never, never>>,
  B extends z.ZodType = z.ZodUndefined,
  A extends z.ZodType = z.ZodType,
>(
  r: Omit<Route<W>, 'params' | 'query' | 'body' | 'answer' | 'handle'> & {
    params?: P
    query?: Q
    body?: B
    answer?: A
    handle(context: Context<z.infer<P>, z.infer<Q>, z.infer<B>, W>): Promise<z.infer<A>> | z.infer<A>
  },
): Route<W> => r as unknown as Route<W>

const parse = (schema: z.ZodType | undefined, value: unknown, where: string) => {
  if (!schema) return undefined
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new ApiError(400, 'invalid', String(result.error.issues[0]?.path[0] ?? where), {
    problems: result.error.issues.map(i => ({ field: i.path.join('.') || where, message: i.message })),
  })
}

/** Express routes with parsed input; `authorise` throws ApiError or returns who is asking. */
export const apiRouter = <W>(
  routes: readonly Route<W>[],
  authorise: (route: Route<W>, request: Request) => Promise<W>,
  /** What of an answer whoever asks may see. */
  shown: (who: W, answer: unknown) => unknown = (_, answer) => answer,
): Router => {
  const router = Router()
  for (const r of routes) {
    router[r.method](r.path, async (request, response) => {
      const who = await authorise(r, request)
      const context = {
        params: parse(r.params, request.params, 'path'),
        query: parse(r.query, request.query, 'query'),
        body: parse(r.body, request.body, 'body'),
        who,
        request,
        response,
      }
      const answer = await r.handle(context as never)
      if (response.headersSent) return
      if (process.env['ZHIBAN_CHECK_ANSWERS'] === '1') r.answer?.parse(answer)
      if (answer === undefined) response.status(204).end()
      else response.json(shown(who, answer))
    })
  }
  return router
}

/** What refers to itself has its place among the document's own schemas. */
const jsonSchema = (schema: z.ZodType, named: Record<string, unknown>) => {
  const whole = JSON.stringify(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }))
  const { $schema: _, $defs, ...rest } = JSON.parse(whole.replaceAll('"#/$defs/', '"#/components/schemas/'))
  Object.assign(named, $defs)
  return rest
}

const parameters = (schema: z.ZodObject | undefined, where: 'path' | 'query', named: Record<string, unknown>) =>
  Object.entries(schema?.shape ?? {}).map(([name, s]) => ({
    name,
    in: where,
    required: where === 'path' || !(s as z.ZodType).safeParse(undefined).success,
    schema: jsonSchema(s as z.ZodType, named),
  }))

const requestBody = (r: Route<never>, named: Record<string, unknown>) => {
  if (!r.body) return {}
  const file = { schema: { type: 'string', format: 'binary' } }
  const content = r.upload
    ? Object.fromEntries(r.upload.map(type => [type, file]))
    : { 'application/json': { schema: jsonSchema(r.body, named) } }
  return { requestBody: { required: true, content } }
}

/** The OpenAPI 3.1 document of the routes; it cannot drift from them. */
export const openApi = (title: string, version: string, prefix: string, routes: readonly Route<never>[]) => {
  const paths: Record<string, Record<string, unknown>> = {}
  const schemas: Record<string, unknown> = {}
  for (const r of routes) {
    const path = prefix + r.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] ??= {}
    paths[path][r.method] = {
      summary: r.summary,
      ...(r.right ? { 'x-right': r.right } : {}),
      ...(r.open ? { 'x-open': true } : {}),
      parameters: [...parameters(r.params, 'path', schemas), ...parameters(r.query, 'query', schemas)],
      ...requestBody(r, schemas),
      responses: {
        [r.answer ? '200' : '204']: {
          description: 'done',
          ...(r.answer ? { content: { 'application/json': { schema: jsonSchema(r.answer, schemas) } } } : {}),
        },
        default: { description: 'refused', content: { 'application/json': { schema: jsonSchema(apiError, schemas) } } },
      },
    }
  }
  const info = { title, version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } }
  return { openapi: '3.1.0', info, paths, components: { schemas } }
}

/** Turns ApiError and body-parser errors into JSON; everything else is a bug and is passed on. */
export const answerError = (error: unknown, response: Response): boolean => {
  if (error instanceof ApiError) {
    const problems = error.detail?.['problems']
    response.status(error.status).json({
      error: error.code,
      ...(error.field ? { field: error.field } : {}),
      ...(problems ? { problems } : error.detail ? { detail: error.detail } : {}),
    })
    return true
  }
  const status = (error as { status?: number }).status
  if (typeof status === 'number' && status >= 400 && status < 500) {
    response.status(status).json({ error: status === 413 ? 'too-large' : 'malformed' })
    return true
  }
  return false
}

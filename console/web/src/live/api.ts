import { type RefusalCode, refusals } from '#api/errors'
import { proofHeader, proofOf } from '#api/proof'
import type { AnswerOf, Asked, RouteKey } from '#api/routes/all'

/** What the server refused: the code that the dictionaries put into words, and the field it is about. */
export class Refused extends Error {
  readonly status: number
  readonly code: RefusalCode
  readonly field: string | undefined
  readonly detail: Record<string, unknown> | undefined
  constructor(status: number, code: RefusalCode, field?: string, detail?: Record<string, unknown>) {
    super(code)
    this.status = status
    this.code = code
    this.field = field
    this.detail = detail
  }
}

/** The server did not answer, or could not: the same question may have an answer a moment later. */
export const hadNoAnswer = (e: unknown): boolean => e instanceof Refused && (e.status === 0 || e.status >= 500)

/** A refusal that came by another way than an answer; undefined where there is none of that name. */
export const refusalNamed = (code: string | null): Refused | undefined =>
  code !== null && Object.hasOwn(refusals, code) ? new Refused(refusals[code as RefusalCode], code as RefusalCode) : undefined

const limitMs = 10_000

const pathOf = (path: string, { params, query }: { params?: object; query?: object }): string => {
  const known = new Map(Object.entries(params ?? {}))
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(known.get(name))))
  const asked = Object.entries(query ?? {}).filter(([, v]) => v !== undefined)
  return asked.length > 0 ? `${filled}?${new URLSearchParams(Object.fromEntries(asked.map(([k, v]) => [k, String(v)])))}` : filled
}

/** Asks somebody to show again that it is he, and carries on with what was refused for want of it. */
type Prover = <T>(refused: Refused, again: (secret?: string) => Promise<T>) => Promise<T>
let prover: Prover | undefined
export const provesBy = (by: Prover) => {
  prover = by
}
/** The station is locked, or this is not done without a proof. */
const isProvable = ({ code }: Refused) => code === 'locked' || code === 'prove-again'

/**
 * One operation of the API, by its key in the table (#api/routes/all): what it takes and answers is typed by it. Throws Refused, with
 * code `offline` when there was no answer.
 */
export const ask = async <K extends RouteKey>(
  key: K,
  ...said: Record<never, never> extends Asked<K> ? [asked?: Asked<K>] : [asked: Asked<K>]
): Promise<AnswerOf<K>> => {
  // Nobody has asked for what a page reads by itself.
  return key.startsWith('GET ') ? send<K>(key, said) : proving(secret => send<K>(key, said, secret))
}

/** Does something, and where it is refused for want of a proof does it again with one. */
export const proving = async <T>(act: (secret?: string) => Promise<T>): Promise<T> => {
  try {
    return await act()
  } catch (e) {
    if (!(e instanceof Refused) || !isProvable(e) || !prover) throw e
    return prover(e, act)
  }
}
/** What a request carries to prove who asks. */
export const proofHeaders = (secret: string | undefined): Record<string, string> =>
  secret === undefined ? {} : { [proofHeader]: proofOf(secret) }

const send = async <K extends RouteKey>(key: K, said: readonly unknown[], secret?: string): Promise<AnswerOf<K>> => {
  const [method = '', path = ''] = key.split(' ')
  const { body, ...address }: { params?: object; query?: object; body?: unknown } = Object.assign({}, ...said)
  return answerTo<AnswerOf<K>>(pathOf(path, address), {
    method,
    signal: AbortSignal.timeout(limitMs),
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...proofHeaders(secret),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

/** What the server says to one request, taken for what the table says: tests hold the server to it. Throws as `ask` does. */
export const answerTo = async <Answer>(path: string, request: RequestInit): Promise<Answer> => {
  // An answer that breaks off, or comes too late in its second half, is none.
  const [response, text] = await fetch(`/api${path}`, request)
    .then(async r => [r, await r.text()] as const)
    .catch(() => {
      throw new Refused(0, 'offline')
    })
  if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as Answer
  let answer: { error?: RefusalCode; field?: string; detail?: Record<string, unknown> } = {}
  try {
    answer = JSON.parse(text)
  } catch {
    // not ours: a proxy, or a server on its way down
  }
  throw new Refused(response.status, answer.error ?? 'internal', answer.field, answer.detail)
}

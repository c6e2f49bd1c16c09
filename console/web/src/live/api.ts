import type { RefusalCode } from '#api/errors'
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

const limitMs = 10_000

const pathOf = (path: string, { params, query }: { params?: object; query?: object }): string => {
  const known = new Map(Object.entries(params ?? {}))
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(known.get(name))))
  const asked = Object.entries(query ?? {}).filter(([, v]) => v !== undefined)
  return asked.length > 0 ? `${filled}?${new URLSearchParams(asked.map(([k, v]) => [k, String(v)]))}` : filled
}

/**
 * One operation of the API, by its key in the table (#api/routes/all): what it takes and answers is typed by it. Throws Refused, with
 * code `offline` when there was no answer.
 */
export const ask = async <K extends RouteKey>(
  key: K,
  ...said: Record<never, never> extends Asked<K> ? [asked?: Asked<K>] : [asked: Asked<K>]
): Promise<AnswerOf<K>> => {
  const [method = '', path = ''] = key.split(' ')
  const { body, ...address }: { params?: object; query?: object; body?: unknown } = Object.assign({}, ...said)
  let response: Response
  try {
    response = await fetch(`/api${pathOf(path, address)}`, {
      method,
      signal: AbortSignal.timeout(limitMs),
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
  } catch {
    throw new Refused(0, 'offline')
  }
  // The one place where an answer is taken for what the table says; tests hold the server to it.
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as AnswerOf<K>
  const text = await response.text()
  let answer: { error?: RefusalCode; field?: string; detail?: Record<string, unknown> } = {}
  try {
    answer = JSON.parse(text)
  } catch {
    // not ours: a proxy, or a server on its way down
  }
  throw new Refused(response.status, answer.error ?? 'internal', answer.field, answer.detail)
}

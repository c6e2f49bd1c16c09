/** What the server refused: the code that the dictionaries put into words, and the field it is about. */
export class Refused extends Error {
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

const limitMs = 10_000

/** One call of the API. Throws Refused, with code `offline` when there was no answer. */
export const call = async <T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> => {
  let response: Response
  try {
    response = await fetch(`/api${path}`, {
      method,
      signal: AbortSignal.timeout(limitMs),
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
  } catch {
    throw new Refused(0, 'offline')
  }
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T
  const text = await response.text()
  let answer: { error?: string; field?: string; detail?: Record<string, unknown> } = {}
  try {
    answer = JSON.parse(text)
  } catch {
    // not ours: a proxy, or a server on its way down
  }
  throw new Refused(response.status, answer.error ?? 'internal', answer.field, answer.detail)
}

export const get = <T>(path: string, query?: Record<string, string | number>): Promise<T> =>
  call<T>('GET', query ? `${path}?${new URLSearchParams(Object.entries(query).map(([k, v]) => [k, String(v)]))}` : path)
export const put = <T>(path: string, body?: unknown): Promise<T> => call<T>('PUT', path, body)
export const post = <T>(path: string, body?: unknown): Promise<T> => call<T>('POST', path, body)

import { Refused } from './api.ts'

type Upload = { headers: Record<string, string>; body: BodyInit; signal?: AbortSignal }

/** Brings a file to a route that takes one, and gives its answer. Throws Refused, with code `offline` when there was no answer. */
export const upload = async <Answer>(path: string, query: Record<string, string>, what: Upload): Promise<Answer> => {
  let answer: Response
  try {
    answer = await fetch(`/api${path}?${new URLSearchParams(query)}`, { method: 'POST', ...what })
  } catch {
    throw new Refused(0, 'offline')
  }
  const body = await answer.json()
  if (!answer.ok) throw new Refused(answer.status, body.error ?? 'internal', body.field, body.detail)
  return body
}

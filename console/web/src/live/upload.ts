import { answerTo } from './api.ts'

type Upload = { headers: Record<string, string>; body: BodyInit; signal?: AbortSignal }

/** Brings a file to a route that takes one, and gives its answer. Throws Refused, with code `offline` when there was no answer. */
export const upload = <Answer>(path: string, query: Record<string, string>, what: Upload): Promise<Answer> =>
  answerTo<Answer>(`${path}?${new URLSearchParams(query)}`, { method: 'POST', ...what })

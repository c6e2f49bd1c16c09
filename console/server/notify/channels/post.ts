import { type Answer, answerMs, failed } from '../channel.ts'

/** What the other side has answered: its status and, where it is JSON, its body. */
export type Posted = { status: number; body: Record<string, unknown> }
/** No answer of ours is longer; whoever sends more is not who we think. */
const mostBytes = 20_000

/** Posts JSON. Redirects are not followed: what is secret in the address is for nobody else. */
export const postJson = async (
  url: string,
  body: string,
  headers: Record<string, string>,
  judge: (posted: Posted) => Answer,
): Promise<Answer> => {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(answerMs),
    })
    const text = (await response.text()).slice(0, mostBytes)
    const { status } = response
    if (status === 429) return { is: 'limited', why: 'HTTP 429' }
    if (status >= 500 || status === 408) return { is: 'failed', why: `HTTP ${status}` }
    if (status >= 400) return { is: 'refused', why: `HTTP ${status} ${text.slice(0, 120)}` }
    return judge({ status, body: parsed(text) })
  } catch (error) {
    return failed(error)
  }
}

const parsed = (text: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

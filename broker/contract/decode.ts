import { bodies, type Kind } from './kinds.ts'
import type { Bodies } from './messages.ts'
import { type Address, parseTopic } from './topics.ts'

export type Decoded = { [K in Kind]: { ok: true; kind: K; address: Address; body: Bodies[K] } }[Kind]
export type Rejection = { ok: false; topic: string; reason: string }

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Turns what arrived into a typed message or a named rejection. Never throws; the caller counts and shows rejections. */
export const decode = (topic: string, payload: Uint8Array): Decoded | Rejection => {
  const parsed = parseTopic(topic)
  if (!parsed) return { ok: false, topic, reason: 'unknown topic' }
  let json: unknown
  try {
    json = JSON.parse(utf8.decode(payload))
  } catch {
    return { ok: false, topic, reason: 'not JSON in UTF-8' }
  }
  const result = bodies[parsed.kind].safeParse(json)
  if (!result.success) {
    const first = result.error.issues[0]
    return { ok: false, topic, reason: `${parsed.kind}.${first?.path.join('.') ?? ''}: ${first?.message ?? 'invalid'}` }
  }
  return { ok: true, kind: parsed.kind, address: parsed.address, body: result.data } as Decoded
}

/** The payload of a message; encoding goes through the schema's type, decoding through the schema. */
export const encode = <K extends Kind>(_kind: K, body: Bodies[K]): string => JSON.stringify(body)

import type { Field } from '../../console/server/engine/field.ts'

const hour = 3_600_000
const dayMs = 24 * hour
const dateAfter = (now: number, days: number) => new Date(now + days * dayMs).toISOString().slice(0, 10)
/** Of each kind of thing one that the demo has. */
const things: Readonly<Record<string, string>> = {
  lift: 'lift-fire-1',
  key: 'key-plant',
  'price-item': 'price-overtime',
  vehicle: 'car-1',
}
/** A signature by hand, as the browser sends one. */
export const smallPng = `data:image/png;base64,${Buffer.from([137, 80, 78, 71, 13, 10, 26, 10, ...Array(60).fill(7)]).toString('base64')}`
/** What ends comes after what begins, and all of it so far ahead that no rule finds it too near. */
const ends: readonly string[] = ['to', 'leaseEnds']

/** Something that a field takes; `words` stands in those that take any text. */
export const sampleOf = (f: Field, now: number, words = '示例'): unknown => {
  if (f.key === 'receivedAt') return now - hour
  if (f.kind === 'time') return ahead(now) + (ends.includes(f.key) ? 2 : 1) * hour
  if (f.kind === 'flag') return false
  if (f.kind === 'drawing') return smallPng
  if (f.kind === 'unit') return 'f7-e'
  if (f.kind === 'date') return dateAfter(now, ends.includes(f.key) ? 41 : 40)
  if (f.kind === 'month') return new Date(now).toISOString().slice(0, 7)
  if (f.kind === 'thing') return things[f.things ?? ''] ?? words
  if (f.kind === 'money') return 12_000
  return f.choices?.[0]?.value ?? words
}
/** Another day each time: what is reserved is one case's alone. */
let made = 0
const ahead = (now: number) => now + made * dayMs

/** What a form of these fields may hold. */
export const samplesOf = (fields: readonly Field[] | undefined, now: number, words?: string): Record<string, unknown> => {
  const asks = (key: string) => fields?.some(f => f.key === key) === true
  if (asks('from') && asks('to')) made++
  return Object.fromEntries((fields ?? []).filter(f => f.signs !== 'doer').map(f => [f.key, sampleOf(f, now, words)]))
}

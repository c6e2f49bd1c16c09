import type { Field } from '../../console/server/engine/definition.ts'

/** Something that a field takes; `words` stands in those that take any text. */
export const sampleOf = (f: Field, now: number, words = '示例'): unknown => {
  if (f.key === 'receivedAt') return now - 3_600_000
  if (f.kind === 'time') return now + 3_600_000
  if (f.kind === 'flag') return false
  if (f.kind === 'unit') return 'f7-e'
  if (f.kind === 'date') return new Date(now).toISOString().slice(0, 10)
  if (f.kind === 'month') return new Date(now).toISOString().slice(0, 7)
  return f.choices?.[0]?.value ?? words
}
export const samplesOf = (fields: readonly Field[] | undefined, now: number, words?: string): Record<string, unknown> =>
  Object.fromEntries((fields ?? []).filter(f => f.signs !== 'doer').map(f => [f.key, sampleOf(f, now, words)]))

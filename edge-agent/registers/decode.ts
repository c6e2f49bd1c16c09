import type { ProfilePoint, Register } from '#contract/profile'
import type { Scalar } from '#contract/quality'

/** What registers say about one point; `raw` writes them out, for the few readings that are news. `nonsense` is a value that the device cannot mean: never shown, never acted on. */
export type Reading = { ok: true; v: Scalar; raw(): string } | { ok: false; why: 'no-value' | 'nonsense'; raw(): string }

const hex = (words: readonly number[]) => `0x${words.map(w => w.toString(16).toUpperCase().padStart(4, '0')).join('')}`

const assemble = (register: Register, words: readonly number[]): number => {
  const [first = 0, second = 0] = words
  const view = new DataView(new ArrayBuffer(4))
  const pair = register.wordOrder === 'big' ? [first, second] : [second, first]
  view.setUint16(0, pair[0] ?? 0)
  view.setUint16(2, pair[1] ?? 0)
  switch (register.type) {
    case 'bool':
    case 'u16':
      return first
    case 'i16':
      return first > 32_767 ? first - 65_536 : first
    case 'u32':
      return view.getUint32(0)
    case 'i32':
      return view.getInt32(0)
    case 'f32':
      return view.getFloat32(0)
  }
}

export const wordCount = (register: Register) => (register.type.endsWith('32') ? 2 : 1)

/**
 * Decodes one point. `definedBits` is the mask of all bits that the profile knows in this word: a set bit outside it
 * (0xFFFF from a confused gateway) makes the whole word nonsense, so that it cannot pass for twenty alarms.
 */
export const decodePoint = (point: ProfilePoint, words: readonly number[], definedBits: number): Reading => {
  const register = point.register
  if (!register) return { ok: false, why: 'no-value', raw: () => '' }
  const plain = () => (words.length === 1 ? String(words[0]) : hex(words))
  const inHex = () => hex(words)
  const stored = assemble(register, words)
  if (register.bit !== undefined) {
    if ((stored & ~definedBits) !== 0) return { ok: false, why: 'nonsense', raw: inHex }
    return { ok: true, v: ((stored >> register.bit) & 1) === 1, raw: () => `${hex(words)} bit ${register.bit}` }
  }
  if (register.type === 'bool') return { ok: true, v: stored !== 0, raw: plain }
  if (register.sentinel !== undefined && stored === register.sentinel) return { ok: false, why: 'no-value', raw: inHex }
  if (!Number.isFinite(stored)) return { ok: false, why: 'no-value', raw: inHex }
  const value = Number((stored * register.scale + register.offset).toFixed(6))
  const [low, high] = point.plausible ?? [-Infinity, Infinity]
  if (value < low || value > high) return { ok: false, why: 'nonsense', raw: inHex }
  return { ok: true, v: point.kind === 'binary' ? value !== 0 : value, raw: plain }
}

/** The word to write for a value; the point's range is checked before. */
export const encodeWrite = (register: Register, value: Scalar): number => {
  if (register.table === 'coil') return value ? 1 : 0
  const stored = Math.round((Number(value) - register.offset) / register.scale)
  return stored < 0 ? stored + 65_536 : stored
}

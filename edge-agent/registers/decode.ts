import type { ProfilePoint, Register } from '#contract/profile'
import type { Scalar } from '#contract/quality'

/** What registers say about one point; `raw` writes them out, for the few readings that are news. `nonsense` is a value that the device cannot mean: never shown, never acted on. */
export type Reading = { ok: true; v: Scalar; raw(): string } | { ok: false; why: 'no-value' | 'nonsense'; raw(): string }

const hex = (words: readonly number[]) => `0x${words.map(w => w.toString(16).toUpperCase().padStart(4, '0')).join('')}`

const scratch = new DataView(new ArrayBuffer(4))

const assemble = (register: Register, words: readonly number[]): number => {
  const [first = 0, second = 0] = words
  if (register.type === 'bool' || register.type === 'u16') return first
  if (register.type === 'i16') return first > 32_767 ? first - 65_536 : first
  const big = register.wordOrder === 'big'
  scratch.setUint16(0, big ? first : second)
  scratch.setUint16(2, big ? second : first)
  if (register.type === 'u32') return scratch.getUint32(0)
  return register.type === 'i32' ? scratch.getInt32(0) : scratch.getFloat32(0)
}

/** Six decimals: what scaling adds beyond them (21.600000000000001) is not the device's. */
const rounded = (value: number) => (Math.abs(value) < 1e9 ? Math.round(value * 1e6) / 1e6 : value)

export const wordCount = (register: Register) => (register.type.endsWith('32') ? 2 : 1)

/**
 * Decodes one point. `definedBits` is the mask of all bits that the profile knows in this word: a set bit outside it
 * (0xFFFF from a confused gateway) makes the whole word nonsense, so that it cannot pass for twenty alarms.
 */
export const decodePoint = (point: ProfilePoint, words: readonly number[], definedBits: number): Reading => {
  const register = point.register
  if (!register) return { ok: false, why: 'no-value', raw: () => '' }
  const inHex = () => hex(words)
  const stored = assemble(register, words)
  if (register.bit !== undefined) {
    if ((stored & ~definedBits) !== 0) return { ok: false, why: 'nonsense', raw: inHex }
    return { ok: true, v: ((stored >> register.bit) & 1) === 1, raw: () => `${hex(words)} bit ${register.bit}` }
  }
  const plain = words.length === 1 ? () => String(words[0]) : inHex
  if (register.type === 'bool') return { ok: true, v: stored !== 0, raw: plain }
  if (register.sentinel !== undefined && stored === register.sentinel) return { ok: false, why: 'no-value', raw: inHex }
  if (!Number.isFinite(stored)) return { ok: false, why: 'no-value', raw: inHex }
  const value = rounded(stored * register.scale + register.offset)
  if (point.plausible && (value < point.plausible[0] || value > point.plausible[1]))
    return { ok: false, why: 'nonsense', raw: inHex }
  return { ok: true, v: point.kind === 'binary' ? value !== 0 : value, raw: plain }
}

/** The word to write for a value; the point's range is checked before. */
export const encodeWrite = (register: Register, value: Scalar): number => {
  if (register.table === 'coil') return value ? 1 : 0
  const stored = Math.round((Number(value) - register.offset) / register.scale)
  return stored < 0 ? stored + 65_536 : stored
}

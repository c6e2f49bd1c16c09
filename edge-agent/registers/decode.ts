import type { ProfilePoint, Register } from '#contract/profile'
import type { Scalar } from '#contract/quality'

/**
 * What registers say about one point; `raw` writes them out, for the few readings that are news. `nonsense` is a value that
 * the device cannot mean: never shown, never acted on. `unknownBits` are set beside a known one, and a fault of their word.
 */
export type Reading =
  | { ok: true; v: Scalar; unknownBits?: number; raw(): string }
  | { ok: false; why: 'no-value' | 'nonsense'; raw(): string }

const hex = (words: readonly number[]) => `0x${words.map(w => w.toString(16).toUpperCase().padStart(4, '0')).join('')}`
const allOnes = 0xffff

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

/** One number as it is stored, on whatever wire, as a value of its point: sentinel, scale, offset and plausibility. */
export const interpret = (
  point: ProfilePoint,
  source: { scale: number; offset: number; sentinel?: number | undefined },
  stored: number,
  raw: () => string,
): Reading => {
  if (!Number.isFinite(stored) || (source.sentinel !== undefined && stored === source.sentinel))
    return { ok: false, why: 'no-value', raw }
  const value = rounded(stored * source.scale + source.offset)
  if (point.plausible && (value < point.plausible[0] || value > point.plausible[1])) return { ok: false, why: 'nonsense', raw }
  return { ok: true, v: point.kind === 'binary' ? value !== 0 : value, raw }
}

/**
 * Decodes one point. `definedBits` is the mask of all bits that the profile knows in this word. A known bit counts whatever
 * stands beside it: a fire with an undocumented bit is a fire. A word of all ones is what a gateway answers for a device
 * that it does not reach, and no value.
 */
export const decodePoint = (point: ProfilePoint, words: readonly number[], definedBits: number): Reading => {
  const register = point.register
  if (!register) return { ok: false, why: 'no-value', raw: () => '' }
  const inHex = () => hex(words)
  const stored = assemble(register, words)
  const inRegister = register.table === 'holding' || register.table === 'input'
  if (inRegister && stored === allOnes && (register.bit !== undefined || register.type === 'bool'))
    return { ok: false, why: 'no-value', raw: inHex }
  if (register.bit !== undefined) {
    const unknownBits = stored & ~definedBits
    const v = ((stored >> register.bit) & 1) === 1
    const raw = () => `${hex(words)} bit ${register.bit}`
    return unknownBits === 0 ? { ok: true, v, raw } : { ok: true, v, unknownBits, raw }
  }
  const plain = words.length === 1 ? () => String(words[0]) : inHex
  if (register.type === 'bool') return { ok: true, v: stored !== 0, raw: plain }
  const reading = interpret(point, register, stored, inHex)
  return reading.ok ? { ...reading, raw: plain } : reading
}

/** The word to write for a value, or undefined where the register cannot hold it. */
export const encodeWrite = (register: Register, value: Scalar): number | undefined => {
  if (register.table === 'coil' || register.type === 'bool') return typeof value === 'boolean' ? Number(value) : undefined
  const plain = typeof value === 'boolean' ? Number(value) : value
  if (typeof plain !== 'number' || !Number.isFinite(plain)) return undefined
  const stored = Math.round((plain - register.offset) / register.scale)
  if (register.type === 'u16') return stored >= 0 && stored <= 65_535 ? stored : undefined
  if (register.type === 'i16') return stored >= -32_768 && stored <= 32_767 ? stored & 0xffff : undefined
  return undefined
}

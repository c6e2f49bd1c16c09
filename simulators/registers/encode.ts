import type { Register } from '#contract/profile'

/**
 * The simulators' own encoder, written apart from the edge agent's decoder so that a word-order mistake cannot cancel
 * itself out; both are held against golden vectors (tests/unit/goldenVectors.ts).
 */
export const encodeRegister = (register: Register, value: number | boolean | null): number[] => {
  const { type } = register
  if (type === 'bool') return [value ? 1 : 0]
  const stored = value === null ? nothing(register) : (Number(value) - register.offset) / register.scale
  if (type === 'u16') return [clamp(stored, 0, 65_535)]
  if (type === 'i16') return [clamp(stored, -32_768, 32_767) & 0xffff]
  if (type === 'f32') scratch.setFloat32(0, stored)
  else if (type === 'u32') scratch.setUint32(0, clamp(stored, 0, 4_294_967_295))
  else scratch.setInt32(0, clamp(stored, -2_147_483_648, 2_147_483_647))
  const [high, low] = [scratch.getUint16(0), scratch.getUint16(2)]
  return register.wordOrder === 'big' ? [high, low] : [low, high]
}

const scratch = new DataView(new ArrayBuffer(4))
const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, Math.round(value)))
/** How a device says that it has no value: a float that is none, or the number that its datasheet keeps for this. */
const nothing = (register: Register) => (register.type === 'f32' ? Number.NaN : (register.sentinel ?? 0))

/** What a master wrote into a holding register of one word, as the point's value. */
export const decodeWritten = (register: Register, word: number): number => {
  const signed = register.type === 'i16' && word > 32_767 ? word - 65_536 : word
  return Number((signed * register.scale + register.offset).toFixed(6))
}

import type { Register } from '#contract/profile'

/**
 * The simulators' own encoder, written apart from the edge agent's decoder so that a word-order mistake cannot cancel
 * itself out; both are held against golden vectors (tests/unit/goldenVectors.ts).
 */
export const encodeRegister = (register: Register, value: number | boolean | null): number[] => {
  const view = new DataView(new ArrayBuffer(4))
  const high = () => view.getUint16(0)
  const low = () => view.getUint16(2)
  const pair = () => (register.wordOrder === 'big' ? [high(), low()] : [low(), high()])
  if (register.type === 'bool') return [value ? 1 : 0]
  if (value === null) {
    if (register.type === 'f32') {
      view.setFloat32(0, Number.NaN)
      return pair()
    }
    view.setInt32(0, register.sentinel ?? 0)
    return register.type === 'u16' || register.type === 'i16' ? [low()] : pair()
  }
  const stored = (Number(value) - register.offset) / register.scale
  switch (register.type) {
    case 'u16':
      return [Math.min(65_535, Math.max(0, Math.round(stored)))]
    case 'i16':
      view.setInt16(2, Math.min(32_767, Math.max(-32_768, Math.round(stored))))
      return [low()]
    case 'u32':
      view.setUint32(0, Math.min(4_294_967_295, Math.max(0, Math.round(stored))))
      return pair()
    case 'i32':
      view.setInt32(0, Math.round(stored))
      return pair()
    case 'f32':
      view.setFloat32(0, stored)
      return pair()
  }
}

/** What a master wrote into a holding register of one word, as the point's value. */
export const decodeWritten = (register: Register, word: number): number => {
  const signed = register.type === 'i16' && word > 32_767 ? word - 65_536 : word
  return Number((signed * register.scale + register.offset).toFixed(6))
}

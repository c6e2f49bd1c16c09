import type { Register } from '#contract/profile'

/**
 * Registers and the values they mean, worked out by hand (IEEE 754, two's complement) and from neither the agent's
 * decoder nor the simulators' encoder: both are held against this table.
 */
const reg = (r: Partial<Register> & Pick<Register, 'type'>): Register => ({
  table: 'input',
  address: 0,
  wordOrder: 'big',
  scale: 1,
  offset: 0,
  ...r,
})

export const goldenVectors: { name: string; register: Register; words: number[]; value: number | boolean }[] = [
  { name: 'coil on', register: reg({ table: 'coil', type: 'bool' }), words: [1], value: true },
  { name: 'u16 top bit', register: reg({ type: 'u16' }), words: [0x8000], value: 32_768 },
  { name: 'i16 minus one', register: reg({ type: 'i16' }), words: [0xffff], value: -1 },
  { name: 'i16 scaled below zero', register: reg({ type: 'i16', scale: 0.1 }), words: [0xff83], value: -12.5 },
  { name: 'i16 in hundredths', register: reg({ type: 'i16', scale: 0.01 }), words: [0x097a], value: 24.26 },
  { name: 'u32 high word first', register: reg({ type: 'u32' }), words: [0x0001, 0x86a0], value: 100_000 },
  { name: 'u32 low word first', register: reg({ type: 'u32', wordOrder: 'little' }), words: [0x86a0, 0x0001], value: 100_000 },
  { name: 'u32 full', register: reg({ type: 'u32' }), words: [0xffff, 0xfffe], value: 4_294_967_294 },
  { name: 'i32 minus two', register: reg({ type: 'i32' }), words: [0xffff, 0xfffe], value: -2 },
  { name: 'f32 one and a half', register: reg({ type: 'f32' }), words: [0x3fc0, 0x0000], value: 1.5 },
  { name: 'f32 low word first', register: reg({ type: 'f32', wordOrder: 'little' }), words: [0x0000, 0xc248], value: -50 },
]

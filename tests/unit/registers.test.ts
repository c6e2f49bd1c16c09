import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ProfilePoint } from '#contract/profile'
import { decodePoint, encodeWrite } from '../../edge-agent/registers/decode.ts'
import { decodeWritten, encodeRegister } from '../../simulators/registers/encode.ts'
import { goldenVectors } from './goldenVectors.ts'

const point = (register: ProfilePoint['register'], more: Partial<ProfilePoint> = {}): ProfilePoint => ({
  name: { zh: '点', en: 'point' },
  kind: 'analog',
  group: 'status',
  unit: '',
  digits: 1,
  poll: 'value',
  deadband: 0,
  register,
  ...more,
})

describe('registers against golden vectors', () => {
  for (const v of goldenVectors) {
    it(`the agent decodes ${v.name}`, () => {
      expect(decodePoint(point(v.register), v.words, 0xffff)).toMatchObject({ ok: true, v: v.value })
    })
    it(`the simulators encode ${v.name}`, () => {
      expect(encodeRegister(v.register, v.value)).toEqual(v.words)
    })
  }
})

describe('values that a device cannot mean', () => {
  const word = { table: 'input', address: 0, type: 'u16', wordOrder: 'big', scale: 1, offset: 0 } as const
  it('a sentinel is no value', () => {
    expect(decodePoint(point({ ...word, type: 'i16', sentinel: 32_767 }), [32_767], 0xffff)).toMatchObject({
      ok: false,
      why: 'no-value',
    })
  })
  it('NaN is no value', () => {
    expect(decodePoint(point({ ...word, type: 'f32' }), [0x7fc0, 0], 0xffff)).toMatchObject({ ok: false, why: 'no-value' })
  })
  it('outside the plausible range is nonsense', () => {
    expect(decodePoint(point({ ...word, type: 'i16', scale: 0.1 }, { plausible: [-30, 80] }), [3000], 0xffff)).toMatchObject({
      why: 'nonsense',
    })
  })
  it('a set bit that the profile does not know makes the word nonsense, so 0xFFFF is not sixteen alarms', () => {
    expect(decodePoint(point({ ...word, bit: 0 }, { kind: 'binary' }), [0xffff], 0b111)).toMatchObject({
      ok: false,
      why: 'nonsense',
    })
    expect(decodePoint(point({ ...word, bit: 1 }, { kind: 'binary' }), [0b110], 0b111)).toMatchObject({ ok: true, v: true })
  })
})

it('what the agent writes is what the simulator takes, for any register of one word', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('u16' as const, 'i16' as const),
      fc.integer({ min: -3000, max: 3000 }),
      fc.constantFrom(1, 0.1, 0.01),
      (type, stored, scale) => {
        const register = { table: 'holding', address: 0, type, wordOrder: 'big', scale, offset: 0 } as const
        const value = Number(((type === 'u16' ? Math.abs(stored) : stored) * scale).toFixed(6))
        expect(decodeWritten(register, encodeWrite(register, value))).toBeCloseTo(value, 6)
      },
    ),
    { numRuns: 500 },
  )
})

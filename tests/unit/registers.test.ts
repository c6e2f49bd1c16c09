import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ProfilePoint } from '#contract/profile'
import { readingOf } from '../../edge-agent/field/mqtt/mqttBus.ts'
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
  counts: false,
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
  const bits = (stored: number, bit: number, definedBits = 0b111) =>
    decodePoint(point({ ...word, bit }, { kind: 'binary' }), [stored], definedBits)
  it('1: a known bit counts whatever stands beside it; what the profile does not know is told', () => {
    expect(bits(0x0021, 0)).toMatchObject({ ok: true, v: true, unknownBits: 0x0020 })
    expect(bits(0x0021, 1)).toMatchObject({ ok: true, v: false, unknownBits: 0x0020 })
    expect(bits(0b110, 1)).toMatchObject({ ok: true, v: true })
    expect(bits(0b110, 1)).not.toHaveProperty('unknownBits')
  })
  it('1: a word of all ones is no value, never a fire, also where the profile knows all of its bits', () => {
    expect(bits(0xffff, 0)).toMatchObject({ ok: false, why: 'no-value' })
    expect(bits(0xffff, 15, 0xffff)).toMatchObject({ ok: false, why: 'no-value' })
  })
  it('16: what comes by MQTT passes the same scale, sentinel and plausibility', () => {
    const volts = point(undefined, {
      plausible: [0, 60],
      mqtt: { topic: 'state', path: 'v', scale: 0.1, offset: 0, sentinel: -1 },
    })
    expect(readingOf(volts, 120)).toMatchObject({ ok: true, v: 12 })
    expect(readingOf(volts, 1e9)).toMatchObject({ ok: false, why: 'nonsense' })
    expect(readingOf(volts, -1)).toMatchObject({ ok: false, why: 'no-value' })
    expect(readingOf(volts, '12')).toMatchObject({ ok: false, why: 'nonsense' })
    expect(readingOf(volts, null)).toMatchObject({ ok: false, why: 'no-value' })
  })
  it('15: a write knows its type and refuses what does not fit', () => {
    const holding = { ...word, table: 'holding' } as const
    expect(encodeWrite(holding, -1)).toBeUndefined()
    expect(encodeWrite(holding, 70_000)).toBeUndefined()
    expect(encodeWrite(holding, 65_535)).toBe(65_535)
    expect(encodeWrite({ ...holding, type: 'i16' }, -1)).toBe(65_535)
    expect(encodeWrite({ ...holding, type: 'i16' }, 40_000)).toBeUndefined()
    expect(encodeWrite({ ...holding, type: 'f32' }, 1)).toBeUndefined()
    expect(encodeWrite({ ...holding, table: 'coil', type: 'bool' }, 1)).toBeUndefined()
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
        expect(decodeWritten(register, encodeWrite(register, value) ?? Number.NaN)).toBeCloseTo(value, 6)
      },
    ),
    { numRuns: 500 },
  )
})

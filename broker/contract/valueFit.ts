import type { ProfilePoint, RegisterType } from './profileFile.ts'
import type { Scalar } from './quality.ts'

/** What a register of each type can hold, before scale and offset. */
const wordRange: Record<RegisterType, [number, number]> = {
  bool: [0, 1],
  u16: [0, 65_535],
  i16: [-32_768, 32_767],
  u32: [0, 4_294_967_295],
  i32: [-2_147_483_648, 2_147_483_647],
  f32: [-3.4028234663852886e38, 3.4028234663852886e38],
}

export type Range = readonly [low: number, high: number]

/** As decoding rounds it: what scaling adds beyond six decimals is not the device's. */
const tidy = (value: number) => (Math.abs(value) < 1e9 ? Math.round(value * 1e6) / 1e6 : value)
export const isWithin = (value: number, [low, high]: Range) => value >= low - 1e-9 && value <= high + 1e-9

/** The numbers that a point's register can hold. A device that speaks MQTT sets no such bounds. */
export const storable = ({ register: r }: ProfilePoint): Range => {
  if (!r) return [-Infinity, Infinity]
  const [low, high] = wordRange[r.type]
  return [tidy(low * r.scale + r.offset), tidy(high * r.scale + r.offset)]
}

/** The numbers that can be read of a point: what is not plausible is never shown. */
export const readable = (p: ProfilePoint): Range => {
  const [low, high] = storable(p)
  const [from, to] = p.plausible ?? [low, high]
  return from <= to ? [Math.max(low, from), Math.min(high, to)] : [low, high]
}

/** The step from one number that a point can hold to the next; 0 where there is none to speak of. */
export const stepOf = ({ register: r }: ProfilePoint) => (r && r.type !== 'f32' && r.type !== 'bool' ? r.scale : 0)

/** The number nearest to `value` that the point's register can hold. */
export const nearest = (p: ProfilePoint, value: number) => {
  const step = stepOf(p)
  const offset = p.register?.offset ?? 0
  return step === 0 ? value : tidy(Math.round((value - offset) / step) * step + offset)
}

const wrongKind = (p: ProfilePoint, value: Scalar): string | undefined => {
  const fits = p.kind === 'binary' ? typeof value === 'boolean' : typeof value === 'number' && Number.isFinite(value)
  if (!fits)
    return `is ${p.kind}: ${JSON.stringify(value)} does not fit; write ${p.kind === 'binary' ? 'true or false' : 'a number'}`
  if (p.kind === 'enum' && p.texts && !Object.hasOwn(p.texts, String(value)))
    return `has no text for ${String(value)}; write one of ${Object.keys(p.texts).join(', ')}`
  return undefined
}

export const notStorable = (p: ProfilePoint, value: number): string | undefined => {
  const [low, high] = storable(p)
  if (isWithin(value, [low, high])) return undefined
  return `is a register of type ${p.register?.type}, which holds ${low} to ${high}: ${value} is out of range`
}

/** Why a value cannot be written to a point and read back, and what to write instead; undefined when it can. */
export const cannotWrite = (p: ProfilePoint, value: Scalar): string | undefined => {
  const kind = wrongKind(p, value)
  if (kind !== undefined || typeof value !== 'number') return kind
  const { min = -Infinity, max = Infinity, tolerance = 0 } = p.write ?? {}
  if (min <= max && !isWithin(value, [min, max])) return `takes ${min} to ${max}: ${value} is out of range`
  const out = notStorable(p, value)
  if (out !== undefined) return out
  const near = nearest(p, value)
  if (Math.abs(near - value) > tolerance + 1e-9) return `moves in steps of ${stepOf(p)}: ${value} cannot be met; write ${near}`
  return undefined
}

/** Why a point can never read a value, so that nothing may wait for it; undefined when it can. */
export const cannotRead = (p: ProfilePoint, value: Scalar): string | undefined => {
  const kind = wrongKind(p, value)
  if (kind !== undefined || typeof value !== 'number') return kind
  const out = notStorable(p, value)
  if (out !== undefined) return out
  const [low, high] = readable(p)
  if (!isWithin(value, [low, high])) return `is plausible from ${low} to ${high}: ${value} is out of range and never read`
  const near = nearest(p, value)
  if (Math.abs(near - value) > 1e-9) return `moves in steps of ${stepOf(p)}: ${value} cannot be met; write ${near}`
  return undefined
}

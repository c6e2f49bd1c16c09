/**
 * What the registers of the test's devices hold at any moment, and a ledger of what was really served: so that each value
 * which the agent calls good can be held against it.
 */
export type Table = 'coil' | 'input' | 'holding'
export type Poll = 'alarm' | 'value' | 'slow'
type Type = 'bool' | 'u16' | 'i16' | 'u32' | 'f32'
export type KnownPoint = {
  key: string
  table: Table
  address: number
  type: Type
  poll: Poll
  bit?: number
  scale?: number
  group?: 'command' | 'meter' | 'protection'
}

const input = (key: string, address: number, type: Type, poll: Poll, rest: Partial<KnownPoint> = {}): KnownPoint => ({
  key,
  table: 'input',
  address,
  type,
  poll,
  ...rest,
})

/** Five blocks: one alarm word, two of values that lie far apart, a slow one, a coil. */
export const knownPoints: readonly KnownPoint[] = [
  input('b0', 0, 'u16', 'alarm', { bit: 0, group: 'protection' }),
  input('b1', 0, 'u16', 'alarm', { bit: 1 }),
  input('b2', 0, 'u16', 'alarm', { bit: 2 }),
  input('flow', 10, 'u16', 'value'),
  input('cold', 11, 'i16', 'value', { scale: 0.1 }),
  input('level', 12, 'u16', 'value'),
  input('energy', 100, 'u32', 'value', { group: 'meter' }),
  input('pressure', 102, 'f32', 'value'),
  input('clock', 104, 'u32', 'value'),
  { key: 'setting', table: 'holding', address: 200, type: 'u16', poll: 'slow' },
  { key: 'c0', table: 'coil', address: 0, type: 'bool', poll: 'value', group: 'command' },
]
export const alarmWord = { table: 'input', address: 0 } as const
export const secondBlock = { table: 'input', address: 100 } as const
export const addressOf = (key: string): number => knownPoints.find(p => p.key === key)?.address ?? 0

const stepMs = 100
const startedAt = Date.now()
const scratch = new DataView(new ArrayBuffer(4))
const pair = (): [number, number] => [scratch.getUint16(0), scratch.getUint16(2)]
const u32 = (n: number) => {
  scratch.setUint32(0, n)
  return pair()
}
const f32 = (n: number) => {
  scratch.setFloat32(0, n)
  return pair()
}

/** Every point of every unit has a range of its own, so that no value can pass for another one's; all but b0, b1 and c0 move. */
const wordsOf = (unit: number, key: string, now: number): number[] => {
  const n = Math.floor((now - startedAt) / stepMs)
  const moving = n % 500
  switch (key) {
    case 'b0':
      return [0x0002 | ((Math.floor(n / 10) % 2) << 2)]
    case 'flow':
      return [unit * 10_000 + 1000 + moving]
    case 'cold':
      return [0x1_0000 - unit * 1000 - moving]
    case 'level':
      return [unit * 10_000 + 3000 + moving]
    case 'energy':
      return u32(unit * 5_000_000 + n)
    case 'pressure':
      return f32(unit * 1000 + moving / 4)
    case 'clock':
      return u32(Math.floor(now / 1000))
    case 'setting':
      return [unit * 10_000 + 5000 + moving]
    default:
      return [1]
  }
}

/** The registers asked for, as they are now; those that no point uses are 0. */
export const trueWords = (unit: number, table: Table, address: number, count: number, now: number): number[] => {
  const words = Array.from({ length: count }, () => 0)
  for (const p of knownPoints) {
    if (p.table !== table || p.address < address || p.address >= address + count || (p.bit ?? 0) > 0) continue
    for (const [i, word] of wordsOf(unit, p.key, now).entries())
      if (p.address - address + i < count) words[p.address - address + i] = word
  }
  return words
}

/** Words that look just as plausible and are wrong at every point: an alarm that is none, numbers out of another range. */
export const falseWords = (table: Table, address: number, honest: readonly number[]): number[] =>
  honest.map((word, i) => {
    if (table === 'coil') return 1 - word
    return address + i === alarmWord.address ? 0x0001 : (word + 2000) & 0xffff
  })

/** The mask of the bits that the alarm word's points know. */
const knownBits = 0b111

const meaningOf = (p: KnownPoint, [first = 0, second = 0]: readonly number[]): number | boolean | undefined => {
  if (p.type === 'bool') return first !== 0
  // All ones is what a confused gateway says; one unknown bit beside known ones is a device newer than its profile.
  if (p.bit !== undefined) return first === 0xffff ? undefined : ((first & knownBits) >> p.bit) % 2 === 1
  scratch.setUint16(0, first)
  scratch.setUint16(2, second)
  const stored = { u16: first, i16: scratch.getInt16(0), u32: scratch.getUint32(0), f32: scratch.getFloat32(0) }[p.type]
  return Number.isFinite(stored) ? stored * (p.scale ?? 1) : undefined
}

const keepMs = 30_000
/** From the last byte of an answer to the time that the agent gives its values. */
const onTheWayMs = 1500
const clockGrainMs = 20

export class Ledger {
  readonly #served = new Map<string, { at: number; v: number | boolean }[]>()

  /** These words have gone out in an answer to a question for them. */
  note(device: string, table: Table, address: number, words: readonly number[], now = Date.now()) {
    for (const p of knownPoints) {
      if (p.table !== table || p.address < address || p.address >= address + words.length) continue
      const v = meaningOf(p, words.slice(p.address - address))
      const list = this.#served.get(`${device}/${p.key}`) ?? []
      if (v !== undefined) list.push({ at: now, v })
      this.#served.set(
        `${device}/${p.key}`,
        (list[0]?.at ?? now) < now - 2 * keepMs ? list.filter(x => x.at > now - keepMs) : list,
      )
    }
  }

  /** May the agent say that this point was read at `t` as `v`? True where that is too long ago to be known. */
  allows(device: string, key: string, v: unknown, t: number, now = Date.now()): boolean {
    if (t < now - keepMs + 2 * onTheWayMs) return true
    const list = this.#served.get(`${device}/${key}`) ?? []
    const same = (a: number | boolean) => (typeof a === 'number' && typeof v === 'number' ? Math.abs(a - v) < 1e-6 : a === v)
    return list.some(x => x.at <= t + clockGrainMs && x.at >= t - onTheWayMs && same(x.v))
  }
}

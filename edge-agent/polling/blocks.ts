import { type PollClass, type Profile, pollPeriodMs, type Register } from '#contract/profile'
import { wordCount } from '../registers/decode.ts'

/** One read request: consecutive registers of one table, read together because their points lie close. */
export type Block = {
  poll: PollClass
  periodMs: number
  table: Register['table']
  address: number
  length: number
  /** Point keys with the offset of their first word and the mask of known bits in it. */
  points: { key: string; offset: number; words: number; definedBits: number }[]
}

/** Unused registers that are read along rather than asking twice. */
const largestGap = 8
const largestBitBlock = 1000

/** Merges the points of a profile into as few block reads as its device allows, per poll class. Pure. */
export const planBlocks = (profile: Profile): Block[] => {
  const blocks: Block[] = []
  const classes: PollClass[] = ['alarm', 'value', 'slow']
  const masks = new Map<string, number>()
  for (const { register: r } of profile.points.values()) {
    if (r?.bit === undefined) continue
    const at = `${r.table}:${r.address}`
    masks.set(at, (masks.get(at) ?? 0) | (1 << r.bit))
  }
  for (const poll of classes) {
    const points = [...profile.points]
      .flatMap(([key, p]) => (p.poll === poll && p.register ? [{ key, register: p.register }] : []))
      .sort((a, b) => a.register.table.localeCompare(b.register.table) || a.register.address - b.register.address)
    let open: Block | undefined
    for (const { key, register } of points) {
      const words = wordCount(register)
      const bits = register.table === 'coil' || register.table === 'discrete'
      const limit = bits ? largestBitBlock : profile.maxBlock
      const end = register.address + words
      const joins =
        open &&
        open.table === register.table &&
        register.address - (open.address + open.length) <= largestGap &&
        end - open.address <= limit
      if (!open || !joins) {
        open = { poll, periodMs: pollPeriodMs[poll], table: register.table, address: register.address, length: words, points: [] }
        blocks.push(open)
      }
      open.length = Math.max(open.length, end - open.address)
      const definedBits = masks.get(`${register.table}:${register.address}`) ?? 0xffff
      open.points.push({ key, offset: register.address - open.address, words, definedBits })
    }
  }
  return blocks
}

/** One block as two, at its widest gap, or in the middle: for a device that has not all of its registers. Null for a single point. */
export const splitBlock = (block: Block): [Block, Block] | null => {
  const { points } = block
  if (points.length < 2) return null
  const gap = (i: number) => {
    const before = points.slice(0, i).reduce((end, p) => Math.max(end, p.offset + p.words), 0)
    return (points[i]?.offset ?? 0) - before
  }
  // Only between registers: bits of one word stay together.
  const cuts = points.flatMap((p, i) => (i > 0 && p.offset > (points[i - 1]?.offset ?? 0) ? [i] : []))
  if (cuts.length === 0) return null
  const middle = points.length / 2
  const cut = cuts.toSorted((a, b) => gap(b) - gap(a) || Math.abs(a - middle) - Math.abs(b - middle))[0] ?? 1
  return [cutOut(block, points.slice(0, cut)), cutOut(block, points.slice(cut))]
}

const cutOut = (block: Block, points: Block['points']): Block => {
  const first = points[0]?.offset ?? 0
  return {
    ...block,
    address: block.address + first,
    length: Math.max(...points.map(p => p.offset + p.words)) - first,
    points: points.map(p => ({ ...p, offset: p.offset - first })),
  }
}

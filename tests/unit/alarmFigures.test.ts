import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { figuresOf, type Occurrence } from '../../console/subjects/alarms/arithmetic/figures.ts'
import { proposalsFor, withOffDelay, withOnDelay } from '../../console/subjects/alarms/arithmetic/proposals.ts'

const min = 60_000
const hour = 60 * min
let n = 0
const at = (raisedAt: number, o: Partial<Occurrence> = {}): Occurrence => ({
  ...{
    id: String(n++),
    key: 'k',
    name: 'k',
    level: 3,
    raisedAt,
    returnedAt: raisedAt + min,
    ackedAt: null,
    ticket: null,
    chatters: false,
  },
  ...o,
})

describe('the figures of alarm management', () => {
  it('are those of the published definitions', () => {
    const within = { from: 0, to: 2 * hour }
    const all = [
      ...Array.from({ length: 6 }, (_, i) => at(i * min, { key: 'a', chatters: i > 2, ackedAt: i * min + (i + 1) * 1000 })),
      at(hour, { key: 'b', level: 2 }),
      at(hour, { key: 'c', level: 4 }),
      at(-30 * hour, { key: 'old', returnedAt: null }),
      at(3 * hour, { key: 'later' }),
    ]
    const f = figuresOf(
      all,
      [
        { from: 0, to: 6 * min },
        { from: 3 * min, to: 12 * min },
      ],
      within,
    )
    expect(f).toMatchObject({
      count: 8,
      perTen: 0.67,
      mostPerTen: 6,
      floods: 2,
      floodShare: 10,
      stale: 1,
      chattering: 1,
      unacked: 2,
    })
    expect(f.levels).toEqual([0, 12.5, 75, 12.5])
    expect(f.ackMedianMs).toBe(3500)
    expect(f.worst[0]).toMatchObject({ key: 'a', n: 6, share: 75 })
    expect(f.bars.reduce((sum, b) => sum + b.n, 0)).toBe(8)
    expect(figuresOf([], [], within)).toMatchObject({ count: 0, perTen: 0, levels: [0, 0, 0, 0], ackMedianMs: null })
  })
  it('of a quarter have bars that can be told from each other, and lose none', () => {
    const day = 24 * hour
    const all = Array.from({ length: 1000 }, (_, i) => at((i * 90 * day) / 1000))
    const f = figuresOf(all, [], { from: 0, to: 90 * day })
    expect(f.bars.length).toBeLessThanOrEqual(144)
    expect(f.bars.reduce((sum, b) => sum + b.n, 0)).toBe(1000)
  })
})

describe('proposed delays', () => {
  it('spare short alarms, and say by how much the others would have come later', () => {
    const short = Array.from({ length: 8 }, (_, i) => at(i * hour, { returnedAt: i * hour + 4000 }))
    const long = [at(20 * hour), at(21 * hour)]
    expect(proposalsFor([...short, ...long])).toEqual([
      { key: 'k', name: 'k', level: 3, kind: 'on', seconds: 5, of: 10, spared: 8, laterMin: 0.2 },
    ])
  })
  it('are not offered where one that led to a ticket would have been lost, nor for danger to life, nor for a few', () => {
    const short = (o: Partial<Occurrence> = {}) =>
      Array.from({ length: 8 }, (_, i) => at(i * hour, { returnedAt: i * hour + 4000, ...o }))
    expect(proposalsFor([...short(), at(50 * hour, { returnedAt: 50 * hour + 1000, ticket: 't' })])).toEqual([])
    expect(proposalsFor(short({ level: 1 }))).toEqual([])
    expect(proposalsFor(short().slice(0, 4))).toEqual([])
  })
  it('lose no ticket and delay nothing that they keep by more than they say, whatever was recorded', () => {
    const any = fc.array(
      fc.record({
        raisedAt: fc.integer({ min: 0, max: hour }),
        lasts: fc.option(fc.integer({ min: 0, max: 10 * min })),
        ticket: fc.option(fc.constantFrom('t1', 't2', 't3'), { freq: 6 }),
        key: fc.constantFrom('a', 'b'),
        level: fc.constantFrom<Occurrence['level']>(1, 2, 3, 4),
      }),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(any, list => {
        const all = list.map(({ lasts, ...a }) =>
          at(a.raisedAt, { ...a, returnedAt: lasts === null ? null : a.raisedAt + lasts }),
        )
        for (const p of proposalsFor(all)) {
          const mine = all.filter(a => a.key === p.key && a.level > 1)
          const { kept, lost } = (p.kind === 'on' ? withOnDelay : withOffDelay)(mine, p.seconds)
          expect(kept.length + lost.length).toBe(mine.length)
          expect(lost.length).toBe(p.spared)
          for (const a of lost) expect(a.ticket === null || kept.some(k => k.ticket === a.ticket)).toBe(true)
          expect(p.level).toBeGreaterThan(1)
          if (p.kind === 'on') expect(p.laterMin).toBeCloseTo((kept.length * p.seconds) / 60, 0)
        }
      }),
      { seed: 20_261_130, numRuns: 500 },
    )
  })
})

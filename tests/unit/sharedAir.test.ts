import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Stretch, totalMs } from '../../console/server/domain/intervals.ts'
import { shareOut, type Using } from '../../console/subjects/overtime/arithmetic/sharedAir.ts'

/** Two tenants and more on one air handler (R41, C40): what they use together is paid once. */
const h = 3_600_000
const using = (tenant: string, from: number, to: number, more: Partial<Using> = {}): Using => {
  const counted = [{ from: from * h, to: to * h }]
  const { fenPerHour = 12_000 } = more
  return { tenant, fenPerHour, weight: 1, counted, fen: (to - from) * fenPerHour, ...more }
}
const fenOf = (lines: Using[]) => shareOut(lines).map(s => s.fen)

describe('an evening of one air handler', () => {
  it('costs whoever is alone what it costs him', () => {
    expect(fenOf([using('a', 19, 21)])).toEqual([24_000])
    expect(fenOf([using('a', 19, 20), using('b', 20, 21)])).toEqual([12_000, 12_000])
    // Two zones of one tenant are his own.
    expect(fenOf([using('a', 19, 20), using('a', 19, 20)])).toEqual([12_000, 12_000])
  })
  it('is halved for the hour in which two have it on, and whole for the rest', () => {
    expect(shareOut([using('a', 19, 21), using('b', 20, 22)])).toEqual([
      { fen: 18_000, sharedMinutes: 60 },
      { fen: 18_000, sharedMinutes: 60 },
    ])
  })
  it('goes by area or load where the site says so', () => {
    expect(fenOf([using('a', 19, 20, { weight: 300 }), using('b', 19, 20, { weight: 100 })])).toEqual([9000, 3000])
  })
  it('costs nobody more than he would pay alone: the rest is for the others', () => {
    expect(fenOf([using('a', 19, 20, { fenPerHour: 4000 }), using('b', 19, 20)])).toEqual([4000, 8000])
    expect(fenOf([using('a', 19, 20, { fenPerHour: 0 }), using('b', 19, 20)])).toEqual([0, 12_000])
  })
  it('shares quarters and minimum as it shares the time: fifty minutes of two, billed as three quarters, are three quarters in all', () => {
    const ran = { counted: [{ from: 19 * h, to: 19 * h + 3_000_000 }], fen: 9000 }
    expect(fenOf([using('a', 19, 20, ran), using('b', 19, 20, ran)])).toEqual([4500, 4500])
  })
  it('of what did not run nothing is shared', () => {
    expect(shareOut([using('a', 19, 20, { counted: [], fen: 0 }), using('b', 19, 20)])).toEqual([
      { fen: 0, sharedMinutes: 0 },
      { fen: 12_000, sharedMinutes: 0 },
    ])
  })
})

/** What the air handler costs, told minute by minute: what the dearest of those who use it would pay. */
const plainCost = (lines: Using[]) => {
  const minutes = new Map<number, Map<string, number>>()
  for (const l of lines)
    for (const s of l.counted)
      for (let m = s.from; m < s.to; m += 60_000) {
        const rates = minutes.get(m) ?? new Map<string, number>()
        rates.set(l.tenant, (rates.get(l.tenant) ?? 0) + l.fenPerHour)
        minutes.set(m, rates)
      }
  return [...minutes.values()].reduce((sum, rates) => sum + Math.max(...rates.values()) / 60, 0)
}

const minuteStretch = fc
  .tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 240 }))
  .map(([from, n]): Stretch => ({ from: from * 60_000, to: (from + n) * 60_000 }))
const line = fc
  .record({
    tenant: fc.constantFrom('a', 'b', 'c', 'd'),
    fenPerHour: fc.integer({ min: 0, max: 30_000 }),
    weight: fc.integer({ min: 1, max: 2000 }),
    counted: fc.array(minuteStretch, { maxLength: 1 }),
  })
  .map(l => ({ ...l, fen: Math.round((totalMs(l.counted) * l.fenPerHour) / h) }))

it('the shares add up to what the air handler costs, to the fen; none is below nothing or above what it costs alone', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), lines => {
      const shares = fenOf(lines)
      for (const [i, fen] of shares.entries()) {
        expect(fen).toBeGreaterThanOrEqual(0)
        expect(fen).toBeLessThanOrEqual(lines[i]?.fen ?? 0)
      }
      // What each costs alone was rounded to the fen before it was shared.
      const sum = shares.reduce((a, b) => a + b, 0)
      expect(Math.abs(sum - plainCost(lines))).toBeLessThanOrEqual(0.5 + lines.length / 2)
    }),
    { seed: 20261201, numRuns: 500 },
  )
  // In whole fen per minute nothing is rounded: then it is exact.
  fc.assert(
    fc.property(
      fc.array(
        line.map(l => ({ ...l, fenPerHour: 60 * Math.floor(l.fenPerHour / 60) })),
        { minLength: 1, maxLength: 8 },
      ),
      raw => {
        const lines = raw.map(l => ({ ...l, fen: Math.round((totalMs(l.counted) * l.fenPerHour) / h) }))
        expect(fenOf(lines).reduce((a, b) => a + b, 0)).toBe(Math.round(plainCost(lines)))
      },
    ),
    { seed: 20261202, numRuns: 500 },
  )
})

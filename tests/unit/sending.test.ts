import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batchesNow, mostTries, pauseMs, type Waiting } from '../../console/server/domain/sending.ts'

const w = (id: string, level: number, o: Partial<Waiting> = {}): Waiting => ({ id, level, address: '', madeAt: 0, ...o })
const shape = (list: ReturnType<typeof batchesNow<Waiting>>) => list.map(b => b.all.map(x => x.id).join(''))

describe('what goes out over a channel now', () => {
  it('danger to life first and each for itself; the rest of a flood is summed up', () => {
    const flood = [...'abcdefgh'].map(id => w(id, 2))
    expect(shape(batchesNow([...flood, w('X', 1), w('Y', 1)], 0, 20))).toEqual(['X', 'Y', 'abcdefgh'])
    expect(shape(batchesNow([w('a', 2), w('b', 3)], 0, 20))).toEqual(['a', 'b'])
  })
  it('keeps room for the next fire, and waits where the minute is full', () => {
    expect(shape(batchesNow([w('a', 2)], 17, 20))).toEqual([])
    expect(shape(batchesNow([w('a', 2), w('X', 1)], 17, 20))).toEqual(['X'])
    expect(shape(batchesNow([w('X', 1)], 20, 20))).toEqual([])
    expect(shape(batchesNow([w('X', 1), w('Y', 1), w('Z', 1)], 18, 20))).toEqual(['X', 'YZ'])
  })
  it('goes to each address for itself', () => {
    const all = [
      w('a', 2, { address: 'p' }),
      w('b', 2, { address: 'q' }),
      w('c', 2, { address: 'p' }),
      w('d', 2, { address: 'p' }),
    ]
    expect(shape(batchesNow(all, 0, 20))).toEqual(['acd', 'b'])
  })
  it('never sends more than the channel takes, nothing twice, and no fire after anything less', () => {
    const waiting = fc.array(
      fc.record({
        id: fc.uuid(),
        level: fc.integer({ min: 1, max: 4 }),
        address: fc.constantFrom('', 'p', 'q'),
        madeAt: fc.integer({ min: 0, max: 99 }),
      }),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(waiting, fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 30 }), (all, sent, perMinute) => {
        const batches = batchesNow(all, sent, perMinute)
        expect(batches.length).toBeLessThanOrEqual(Math.max(0, perMinute - sent))
        const ids = batches.flatMap(b => b.all.map(x => x.id))
        expect(new Set(ids).size).toBe(ids.length)
        const levels = batches.map(b => b.level)
        expect(levels.lastIndexOf(1)).toBeLessThanOrEqual(
          levels.findIndex(l => l > 1) === -1 ? levels.length : levels.findIndex(l => l > 1),
        )
        for (const b of batches)
          expect(b.all.every(x => x.address === b.address && (b.level === 1) === (x.level === 1))).toBe(true)
        // A fire waits only where there is no room at all.
        const late = all.filter(x => x.level === 1 && !ids.includes(x.id))
        if (late.length > 0) expect(batches.length).toBe(Math.max(0, perMinute - sent))
      }),
      { seed: 20_261_130, numRuns: 500 },
    )
  })
  it('pauses longer with each failure, five minutes at most, and is tried for half an hour and more', () => {
    expect([1, 2, 3].map(pauseMs)).toEqual([5000, 10_000, 20_000])
    expect(pauseMs(30)).toBe(300_000)
    const all = Array.from({ length: mostTries - 1 }, (_, i) => pauseMs(i + 1)).reduce((a, b) => a + b)
    expect(all).toBeGreaterThan(25 * 60_000)
  })
})

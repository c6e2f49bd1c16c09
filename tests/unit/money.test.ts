import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { capitalYuan, yuan } from '#api/money'
import { intersect, type Stretch, subtract, totalMs, unite } from '../../console/server/domain/intervals.ts'
import { safeText } from '../../console/server/export/safeText.ts'
import type { Tariff } from '../../console/server/site/directory.ts'
import { missedBecause } from '../../console/subjects/overtime/arithmetic/missedTime.ts'
import {
  amountFen,
  billableMinutes,
  chargeOf,
  type Evening,
  minutesOf,
  quoteFor,
} from '../../console/subjects/overtime/arithmetic/tariff.ts'

const h = 3_600_000
const tariff = { fenPerHour: 12_000, roundingMinutes: 15, minimumMinutes: 60 }

describe('amounts', () => {
  it('in figures', () => {
    expect(yuan(48_000)).toBe('¥480.00')
    expect(yuan(123_456_789)).toBe('¥1,234,567.89')
    expect(yuan(5)).toBe('¥0.05')
    expect(yuan(-150)).toBe('-¥1.50')
  })
  const capitals: [number, string][] = [
    [48_000, '肆佰捌拾元整'],
    [0, '零元整'],
    [1_000_100, '壹万零壹元整'],
    [100_005, '壹仟元零伍分'],
    [1_050, '壹拾元伍角整'],
    [12_345_678, '壹拾贰万叁仟肆佰伍拾陆元柒角捌分'],
    [10_000_000_000, '壹亿元整'],
    [5, '伍分'],
  ]
  for (const [fen, text] of capitals) it(`in capitals: ${fen}`, () => expect(capitalYuan(fen)).toBe(text))
})

const min = 60_000
const evening = (free: Stretch[] = [], price: Tariff = tariff): Evening => ({ from: 7 * h, to: 31 * h, tariff: price, free })
const total = (evenings: Evening[], bookings: Stretch[], runs: Stretch[]) =>
  bookings.map((_, k) => chargeOf(evenings, bookings, k, runs)).reduce((sum, c) => sum + c.fen, 0)

describe('tariff', () => {
  // Chosen, confirmed, billed: in steps of 15 min, at least 60.
  const table: [number, number, number][] = [
    [120, 0, 0],
    [120, 1, 0],
    [120, 56, 45],
    [120, 67, 60],
    [120, 119, 105],
    [120, 120, 120],
    // He chose less than the minimum and got it, but for what a start takes.
    [30, 30, 60],
    [30, 29, 60],
    [3, 2, 60],
    // We delivered less: no minimum.
    [30, 28, 15],
    [30, 1, 0],
    [30, 0, 0],
  ]
  for (const [chosen, confirmed, billed] of table)
    it(`${confirmed} of ${chosen} min are ${billed} min billed`, () =>
      expect(billableMinutes(chosen, confirmed, tariff)).toBe(billed))
  it('two hours at 120 are 240', () => expect(amountFen(120, tariff)).toBe(24_000))
  it('the part inside the centre hours is free', () => {
    const q = quoteFor({ from: 18 * h, to: 21 * h }, [], [evening([{ from: 7 * h, to: 19 * h }])])
    expect(q).toEqual({ minutes: 180, freeMinutes: 60, billableMinutes: 120, fen: 24_000 })
  })
  it('only confirmed minutes inside the booking are charged, and what is missing is known', () => {
    const booked = { from: 19 * h, to: 21 * h }
    const charge = (runs: Stretch[], of = booked) => chargeOf([evening()], [of], 0, runs)
    expect(charge([{ from: 18 * h, to: 22 * h }])).toMatchObject({ minutes: 120, fen: 24_000, missing: [] })
    expect(charge([{ from: 19.5 * h, to: 20.5 * h }])).toMatchObject({ minutes: 60, fen: 12_000, told: { fen: 24_000 } })
    expect(charge([{ from: 19 * h, to: 19 * h + 56 * min }])).toMatchObject({
      minutes: 45,
      missing: [{ from: 19 * h + 56 * min, to: 21 * h }],
    })
    expect(charge([])).toMatchObject({ minutes: 0, fen: 0, counted: [] })
    expect(charge([{ from: 0, to: 24 * h }], { from: 19 * h, to: 19.5 * h }).fen).toBe(12_000)
  })
  it('two bookings of 67 min cost what one of 134 does, and each line what was told for it', () => {
    const parts = [
      { from: 19 * h, to: 19 * h + 67 * min },
      { from: 19 * h + 67 * min, to: 19 * h + 134 * min },
    ]
    const [first, second] = parts as [Stretch, Stretch]
    const charges = parts.map((_, k) => chargeOf([evening()], parts, k, parts))
    expect(charges.map(c => c.minutes)).toEqual([60, 60])
    expect(charges[1]?.minutes).toBe(quoteFor(second, [first], [evening()]).billableMinutes)
    expect(total([evening()], [{ from: first.from, to: second.to }], parts)).toBe(24_000)
    // The minimum of a short one is not paid again by its extension, and is lost with what is not delivered.
    const short = { from: 19 * h, to: 19.5 * h }
    const more = { from: 19.5 * h, to: 20.5 * h }
    expect([short, more].map((_, k) => chargeOf([evening()], [short, more], k, [short, more]).minutes)).toEqual([60, 30])
    expect([short, more].map((_, k) => chargeOf([evening()], [short, more], k, [short]).minutes)).toEqual([30, 0])
  })
  it('however an evening is split into bookings or extended by the hour, and in whatever order they were made, its bill is the same', () => {
    const minute = fc.integer({ min: 0, max: 24 * 60 })
    const at = (m: number) => 7 * h + m * min
    const stretch = fc.tuple(minute, minute).map(([a, b]) => ({ from: at(Math.min(a, b)), to: at(Math.max(a, b)) }))
    const second = fc.integer({ min: 0, max: 24 * 3600 }).map(s => 7 * h + s * 1000)
    const run = fc.tuple(second, second).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))
    const price = fc.record({
      fenPerHour: fc.integer({ min: 1, max: 50_000 }),
      roundingMinutes: fc.constantFrom(1, 5, 10, 15, 30, 60),
      minimumMinutes: fc.constantFrom(0, 1, 30, 45, 60, 120),
    })
    const cuts = fc.array(minute.map(at), { maxLength: 4 })
    const order = fc.array(fc.nat(), { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(
        fc.array(stretch, { minLength: 1, maxLength: 3 }),
        fc.array(run, { maxLength: 5 }),
        price,
        cuts,
        order,
        (chosen, runs, p, at2, keys) => {
          const free = [{ from: 7 * h, to: 19 * h }]
          const evenings = [evening(keys[7] === 0 ? [] : free, p), { ...evening([], p), from: 31 * h, to: 55 * h }]
          const united = unite(chosen)
          const whole = total(evenings, united, runs)
          const pieces = at2.reduce<Stretch[]>(
            (list, cut) =>
              list.flatMap(s =>
                cut > s.from && cut < s.to
                  ? [
                      { from: s.from, to: cut },
                      { from: cut, to: s.to },
                    ]
                  : [s],
              ),
            united,
          )
          const shuffled = pieces
            .map((s, i) => [keys[i % 8] ?? 0, s] as const)
            .sort((a, b) => a[0] - b[0])
            .map(([, s]) => s)
          expect(total(evenings, shuffled, runs)).toBe(whole)
          const extended = united.flatMap(s =>
            s.to - s.from <= h
              ? [s]
              : [
                  { from: s.from, to: s.to - h },
                  { from: s.to - h, to: s.to },
                ],
          )
          expect(total(evenings, extended, runs)).toBe(whole)
          // What all told together is the bill of an evening in which everything runs.
          const told = shuffled.reduce((sum, s, k) => sum + quoteFor(s, shuffled.slice(0, k), evenings).fen, 0)
          expect(total(evenings, shuffled, united)).toBe(told)
          // Nobody pays more than what ran, but for the minimum of whoever chose less.
          const most = amountFen(Math.max(p.minimumMinutes, minutesOf(intersect(united, runs))), p)
          expect(whole).toBeLessThanOrEqual(most)
        },
      ),
      { numRuns: 3000, seed: 20261124 },
    )
  })
})

describe('what took off a line', () => {
  const missing = [{ from: 20 * h, to: 21 * h }]
  it('names the first reason that holds, and what each took adds up', () => {
    const causes = [
      { why: 'silence' as const, from: 20 * h, to: 20.75 * h },
      { why: 'fire' as const, from: 20.25 * h, to: 20.5 * h },
    ]
    expect(missedBecause(missing, causes, 12_000)).toEqual([
      { why: 'fire', minutes: 15, fen: 3000 },
      { why: 'silence', minutes: 30, fen: 6000 },
      { why: 'unconfirmed', minutes: 15, fen: 3000 },
    ])
    expect(missedBecause([], causes, 0)).toEqual([])
    // The seconds of a start that cost nothing are no reason.
    expect(missedBecause([{ from: 20 * h, to: 20 * h + 8000 }], [], 0)).toEqual([])
  })
  it('adds up to the fen whatever the spans', () => {
    const span = fc.record({ from: fc.integer({ min: 0, max: 100 }), to: fc.integer({ min: 0, max: 100 }) })
    const cause = fc
      .tuple(span, fc.constantFrom('fire' as const, 'silence' as const, 'fault' as const))
      .map(([s, why]) => ({ ...s, why }))
    fc.assert(
      fc.property(fc.array(span, { maxLength: 5 }), fc.array(cause, { maxLength: 5 }), fc.nat(10_000), (gaps, causes, fen) => {
        const list = unite(gaps)
        const parts = missedBecause(list, causes, list.length === 0 ? 0 : fen)
        expect(parts.reduce((s, p) => s + p.fen, 0)).toBe(list.length === 0 ? 0 : fen)
        for (const p of parts) expect(p.fen).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 2000, seed: 20261124 },
    )
  })
})

describe('stretches of time', () => {
  const stretch = fc.record({ from: fc.integer({ min: 0, max: 200 }), to: fc.integer({ min: 0, max: 200 }) })
  const list = fc.array(stretch, { maxLength: 10 })
  const covers = (l: readonly { from: number; to: number }[], t: number) => l.some(s => s.from <= t && t < s.to)
  it('union, intersection and difference agree with asking every instant', () => {
    fc.assert(
      fc.property(list, list, (a, b) => {
        for (let t = 0; t <= 200; t++) {
          expect(covers(unite(a), t)).toBe(covers(a, t))
          expect(covers(intersect(a, b), t)).toBe(covers(a, t) && covers(b, t))
          expect(covers(subtract(a, b), t)).toBe(covers(a, t) && !covers(b, t))
        }
        expect(totalMs(subtract(a, b)) + totalMs(intersect(a, b))).toBe(totalMs(a))
      }),
      { numRuns: 200 },
    )
  })
})

it('no cell of the sheet can be taken for a formula', () => {
  for (const bad of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1']) expect(safeText(bad)).toBe(`'${bad}`)
  expect(safeText('瑞丰科技')).toBe('瑞丰科技')
})

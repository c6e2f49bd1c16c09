import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { capitalYuan, yuan } from '#api/money'
import { intersect, subtract, totalMs, unite } from '../../console/server/domain/intervals.ts'
import { amountFen, billableMinutes, chargeFor, quoteFor } from '../../console/server/domain/tariff.ts'
import { safeText } from '../../console/server/export/safeText.ts'

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

describe('tariff', () => {
  const table: [number, number][] = [
    [0, 0],
    [1, 60],
    [59, 60],
    [60, 60],
    [67, 60],
    [68, 75],
    [118, 120],
    [120, 120],
  ]
  for (const [confirmed, billed] of table)
    it(`${confirmed} min confirmed are ${billed} min billed`, () => expect(billableMinutes(confirmed, tariff)).toBe(billed))
  it('two hours at 120 are 240', () => expect(amountFen(120, tariff)).toBe(24_000))
  it('the part inside the centre hours is free', () => {
    const q = quoteFor({ from: 18 * h, to: 21 * h }, [{ from: 7 * h, to: 19 * h }], tariff)
    expect(q).toEqual({ minutes: 180, freeMinutes: 60, billableMinutes: 120, fen: 24_000 })
  })
  it('only confirmed minutes inside the booking are charged, never more than was quoted', () => {
    const booked = { from: 19 * h, to: 21 * h }
    expect(chargeFor(booked, [], [{ from: 18 * h, to: 22 * h }], tariff)).toMatchObject({ confirmedMinutes: 120, fen: 24_000 })
    expect(chargeFor(booked, [], [{ from: 19.5 * h, to: 20.5 * h }], tariff)).toMatchObject({ confirmedMinutes: 60, fen: 12_000 })
    expect(chargeFor(booked, [], [], tariff)).toMatchObject({ confirmedMinutes: 0, fen: 0 })
    expect(chargeFor({ from: 19 * h, to: 19.5 * h }, [], [{ from: 0, to: 24 * h }], tariff).fen).toBe(12_000)
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

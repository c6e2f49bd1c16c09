import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Charge } from '../../console/server/engine/charge.ts'
import { type Billed, openLines } from '../../console/subjects/monthEnd/arithmetic/sheetLines.ts'

const charge = (id: string, month: string, fen: number): Charge => ({
  ...{ id, month, fen, caseId: id, number: id, item: '', tenant: 't', place: null, at: 0, to: null },
  ...{ measured: null, note: null, proved: false },
})
const kinds = (month: string, charges: Charge[], billed: Billed[] = []) =>
  openLines(month, charges, billed).map(l => [l.charge.id, l.fen, l.kind])

describe('what a month bills', () => {
  it('its own lines, those of before that no sheet has had, and what has changed since one had it', () => {
    const charges = [
      charge('own', '2026-11', 500),
      charge('late', '2026-10', 300),
      charge('less', '2026-10', 80),
      charge('same', '2026-10', 9),
    ]
    const billed = [
      { charge: 'less', fen: 100 },
      { charge: 'same', fen: 9 },
    ]
    expect(kinds('2026-11', charges, billed)).toEqual([
      ['own', 500, 'own'],
      ['late', 300, 'carried'],
      ['less', -20, 'adjusted'],
    ])
    // The next month's are not this one's.
    expect(kinds('2026-10', [charge('next', '2026-11', 1)])).toEqual([])
    // What came to nothing is said once, with its reason.
    expect(kinds('2026-11', [charge('none', '2026-11', 0)])).toEqual([['none', 0, 'own']])
    expect(kinds('2026-12', [charge('none', '2026-11', 0)], [{ charge: 'none', fen: 0 }])).toEqual([])
  })

  it('whatever is made and changed when, and whenever a month is handed in: over all sheets each charge comes to what it is, to the fen', () => {
    const months = ['2026-09', '2026-10', '2026-11', '2026-12']
    const act = fc.oneof(
      fc.record({ make: fc.nat(9), month: fc.nat(3), fen: fc.integer({ min: 0, max: 100_000 }) }),
      fc.record({ change: fc.nat(9), fen: fc.integer({ min: 0, max: 100_000 }) }),
      fc.record({ hand: fc.nat(3) }),
    )
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), acts => {
        const charges = new Map<string, Charge>()
        const billed: Billed[] = []
        const handed = new Set<string>()
        const hand = (month: string) => {
          if (handed.has(month)) return
          handed.add(month)
          const lines = openLines(month, [...charges.values()], billed)
          // No charge twice in a sheet.
          expect(new Set(lines.map(l => l.charge.id)).size).toBe(lines.length)
          billed.push(...lines.map(l => ({ charge: l.charge.id, fen: l.fen })))
        }
        for (const a of acts) {
          if ('make' in a) {
            const id = `c${a.make}`
            if (!charges.has(id)) charges.set(id, charge(id, months[a.month] ?? '', a.fen))
          } else if ('change' in a) {
            const was = charges.get(`c${a.change}`)
            if (was) charges.set(was.id, { ...was, fen: a.fen })
          } else hand(months[a.hand] ?? '')
        }
        // Whatever is left goes with a later month.
        hand('2027-01')
        for (const c of charges.values()) expect(billed.filter(b => b.charge === c.id).reduce((s, b) => s + b.fen, 0)).toBe(c.fen)
      }),
      { numRuns: Number(process.env['ZHIBAN_PROPERTY_RUNS'] ?? 10_000) / 10 },
    )
  })
})

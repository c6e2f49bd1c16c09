import type { Charge } from '../../../server/engine/charge.ts'

/** What of a charge went to Finance before. */
export type Billed = { charge: string; fen: number }
/** `own`: of the month itself. `carried`: of a month that was handed in before it was made. `adjusted`: the difference to what was handed in. */
export type SheetKind = 'own' | 'carried' | 'adjusted'
export type OpenLine = { charge: Charge; fen: number; kind: SheetKind }

/**
 * What a month's sheet holds while it is open: whatever of this month and those before it has not gone to Finance yet. So nothing that is
 * made late falls between two sheets, and nothing is billed twice: over all sheets a charge comes to what it is now.
 */
export const openLines = (month: string, charges: readonly Charge[], billed: readonly Billed[]): OpenLine[] => {
  const before = new Map<string, number>()
  for (const b of billed) before.set(b.charge, (before.get(b.charge) ?? 0) + b.fen)
  return charges
    .filter(c => c.month <= month)
    .flatMap((charge): OpenLine[] => {
      const was = before.get(charge.id)
      if (was === undefined) return [{ charge, fen: charge.fen, kind: charge.month === month ? 'own' : 'carried' }]
      return charge.fen === was ? [] : [{ charge, fen: charge.fen - was, kind: 'adjusted' }]
    })
}

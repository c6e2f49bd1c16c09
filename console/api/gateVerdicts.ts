/**
 * What came of it at a door or barrier: `let-pass` opened it for seconds (whether it did, its command says); `passed` is what the
 * device says itself; all others left it alone, and why.
 */
export const gateVerdicts = [
  'let-pass',
  'passed',
  'returned',
  'no-door',
  'other-door',
  'over',
  'late',
  'fire',
  'held',
  'unverified',
  'open',
] as const
/** A vehicle passes so soon after it was read, ms, or it has turned round. */
export const passesWithinMs = 600_000
export type GateVerdict = (typeof gateVerdicts)[number]

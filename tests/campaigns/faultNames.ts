import type { Behaviour } from './hostileDevice.ts'

/** What an engineer reads, as the agent writes it: the one place where these words stand in the campaign. */
export const names = {
  silent: 'no-answer',
  refused: 'refused',
  exception: (code: number) => `exception ${code}`,
  unit: 'wrong-unit',
  fc: 'wrong-function',
  length: 'wrong-length',
  garbage: 'garbage',
  http: 'http',
  closed: 'closed',
  late: 'late',
  transaction: 'wrong-transaction',
  /** The link is good, part of the device has no values, and an alarm says so. */
  part: 'part',
  /** The link is good, the device cannot be believed: its values are uncertain, and an alarm says so. */
  suspect: 'suspect',
  /** An alarm word has a bit that nobody knows; an alarm says so, and the known bits go on. */
  bits: 'bits',
  /** The link is good; points without a value show it, and no alarm is due. */
  gap: 'gap',
  good: 'good',
} as const

export type WireFault = Behaviour & {
  name: string
  /** Any of these is the right name. Good alone: it stays good all the time. */
  reads: readonly string[]
  /** Good need not hold from the first moment, but must come by itself while the fault lasts. */
  adapts?: true
  /** It concerns one unit, so it is tried beside a healthy one too. */
  beside?: true
  /** The fault raises the alarm of bit 0 rightly. */
  raises?: true
  limitMs?: number
}

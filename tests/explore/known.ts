/**
 * What the explorer has found and nobody has mended yet. The searches step over these so that they go on; each has a search of its
 * own that must still find it, and that fails on the day it is mended: then its line goes.
 */
export const known = {
  /** A coil is read before the input register that says that the fire input is active, and is written in between. */
  'unread-input': { scene: 'fire inputs', what: 'b-fire-input' },
  /** What was handed over before the fire counts as the start signal of its action. */
  'handed-before': { scene: 'fire inputs', what: 'i-linkages-watched' },
  /** What is measured of a latched action goes to the disk as an object that later steps change. */
  'handed-over': { scene: 'two fires', what: 'a-handed-over-stays' },
  /** The first heartbeat of a session has waited, and a command behind it. */
  'first-beat': { scene: 'clock', what: 'h-after-its-end' },
  /** The same after a stall that is longer than the window of the console clock. */
  'long-stall': { scene: 'clock', what: 'h-after-its-end' },
} as const
export type Known = keyof typeof known
export const allKnown: ReadonlySet<Known> = new Set(Object.keys(known) as Known[])

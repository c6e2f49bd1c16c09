/**
 * What the explorer has found and nobody has mended yet. The searches step over these so that they go on; each has a search of its
 * own in `exploration.test.ts` that must still find it, and that fails on the day it is mended: then its line goes.
 */
export type Known = 'unread-input' | 'handed-before' | 'handed-over' | 'first-beat' | 'long-stall'

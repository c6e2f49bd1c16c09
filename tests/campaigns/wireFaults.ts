import { contentFaults } from './contentFaults.ts'
import type { WireFault } from './faultNames.ts'
import { frameFaults } from './frameFaults.ts'
import { byteFaults, connectionFaults, timeFaults } from './lineFaults.ts'

/** Every fault of the wire that the campaign puts on, with the name that an engineer should then read. */
export const wireFaults = (below: (n: number) => number): WireFault[] => [
  ...frameFaults,
  ...byteFaults(below),
  ...timeFaults,
  ...connectionFaults,
  ...contentFaults(),
]

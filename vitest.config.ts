import { defineConfig } from 'vitest/config'
import LongestFirst from './tests/harness/sequencer.ts'

const conditions = ['source', 'node', 'default']

/**
 * A folder's place says how its files run; files of one worker share what they import: reading it in anew for each cost a minute.
 * Two at a time: a third kept towers from their own clocks where the machine was slow, and gained nothing where it was busy. */
const project = <More extends object>(name: string, folders: readonly string[], more: More) => ({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { name, isolate: false, maxWorkers: 2, include: folders.map(f => `tests/${f}/**/*.test.ts`), ...more },
})
/** Ends a test that hangs. A slow machine is no failure: what a test waits for has a limit of its own. */
const whole = { testTimeout: 300_000, hookTimeout: 180_000 }

export default defineConfig({
  test: {
    reporters: ['default', './tests/harness/closingLine.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      project('unit', ['unit'], { testTimeout: 120_000 }),
      // The books over the database that we ship, and the same over PostgreSQL.
      project('books', ['books'], { testTimeout: 120_000 }),
      project('postgres', ['books'], { ...whole, env: { ZHIBAN_TEST_BOOKS: 'postgres' } }),
      // Real sockets that wait for real time-outs, but no program.
      project('wires', ['wires'], whole),
      // No tower, only a console.
      project('console', ['console'], whole),
      // Whole towers, which mostly wait for their own clock.
      project('tower', ['system', 'browser'], whole),
      // What measures time has the machine for itself.
      project('timed', ['timed'], { ...whole, fileParallelism: false, maxWorkers: 1, sequence: { groupOrder: 1 } }),
    ],
  },
})

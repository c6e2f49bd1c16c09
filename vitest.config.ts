import { defineConfig } from 'vitest/config'
import TurnsSequencer from './tests/harness/sequencer.ts'

const conditions = ['source', 'node', 'default']

/** A folder's place says how its files run; files of one worker share what they import: reading it in anew for each cost a minute. */
const project = <More extends object>(name: string, folders: readonly string[], more: More) => ({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { name, isolate: false, include: folders.map(f => `tests/${f}/**/*.test.ts`), ...more },
})
/** Ends a test that hangs. A slow machine is no failure: what a test waits for has a limit of its own. */
const whole = { testTimeout: 300_000, hookTimeout: 180_000 }

export default defineConfig({
  test: {
    reporters: ['default', './tests/harness/closingLine.ts'],
    sequence: { sequencer: TurnsSequencer },
    projects: [
      project('unit', ['unit'], { testTimeout: 120_000, maxWorkers: 3 }),
      // The books over the database that we ship, and the same over PostgreSQL.
      project('books', ['books'], { testTimeout: 120_000, maxWorkers: 3 }),
      project('postgres', ['books'], { ...whole, maxWorkers: 3, env: { ZHIBAN_TEST_BOOKS: 'postgres' } }),
      // Real sockets that wait for real time-outs, but no program.
      project('wires', ['wires'], { ...whole, maxWorkers: 3 }),
      // No tower, only a console: beside the unit tests.
      project('console', ['console'], { ...whole, maxWorkers: 3 }),
      // Towers that mostly wait for their own clock: two of them at once.
      project('tower', ['system', 'browser'], { ...whole, maxWorkers: 2, sequence: { groupOrder: 1 } }),
      // What measures time has the machine for itself.
      project('timed', ['timed'], { ...whole, fileParallelism: false, maxWorkers: 1, sequence: { groupOrder: 2 } }),
    ],
  },
})

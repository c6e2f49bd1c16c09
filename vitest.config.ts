import { defineConfig } from 'vitest/config'
import SideBySide from './tests/harness/sequencer.ts'

const conditions = ['source', 'node', 'default']

/** Files of one worker share what they import: reading it in anew for each cost a minute. */
const project = <More extends object>(name: string, folders: readonly string[], more: More) => ({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    ...{ name, isolate: false, maxWorkers: 3, include: folders.map(f => `tests/${f}/**/*.test.ts`) },
    // Ends a test that hangs. A slow machine is no failure: what a test waits for has a limit of its own.
    ...{ testTimeout: 300_000, hookTimeout: 180_000 },
    ...more,
  },
})

export default defineConfig({
  test: {
    reporters: ['default', './tests/harness/closingLine.ts'],
    sequence: { sequencer: SideBySide },
    projects: [
      // Rules, books, real sockets, consoles and whole towers: a worker keeps what it has read in, whichever comes next.
      project('main', ['unit', 'books', 'wires', 'console', 'system', 'browser'], {}),
      // The books over PostgreSQL; those of `main` are over the database that we ship.
      project('postgres', ['books'], { env: { ZHIBAN_TEST_BOOKS: 'postgres' } }),
      // What measures time has the machine for itself.
      project('timed', ['timed'], { fileParallelism: false, maxWorkers: 1, sequence: { groupOrder: 1 } }),
    ],
  },
})

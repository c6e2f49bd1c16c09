import { defineConfig } from 'vitest/config'

const resolve = { conditions: ['source', 'node', 'import', 'default'] }
const ssr = { resolve: { conditions: ['source', 'node', 'import', 'default'] } }

/** Whole-system tests that need no tower, only a console: they run beside the unit tests. */
const consoleOnly = ['transitions', 'desk', 'duty', 'caseCampaign'].map(name => `tests/system/${name}.test.ts`)

/** Unit tests side by side; whole-system tests one file at a time, because they start a tower each on two cores. */
export default defineConfig({
  test: {
    reporters: ['default', './tests/harness/closingLine.ts'],
    projects: [
      { resolve, ssr, test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], testTimeout: 20_000 } },
      { resolve, ssr, test: { name: 'console', include: consoleOnly, testTimeout: 120_000, hookTimeout: 90_000 } },
      {
        resolve,
        ssr,
        test: {
          name: 'system',
          include: ['tests/system/**/*.test.ts', 'tests/browser/**/*.test.ts'],
          exclude: consoleOnly,
          testTimeout: 120_000,
          hookTimeout: 90_000,
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})

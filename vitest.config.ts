import { defineConfig } from 'vitest/config'
import TurnsSequencer from './tests/harness/sequencer.ts'

const resolve = { conditions: ['source', 'node', 'import', 'default'] }
const ssr = { resolve: { conditions: ['source', 'node', 'import', 'default'] } }
const files = (folder: string, names: readonly string[]) => names.map(name => `tests/${folder}/${name}.test.ts`)

/** Whole-system tests that need no tower, only a console: they run beside the unit tests. */
const consoleOnly = files('system', [
  'attacks',
  'transitions',
  'desk',
  'duty',
  'firstContact',
  'caseCampaign',
  'fullBooks',
  'overtime',
])
/** Towers that mostly wait for their own clock, or measure no time: two of them at once. */
const patient = [
  ...files('browser', [
    'access',
    'alarms',
    'desk',
    'engineering',
    'hand',
    'messages',
    'newProcedure',
    'overtime',
    'screens',
    'silence',
    'tour',
  ]),
  ...files('system', ['alone', 'commanding', 'concerned', 'demo', 'fieldAlone', 'fullDisk', 'handover', 'http', 'killCampaign']),
  ...files('system', ['kills', 'rubbish']),
]

/** Ends a test that hangs. A slow machine is no failure: what a test waits for has a limit of its own. */
const whole = { testTimeout: 300_000, hookTimeout: 180_000 }

/** The files of one worker share what they import: reading it in anew for each cost a minute. */
const isolate = false

/** Unit tests side by side; then two towers at once where time allows; the others, which measure time, one after the other. */
export default defineConfig({
  test: {
    reporters: ['default', './tests/harness/closingLine.ts'],
    sequence: { sequencer: TurnsSequencer },
    projects: [
      {
        resolve,
        ssr,
        test: { name: 'unit', isolate, include: ['tests/unit/**/*.test.ts'], testTimeout: 120_000, maxWorkers: 3 },
      },
      { resolve, ssr, test: { name: 'console', isolate, include: consoleOnly, ...whole, maxWorkers: 3 } },
      {
        resolve,
        ssr,
        test: {
          name: 'patient',
          isolate,
          include: patient,
          ...whole,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'system',
          isolate,
          include: ['tests/system/**/*.test.ts', 'tests/browser/**/*.test.ts'],
          exclude: [...consoleOnly, ...patient],
          ...whole,
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})

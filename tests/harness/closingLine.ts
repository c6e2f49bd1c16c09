import type { Reporter, TestModule } from 'vitest/node'

/** Ends the run with one plain line that sums it up: `N passed, N failed`. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]) {
    let passed = 0
    let failed = errors.length
    for (const m of modules) {
      const before = failed
      for (const t of m.children.allTests()) {
        const { state } = t.result()
        if (state === 'passed') passed++
        else if (state === 'failed') failed++
      }
      // A file that could not be set up has no failed test of its own, but it did fail.
      if (m.state() === 'failed' && failed === before) failed++
    }
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
  }
}

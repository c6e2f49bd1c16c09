import type { Reporter, TestModule } from 'vitest/node'

/**
 * Ends the run with one plain line that sums it up, `N passed, N failed`; before it one for each that failed, with what it said,
 * so that whoever has only the end of a log knows.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly { message?: string }[]) {
    let passed = 0
    const failed = errors.map(e => `outside any test: ${firstLine(e.message)}`)
    for (const m of modules) {
      const before = failed.length
      const where = `${m.project.name} ${m.relativeModuleId}`
      for (const t of m.children.allTests()) {
        const result = t.result()
        if (result.state === 'passed') passed++
        else if (result.state === 'failed') failed.push(`${where} > ${t.fullName}: ${firstLine(result.errors[0]?.message)}`)
      }
      // A file that could not be set up has no failed test of its own, but it did fail.
      if (m.state() === 'failed' && failed.length === before) failed.push(`${where}: ${firstLine(m.errors()[0]?.message)}`)
    }
    process.stdout.write(`\n${failed.map(f => `failed: ${f}\n`).join('')}${passed} passed, ${failed.length} failed\n`)
  }
}

const firstLine = (message = '') => message.split('\n', 1)[0]?.slice(0, 300) ?? ''

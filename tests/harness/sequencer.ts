import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** A browser needs a core of its own: beside it goes a tower that mostly waits, so the two kinds take turns. */
export default class TurnsSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const sorted = await super.sort(files)
    const [browsers, others] = [true, false].map(kind => sorted.filter(f => f.moduleId.includes('/tests/browser/') === kind))
    const turns = Array.from({ length: sorted.length }, (_, i) => [browsers?.[i], others?.[i]])
    return turns.flat().filter(f => f !== undefined)
  }
}

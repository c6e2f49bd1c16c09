import { BaseSequencer, type TestSpecification } from 'vitest/node'

const isBrowser = (file: TestSpecification) => file.moduleId.includes('/tests/browser/')

const inTurns = (files: readonly TestSpecification[]) => {
  const browsers = files.filter(isBrowser)
  const others = files.filter(f => !isBrowser(f))
  return files.flatMap((_, i) => [browsers[i], others[i]].filter(f => f !== undefined))
}

/** A browser needs a core of its own: beside it goes a tower that mostly waits, so within a project the two kinds take turns. */
export default class TurnsSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const sorted = await super.sort(files)
    const projects = [...new Set(sorted.map(f => f.project.name))]
    return projects.flatMap(name => inTurns(sorted.filter(f => f.project.name === name)))
  }
}

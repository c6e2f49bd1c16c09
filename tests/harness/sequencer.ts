import { BaseSequencer, type TestSpecification } from 'vitest/node'

const isBrowser = (file: TestSpecification) => file.moduleId.includes('/tests/browser/')

const inTurns = (files: readonly TestSpecification[]) => {
  const browsers = files.filter(isBrowser)
  const others = files.filter(f => !isBrowser(f))
  return files.flatMap((_, i) => [browsers[i], others[i]].filter(f => f !== undefined))
}

/** Those that take longest, mostly waiting: what begins last would be waited for alone. */
const longest = [
  'wires/modbusBus',
  'unit/exploration',
  'wires/edgeTruth',
  'console/transitions',
  'console/fullBooks',
  'browser/tour',
  'system/fieldAlone',
  'system/alone',
  'system/killCampaign',
  'browser/hand',
  'browser/messages',
]
const lengthOf = (file: TestSpecification) => longest.findIndex(name => file.moduleId.endsWith(`/${name}.test.ts`))

/** A browser needs a core of its own: beside it goes a tower that mostly waits, so within a project the two kinds take turns. */
export default class TurnsSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const sorted = await super.sort(files)
    const first = sorted.filter(f => lengthOf(f) >= 0).sort((a, b) => lengthOf(a) - lengthOf(b))
    const rest = sorted.filter(f => lengthOf(f) < 0)
    const projects = [...new Set(rest.map(f => f.project.name))]
    return [...first, ...projects.flatMap(name => inTurns(rest.filter(f => f.project.name === name)))]
  }
}

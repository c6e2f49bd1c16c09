import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What mostly waits begins first, and what only computes fills the machine beside its end. */
const projects = ['tower', 'wires', 'console', 'postgres', 'unit', 'books', 'timed']

/** Those that take longest: what begins last would be waited for alone. */
const longest = [
  'browser/tour',
  'wires/modbusBus',
  'system/fieldAlone',
  'system/alone',
  'browser/messages',
  'system/commanding',
  'browser/desk',
  'browser/newProcedure',
  'browser/thirdLanguage',
  'system/killCampaign',
  'browser/hand',
  'browser/overtime',
  'browser/firstStart',
  'browser/movingIn',
  'unit/exploration',
]
const placeIn = (list: readonly string[], is: (name: string) => boolean) => {
  const at = list.findIndex(is)
  return at < 0 ? list.length : at
}

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const length = (f: TestSpecification) => placeIn(longest, name => f.moduleId.endsWith(`/${name}.test.ts`))
    const project = (f: TestSpecification) => placeIn(projects, name => f.project.name === name)
    return [...(await super.sort(files))].sort((a, b) => project(a) - project(b) || length(a) - length(b))
  }
}

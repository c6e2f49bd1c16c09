import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** About how long the longest take on two quiet cores, in seconds. */
const seconds: Readonly<Record<string, number>> = {
  'browser/tour': 130,
  'wires/modbusBus': 120,
  'browser/firstStart': 90,
  'system/fieldAlone': 90,
  'system/killCampaign': 80,
  'system/alone': 65,
  'browser/desk': 60,
  'browser/messages': 60,
  'system/commanding': 60,
  'browser/movingIn': 50,
  'browser/overtime': 50,
  'browser/siteChange': 50,
  'browser/access': 50,
  'browser/hand': 50,
  'system/demo': 40,
  'browser/silence': 40,
  'unit/exploration': 30,
  'console/overtime': 20,
  'console/fullBooks': 20,
}
/** What a file of a folder takes where it is not one of those. What waits (for clocks, for devices) leaves the machine to others. */
const folders: Readonly<Record<string, { waits: boolean; seconds: number }>> = {
  browser: { waits: true, seconds: 20 },
  system: { waits: true, seconds: 15 },
  wires: { waits: true, seconds: 20 },
  console: { waits: false, seconds: 14 },
  books: { waits: false, seconds: 3 },
  unit: { waits: false, seconds: 2 },
}
/** So many of those that wait run side by side while something computes beside them. */
const waitingLanes = 2

/** When each begins where those of its sort go one after the other, the longest first, in so many lanes. */
const inLanes = <T extends { seconds: number; last: boolean }>(files: readonly T[], lanes: number): (T & { at: number })[] => {
  let at = 0
  return [...files]
    .sort((a, b) => Number(a.last) - Number(b.last) || b.seconds - a.seconds)
    .map(file => {
      const begins = at
      at += file.seconds / lanes
      return { ...file, at: begins }
    })
}

/** What waits and what computes side by side from the first second to the last. */
export default class SideBySide extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const known = (await super.sort(files)).map(file => {
      const [, folder = '', name = ''] = /\/tests\/([^/]+)\/(.+)\.test\.ts$/.exec(file.moduleId) ?? []
      const { waits = true, seconds: usual = 20 } = folders[folder] ?? {}
      // Another project needs another worker: not to and fro.
      const last = file.project.name !== 'main'
      return { file, waits, last, seconds: seconds[`${folder}/${name}`] ?? usual }
    })
    const placed = [
      ...inLanes(
        known.filter(f => f.waits),
        waitingLanes,
      ),
      ...inLanes(
        known.filter(f => !f.waits),
        1,
      ),
    ]
    return placed.sort((a, b) => a.at - b.at).map(f => f.file)
  }
}

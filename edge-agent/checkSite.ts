import { uncovered } from '#contract/coverage'
import { readEnvironment } from '#program/environment'
import { FileProblems, readCatalogue, readSite } from '#program/siteFiles'

/** `npm run check:site -- FILE`: what the programs would refuse, for an installer; exit code 1 when there is anything. */
const file = process.argv[2] ?? 'simulators/sites/demo.yaml'
try {
  const profiles = readCatalogue(readEnvironment().ZHIBAN_PROFILES)
  const site = readSite(file, profiles)
  process.stdout.write(
    uncovered(site, profiles)
      .map(u => `warning: ${u.device} (${u.name.zh} ${u.name.en}): no linkage sets ${u.point} to ${u.value} at a fire\n`)
      .join(''),
  )
  process.stdout.write(
    `${file}: good — ${site.floors.length} floors, ${site.zones.length} zones, ${site.devices.length} devices\n`,
  )
} catch (error) {
  const count = error instanceof FileProblems ? error.problems.length : 1
  process.stdout.write(`${(error as Error).message}\n${file}: ${count} problem${count === 1 ? '' : 's'}\n`)
  process.exitCode = 1
}

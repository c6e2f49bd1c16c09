import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { uncovered } from '#contract/coverage'
import { parseSite } from '#contract/parseSite'
import { readEnvironment } from '#program/environment'
import { FileProblems, readCatalogue } from '#program/siteFiles'

/** `npm run check:site -- FILE`: what the programs would refuse, for an installer; exit code 1 when there is anything. */
const file = process.argv[2] ?? 'simulators/sites/demo.yaml'
const say = (text: string) => process.stdout.write(`${text}\n`)
let count = 0

/** What is wrong with one file is said, and the next is looked at all the same. `hint`: what to do when it cannot be read. */
const attempt = <T>(hint: string, read: () => T): T | undefined => {
  try {
    return read()
  } catch (error) {
    const isFile = error instanceof Error && 'syscall' in error
    say(isFile ? `${error.message}: ${hint}` : (error as Error).message)
    count += error instanceof FileProblems ? error.problems.length : 1
    return undefined
  }
}

const profiles = attempt('set ZHIBAN_PROFILES to the folder of the profiles', () =>
  readCatalogue(readEnvironment().ZHIBAN_PROFILES),
)
const site = attempt('name a site file, such as: npm run check:site -- simulators/sites/demo.yaml', () => {
  const { site, problems } = parseSite({ file: basename(file), text: readFileSync(file, 'utf8') }, profiles)
  if (!site) throw new FileProblems(problems)
  return site
})
if (site && profiles) {
  for (const u of uncovered(site, profiles))
    say(`warning: ${u.device} (${u.name.zh} ${u.name.en}): no linkage sets ${u.point} to ${u.value} at a fire`)
  for (const { id, plan } of site.floors)
    if (plan !== undefined && !existsSync(join(dirname(file), plan)))
      say(`warning: floor ${id}: there is no picture ${plan} beside the site file`)
  for (const { kind, document } of site.plans)
    if (document !== undefined && !existsSync(join(dirname(file), document)))
      say(`warning: plan ${kind}: there is no document ${document} beside the site file`)
  say(`${file}: good — ${site.floors.length} floors, ${site.zones.length} zones, ${site.devices.length} devices`)
} else {
  if (!profiles) say('points and values of the site are not checked before the profiles are good')
  say(`${file}: ${count} problem${count === 1 ? '' : 's'}`)
  process.exitCode = 1
}

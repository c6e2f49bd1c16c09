import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseSite } from '../contract/parseSite.ts'
import { type Catalogue, type Profile, parseProfile } from '../contract/profile.ts'
import type { Site } from '../contract/site.ts'
import { type Problem, problemLine } from '../contract/yamlSource.ts'

/** Every problem of a file that a program refuses to start with, one per line. */
export class FileProblems extends Error {
  readonly problems: Problem[]
  constructor(problems: Problem[]) {
    super(problems.map(problemLine).join('\n'))
    this.name = 'FileProblems'
    this.problems = problems
  }
}

/** Texts of files by their names. */
export type Texts = Readonly<Record<string, string>>

/** All device types in the folder of profiles. Throws FileProblems. */
export const readCatalogue = (folder: string): Catalogue => {
  const names = readdirSync(folder).filter(n => n.endsWith('.yaml'))
  return parseCatalogue(Object.fromEntries(names.map(n => [n, readFileSync(join(folder, n), 'utf8')])))
}

/** The same of texts that have been read. */
export const parseCatalogue = (profiles: Texts): Catalogue => {
  const found = new Map<string, Profile>()
  const problems: Problem[] = []
  for (const [name, text] of Object.entries(profiles)) {
    const result = parseProfile({ file: `profiles/${name}`, text })
    problems.push(...result.problems)
    if (result.profile) found.set(result.profile.profile, result.profile)
  }
  if (problems.length > 0) throw new FileProblems(problems)
  return found
}

/** The site with its points checked against the profiles. Throws FileProblems, or an error that names the missing file. */
export const readSite = (file: string, catalogue: Catalogue): Site => {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new Error(`ZHIBAN_SITE: cannot read '${file}'; name a site file, e.g. simulators/sites/demo.yaml`)
  }
  const { site, problems } = parseSite({ file: basename(file), text }, catalogue)
  if (!site) throw new FileProblems(problems)
  return site
}

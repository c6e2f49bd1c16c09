import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { parseSite } from '#contract/parseSite'
import type { Catalogue } from '#contract/profile'
import type { Site } from '#contract/site'
import type { Environment } from './environment.ts'
import { FileProblems, parseCatalogue, type Texts } from './siteFiles.ts'

/** The texts of a site file and of the profiles beside it, as they lie on the disk. */
const files = z.object({ site: z.string(), profiles: z.record(z.string(), z.string()) })
type Files = z.infer<typeof files>
type Where = Pick<Environment, 'ZHIBAN_SITE' | 'ZHIBAN_PROFILES'>

/** What a program runs on. */
export type SiteInForce = {
  site: Site
  catalogue: Catalogue
  /** What it ran on the last time; undefined at its first start. */
  before: { site: Site; catalogue: Catalogue } | undefined
  /** Why the files were not taken, a problem a line: then the site is the one of the last time. Undefined: it is theirs. */
  refused: string | undefined
  /** Tells one content of the files from another. */
  mark: string
}

const lookEveryMs = 1000

const profileNames = (folder: string) =>
  readdirSync(folder)
    .filter(n => n.endsWith('.yaml'))
    .sort()

const readFiles = (o: Where): Files => ({
  site: readFileSync(o.ZHIBAN_SITE, 'utf8'),
  profiles: Object.fromEntries(profileNames(o.ZHIBAN_PROFILES).map(n => [n, readFileSync(join(o.ZHIBAN_PROFILES, n), 'utf8')])),
})

/** Throws FileProblems. */
const parseFiles = (name: string, f: Files): { site: Site; catalogue: Catalogue } => {
  const catalogue = parseCatalogue(f.profiles as Texts)
  const { site, problems } = parseSite({ file: basename(name), text: f.site }, catalogue)
  if (!site) throw new FileProblems(problems)
  return { site, catalogue }
}

const markOf = (f: Files) => createHash('sha256').update(JSON.stringify(f)).digest('hex')

/** Whole or not at all: whoever is cut off here finds what he ran on before. */
const keep = (file: string, f: Files) => {
  mkdirSync(dirname(file), { recursive: true })
  const beside = `${file}.${process.pid}.new`
  writeFileSync(beside, JSON.stringify(f))
  renameSync(beside, file)
}

const keptIn = (file: string): Files | undefined => {
  try {
    return files.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}

/**
 * The site of the files, or, where they are faulty or not there, the one that this program last ran on (`keptFile`): a slip in an editor
 * leaves no building without its agent. Throws what is wrong with the files at a first start.
 */
export const takeSite = (o: Where, keptFile: string): SiteInForce => {
  const kept = keptIn(keptFile)
  const readKept = () => {
    try {
      return kept && parseFiles(o.ZHIBAN_SITE, kept)
    } catch {
      // Of a version that allowed more: it is no help any more.
      return undefined
    }
  }
  try {
    const found = readFiles(o)
    const mark = markOf(found)
    const now = parseFiles(o.ZHIBAN_SITE, found)
    const isSame = kept !== undefined && markOf(kept) === mark
    const before = isSame ? now : readKept()
    if (!isSame) keep(keptFile, found)
    return { ...now, before, refused: undefined, mark }
  } catch (error) {
    const last = readKept()
    if (!last || !kept) throw error
    return { ...last, before: last, refused: (error as Error).message, mark: markOf(kept) }
  }
}

/** Follows the files while a program runs. */
export const watchSite = (
  o: Where,
  inForce: Pick<SiteInForce, 'mark'>,
  on: {
    /** They hold another site, and a good one: whoever starts anew now takes it over. */
    good(next: { site: Site; catalogue: Catalogue }): void
    /** They are faulty, and why; undefined: they hold again what is in force. */
    refused(why: string | undefined): void
  },
): (() => void) => {
  /** Of all of them: when they were written, and how long they are. */
  const look = () => {
    try {
      const names = [o.ZHIBAN_SITE, ...profileNames(o.ZHIBAN_PROFILES).map(n => join(o.ZHIBAN_PROFILES, n))]
      return names
        .map(n => statSync(n))
        .map(s => `${s.mtimeMs}/${s.size}`)
        .join()
    } catch {
      return 'not there'
    }
  }
  let judged = look()
  let last = judged
  const judge = () => {
    try {
      const found = readFiles(o)
      if (markOf(found) === inForce.mark) return on.refused(undefined)
      on.good(parseFiles(o.ZHIBAN_SITE, found))
    } catch (error) {
      on.refused((error as Error).message)
    }
  }
  const timer = setInterval(() => {
    const now = look()
    // What is still being written is looked at when it rests.
    if (now !== judged && now === last) {
      judged = now
      judge()
    }
    last = now
  }, lookEveryMs)
  return () => clearInterval(timer)
}

import type { Catalogue } from './profileFile.ts'
import { type Site, siteFile } from './site.ts'
import { checkAccounts } from './siteChecks/checkAccounts.ts'
import { checkAddresses } from './siteChecks/checkAddresses.ts'
import { checkCalls } from './siteChecks/checkCalls.ts'
import { checkCompartments } from './siteChecks/checkCompartments.ts'
import { checkCrossings } from './siteChecks/checkCrossings.ts'
import { checkDevices } from './siteChecks/checkDevices.ts'
import { checkFeeds } from './siteChecks/checkFeeds.ts'
import { checkGuidance } from './siteChecks/checkGuidance.ts'
import { checkIds } from './siteChecks/checkIds.ts'
import { checkInterlocks } from './siteChecks/checkInterlocks.ts'
import { checkLevels } from './siteChecks/checkLevels.ts'
import { checkLinkages } from './siteChecks/checkLinkages.ts'
import { checkPlaces } from './siteChecks/checkPlaces.ts'
import { checkPlans } from './siteChecks/checkPlans.ts'
import { checkSuppressions } from './siteChecks/checkSuppressions.ts'
import { checkTime } from './siteChecks/checkTime.ts'
import { checkWishes } from './siteChecks/checkWishes.ts'
import { checkWitnesses } from './siteChecks/checkWitnesses.ts'
import { siteParts } from './siteChecks/siteParts.ts'
import { readParts } from './yamlParts.ts'
import { inFileOrder, type Problem, type Source } from './yamlSource.ts'

/** What is left out alone when its shape is wrong. */
const pieces = [
  'alwaysOn.*',
  'floors.*',
  'zones.*',
  'units.*',
  'agents.*',
  'buses.*',
  'devices.*',
  'interlocks.*',
  'suppressions.*',
  'linkageSets.*',
  'linkageSets.*.*',
  'compartments.*',
  'compartments.*.linkages.*',
  'plans.*',
  'levels.*',
  'guidance.*',
  'channels.*',
  'calls.*',
]

const checks = [
  checkIds,
  checkTime,
  checkPlaces,
  checkDevices,
  checkAddresses,
  checkAccounts,
  checkFeeds,
  checkCompartments,
  checkWitnesses,
  checkLinkages,
  checkInterlocks,
  checkSuppressions,
  checkCrossings,
  checkWishes,
  checkPlans,
  checkCalls,
  checkGuidance,
  checkLevels,
]

/**
 * The site file, or all its problems at once by line and column, of shape and of sense. Pure: the caller reads files and
 * environment. With a catalogue of profiles, point names and values are checked too.
 */
export const parseSite = (source: Source, catalogue?: Catalogue): { site?: Site; problems: Problem[] } => {
  const { whole, parts, lost, raw, problems, at } = readParts(source, siteFile, pieces)
  if (raw === undefined) return { problems }
  const all = siteParts(parts, raw, lost, catalogue, (path, message) => problems.push(at(path, message)))
  for (const check of checks) check(all)
  problems.sort(inFileOrder)
  return whole && problems.length === 0 ? { site: whole, problems } : { problems }
}

/** Reads `env:NAME[:default]` and plain text. Undefined when the variable is not set and there is no default. */
export const resolveSetting = (text: string, env: Record<string, string | undefined>): string | undefined => {
  const match = /^env:([A-Z][A-Z0-9_]*)(?::(.*))?$/.exec(text)
  if (!match) return text
  const set = env[match[1] ?? '']
  return set !== undefined && set !== '' ? set : match[2]
}

/** Throws the settings that a part of the site takes from the environment and that nobody has set. */
export const mustBeSet = (part: unknown, env: Record<string, string | undefined>): void => {
  const named = [...JSON.stringify(part).matchAll(/"env:([A-Z][A-Z0-9_]*)(:?)/g)]
  const missing = named.flatMap(([, name = '', byDefault]) => (byDefault || env[name] ? [] : [name]))
  if (missing.length > 0) throw new Error(`set ${[...new Set(missing)].join(', ')}, and start this program again`)
}

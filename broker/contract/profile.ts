import { checkAlarms } from './profileChecks/checkAlarms.ts'
import { checkDuties } from './profileChecks/checkDuties.ts'
import { checkRegisters } from './profileChecks/checkRegisters.ts'
import { checkRoles } from './profileChecks/checkRoles.ts'
import { checkWrites } from './profileChecks/checkWrites.ts'
import { expandSeries, numbered, numbersOf } from './profileChecks/expandSeries.ts'
import type { ProfileParts } from './profileChecks/profileParts.ts'
import { type Profile, type ProfileFile, profileFile } from './profileFile.ts'
import { readParts } from './yamlParts.ts'
import { inFileOrder, type Path, type Problem, type Source } from './yamlSource.ts'

export {
  type AlarmRule,
  type Catalogue,
  type PollClass,
  type Profile,
  type ProfilePoint,
  pollPeriodMs,
  type Register,
} from './profileFile.ts'

/** What is left out alone when its shape is wrong. */
const pieces = ['points.*', 'alarms.*', 'series.*', 'series.*.points.*', 'series.*.alarms.*']

/** Keys of points whose shape is wrong: nobody is told that they are not there. Undefined when they cannot be known. */
const unreadKeys = (lost: readonly Path[], raw: Record<string, unknown>, file: Partial<ProfileFile>): Set<string> | undefined => {
  if (file.series?.some(s => numbersOf(s).length === 0)) return undefined
  const keys = new Set<string>()
  for (const [section, i, list, template] of lost) {
    if (section === 'points' && i !== undefined) keys.add(String(i))
    else if (section === 'points' || (section === 'series' && list === undefined)) return undefined
    else if (section === 'series' && list === 'points') {
      const { from, to } = (raw['series'] as { from: number; to: number }[])[i as number] ?? { from: 1, to: 0 }
      for (const n of numbersOf({ from, to })) keys.add(numbered(String(template), n))
    }
  }
  return keys
}

/** Parses one profile; all problems at once, of shape and of sense, in the order of the file. */
export const parseProfile = (source: Source): { profile?: Profile; problems: Problem[] } => {
  const { whole, parts, lost, raw, problems, at } = readParts(source, profileFile, pieces)
  if (raw === undefined) return { problems }
  const file: Partial<ProfileFile> = parts
  const told = new Set<string>()
  const say = (path: Path, message: string) => {
    // What is wrong with one line of a series is wrong with all its repeats, which differ in their numbers only.
    const once = `${path.join('.')} ${path[0] === 'series' ? message.replaceAll(/\d+/g, '#') : message}`
    if (!told.has(once)) problems.push(at(path, message))
    told.add(once)
  }
  const { points, alarms } = expandSeries(file, say)
  const unread = unreadKeys(lost, raw, file)
  const pointAt: ProfileParts['pointAt'] = (path, key) => {
    const point = points.get(key)?.point
    if (!point && unread && !unread.has(key)) say(path, `there is no point '${key}'`)
    return point
  }
  const all: ProfileParts = { file, points, alarms, say, pointAt }
  for (const check of [checkRegisters, checkWrites, checkRoles, checkAlarms, checkDuties]) check(all)
  problems.sort(inFileOrder)
  if (!whole || problems.length > 0) return { problems }
  const profile = {
    ...whole,
    points: new Map([...points].map(([key, placed]) => [key, placed.point])),
    alarms: new Map([...alarms].map(([key, placed]) => [key, placed.rule])),
  }
  return { profile, problems }
}

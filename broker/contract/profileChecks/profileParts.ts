import type { AlarmRule, ProfileFile, ProfilePoint } from '../profileFile.ts'
import type { Path } from '../yamlSource.ts'

export type Say = (path: Path, message: string) => void

/** A point or an alarm of a profile, and where the file says it: a series says twenty of them in one place. */
export type PlacedPoint = { key: string; point: ProfilePoint; path: Path }
export type PlacedAlarm = { key: string; rule: AlarmRule; path: Path }

/** What a profile's checks look at: all of it that fits its shape. */
export type ProfileParts = {
  file: Partial<ProfileFile>
  points: ReadonlyMap<string, PlacedPoint>
  alarms: ReadonlyMap<string, PlacedAlarm>
  say: Say
  /** The point of that name. Says so when there is none; a point whose shape is wrong is one all the same. */
  pointAt(path: Path, key: string): ProfilePoint | undefined
}

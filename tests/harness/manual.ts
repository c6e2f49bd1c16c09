import { manualOf } from '../../console/server/engine/manual.ts'
import { subjects } from '../../console/subjects/all.ts'

/** The manual of this release, for tests that go through all of it. */
export const manual = manualOf(subjects)
export const { procedures, registers, routines, settings } = manual
/** A setting by its key. */
export const settingOf = (key: string) => {
  const found = settings.find(s => s.key === key)
  if (!found) throw new Error(`no setting '${key}'`)
  return found
}

import type { GateVerdict } from '#api/gateVerdicts'
import { type Holder, level } from '#contract/priority'

/** News that is older opens nothing: whoever showed his pass has gone, or waits for somebody to let him in. */
const lateMs = 10_000

/** How a door or barrier stands. `shut`: as it says itself; undefined where nobody knows now. */
export type Way = { holders: readonly Holder[]; shut: boolean | undefined }

/** Why a door or barrier is left alone; null where it may be opened for some seconds. What stands open is never kept open. */
export const leftAlone = ({ holders, shut }: Way): GateVerdict | null => {
  if (holders.some(h => h.level === level.fire)) return 'fire'
  if (holders.some(h => h.level <= level.operator)) return 'held'
  if (shut === undefined) return 'unverified'
  return shut ? null : 'open'
}

export type Showing = {
  now: number
  /** When it was shown, by the console's clock, and where. */
  at: number
  device: string
  /** The visitor's entry: the door that was given to him, until when, and whether he has left. */
  pass: { door: string | undefined; until: number | undefined; returned: boolean }
  way: Way
}

/** What comes of a pass that is shown at a door (R72): one opening of seconds, or why there is none. */
export const verdictOn = ({ now, at, device, pass, way }: Showing): GateVerdict => {
  if (pass.returned) return 'returned'
  if (pass.door === undefined) return 'no-door'
  if (pass.door !== device) return 'other-door'
  if (pass.until === undefined || Math.max(at, now) > pass.until) return 'over'
  if (now - at > lateMs) return 'late'
  return leftAlone(way) ?? 'let-pass'
}

/** A number plate as cameras and people write it alike. */
export const plateOf = (text: string): string => text.toUpperCase().replace(/[\s·•.-]/g, '')

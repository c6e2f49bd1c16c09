import type { Refusal } from '#contract/journal'
import type { Command } from '#contract/messages'
import { level, type PriorityArray, winner } from '#contract/priority'
import type { ProfilePoint } from '#contract/profile'
import type { Scalar } from '#contract/quality'

/** The agent's view of the console's clock: its last heartbeat, carried on by our own monotonic clock (design §3). */
export type ConsoleClock = { clock: number; heardAt: number } | undefined
export const consoleSilenceMs = 15_000

/** Why a command is too late, or cannot be judged. */
export const tooLate = (command: Pick<Command, 'issuedAt' | 'ttlMs'>, clock: ConsoleClock, mono: number): Refusal | undefined => {
  if (!clock || mono - clock.heardAt > consoleSilenceMs) return 'no-console-clock'
  const now = clock.clock + (mono - clock.heardAt)
  return now > command.issuedAt + command.ttlMs ? 'ttl-passed' : undefined
}

const wrongValue = (point: ProfilePoint, value: Scalar): Refusal | undefined => {
  if (point.kind === 'binary') return typeof value === 'boolean' ? undefined : 'wrong-type'
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'wrong-type'
  const { min = -Infinity, max = Infinity } = point.write ?? {}
  return value < min || value > max ? 'out-of-range' : undefined
}

/** Why a hold or a release may not be carried out; undefined when it may. */
export const refuseHold = (
  act: Exclude<Command['act'], { kind: 'release-fire' }>,
  point: ProfilePoint | undefined,
  linkOk: boolean,
  array: PriorityArray,
  wall: number,
): Refusal | undefined => {
  if (!point) return 'unknown-point'
  if (!point.write) return 'read-only'
  // People hold at 8 only; 12 and 15 are the programme's, 2 is the fire rule's.
  if (act.level !== level.operator) return 'level-not-allowed'
  if (!linkOk) return 'link-lost'
  if (act.kind === 'release') return array.holders.some(h => h.level === act.level) ? undefined : 'nothing-held'
  if (act.until <= wall) return 'end-in-the-past'
  const best = winner(array)
  if (best && best.level < act.level) return 'outranked'
  return wrongValue(point, act.value)
}

import type { Refusal } from '#contract/journal'
import type { Command } from '#contract/messages'
import { level, longestHoldMs, type PriorityArray, winner } from '#contract/priority'
import type { ProfilePoint } from '#contract/profile'
import type { Scalar } from '#contract/quality'
import { encodeWrite } from '../registers/decode.ts'

/** Why a command is too late, or cannot be judged; `consoleNow` is the console's time as well as it is known. */
export const tooLate = (command: Pick<Command, 'issuedAt' | 'ttlMs'>, consoleNow: number | undefined): Refusal | undefined => {
  if (consoleNow === undefined) return 'no-console-clock'
  return consoleNow > command.issuedAt + command.ttlMs ? 'ttl-passed' : undefined
}

const wrongValue = (point: ProfilePoint, value: Scalar): Refusal | undefined => {
  if (point.kind === 'binary') return typeof value === 'boolean' ? undefined : 'wrong-type'
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'wrong-type'
  const { min = -Infinity, max = Infinity } = point.write ?? {}
  if (value < min || value > max) return 'out-of-range'
  return point.register && encodeWrite(point.register, value) === undefined ? 'out-of-range' : undefined
}

export type PointAct = Extract<Command['act'], { point: unknown }>

/** Why a hold or a release may not be carried out; undefined when it may. `device` is how the point's device stands now. */
export const refuseHold = (
  act: PointAct,
  point: ProfilePoint | undefined,
  device: { linkOk: boolean; fireInput: boolean },
  array: PriorityArray,
  wall: number,
): Refusal | undefined => {
  if (!point) return 'unknown-point'
  if (!point.write) return 'read-only'
  // People hold at 8 only; 12 and 15 are the programme's, 2 is the fire rule's.
  if (act.kind !== 'let-pass' && act.level !== level.operator) return 'level-not-allowed'
  if (!device.linkOk) return 'link-lost'
  if (act.kind === 'release') return array.holders.some(h => h.level === act.level) ? undefined : 'nothing-held'
  if (act.kind === 'let-pass') {
    // A fire, a person, or an opening that is not over: none of them is touched by whoever wants to pass.
    if (array.holders.some(h => h.level <= level.operator)) return 'held-already'
  } else {
    if (act.until <= wall) return 'end-in-the-past'
    if (act.until > wall + longestHoldMs) return 'hold-too-long'
    const best = winner(array)
    if (best && best.level < act.level) return 'outranked'
  }
  if (device.fireInput) return 'fire-input'
  return wrongValue(point, act.value)
}

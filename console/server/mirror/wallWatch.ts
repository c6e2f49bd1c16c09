import type { Pace } from '#contract/pace'
import { type ClockState, judgeClock } from '../domain/clockSteps.ts'

/** Keeps the wall clock under watch: what it steps by is not time that has passed. */
export const openWallWatch = (wall: () => number, mono: () => number, pace: () => Pace) => {
  let known = pace()
  let state: ClockState | undefined
  const look = (): number => {
    const now = { wall: wall(), mono: mono() }
    // Another pace is no step: it is looked at anew from here.
    if (state && pace() !== known) state = { ...state, last: now }
    known = pace()
    state = judgeClock(state, now, known.rate)
    return state.off?.ms ?? 0
  }
  look()
  return {
    /** By how much (wall ms) the clock is off by a step that is neither put right nor old enough to be believed; else 0. */
    look,
    /** The wall clock without that step. */
    steady: () => {
      const off = look()
      return wall() - off
    },
  }
}
export type WallWatch = ReturnType<typeof openWallWatch>

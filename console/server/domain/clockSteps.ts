/** A step of the wall clock smaller than this is corrected by whoever keeps the time, and changes no booking. */
const stepMs = 60_000
/** Where the wall clock runs faster than real time, what is shorter than this in real time is not told from a pause of the program. */
const shortestRealMs = 1000
/** So long (real ms) nothing is concluded from a clock that has stepped; then it is taken for right. */
export const distrustMs = 15 * 60_000

export type ClockSample = { wall: number; mono: number }
/** `off`: by how much the wall clock has stepped and not yet stepped back, and when it last did. */
export type ClockState = { last: ClockSample; off: { ms: number; mono: number } | null }

/** Wall time against monotonic time: both were looked at together, so what they differ by more than before is a step. */
export const judgeClock = (state: ClockState | undefined, now: ClockSample, rate: number): ClockState => {
  if (!state) return { last: now, off: null }
  const limit = Math.max(stepMs, shortestRealMs * rate)
  const step = now.wall - state.last.wall - (now.mono - state.last.mono) * rate
  const off = state.off && now.mono - state.off.mono < distrustMs ? state.off : null
  if (Math.abs(step) <= limit) return { last: now, off }
  const ms = (off?.ms ?? 0) + step
  return { last: now, off: Math.abs(ms) <= limit ? null : { ms, mono: now.mono } }
}

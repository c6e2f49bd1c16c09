import { describe, expect, it } from 'vitest'
import { realPace } from '#contract/pace'
import { steadyClock } from '../../console/server/agents/link/protocolClock.ts'
import { type ClockState, distrustMs, judgeClock } from '../../console/server/domain/clockSteps.ts'
import { openWallWatch } from '../../console/server/mirror/wallWatch.ts'

const hour = 3_600_000
/** Looked at once a second: by how much it is off after each second, when it steps by so much at some of them. */
const watched = (seconds: number, steps: Record<number, number>, rate = 1) => {
  let state: ClockState | undefined
  let wall = 1_000_000
  const offs: number[] = []
  for (let s = 0; s <= seconds; s++) {
    wall += (s === 0 ? 0 : 1000 * rate) + (steps[s] ?? 0)
    state = judgeClock(state, { wall, mono: s * 1000 }, rate)
    offs.push(state.off?.ms ?? 0)
  }
  return offs
}

describe('steps of the wall clock', () => {
  it('a clock that goes on is trusted, at whatever rate, and so is one that is corrected a little', () => {
    for (const rate of [1, 60, 3600]) expect(new Set(watched(3600, {}, rate))).toEqual(new Set([0]))
    expect(new Set(watched(100, { 20: 59_000, 40: -59_000 }))).toEqual(new Set([0]))
  })
  it('a step ahead or back is seen at once and not believed for 15 minutes of real time', () => {
    const offs = watched(1200, { 20: 2 * hour })
    expect(offs[19]).toBe(0)
    expect(offs[20]).toBe(2 * hour)
    expect(offs[20 + distrustMs / 1000 - 1]).toBe(2 * hour)
    expect(offs[20 + distrustMs / 1000]).toBe(0)
    expect(watched(30, { 20: -2 * hour })[30]).toBe(-2 * hour)
  })
  it('the opposite step puts it right; a second step counts with the first and begins the time anew', () => {
    expect(watched(60, { 20: 2 * hour, 50: -2 * hour - 3000 }).slice(49, 52)).toEqual([2 * hour, 0, 0])
    const twice = watched(1800, { 20: 2 * hour, 600: hour })
    expect(twice[600]).toBe(3 * hour)
    expect(twice[20 + distrustMs / 1000]).toBe(3 * hour)
    expect(twice[600 + distrustMs / 1000]).toBe(0)
  })
  it('a program that stood still for an hour has not seen a step', () => {
    const before = judgeClock(undefined, { wall: 0, mono: 0 }, 1)
    expect(judgeClock(before, { wall: hour, mono: hour }, 1).off).toBeNull()
  })
  it('the steady clock leaves the step out, and takes it in when it is believed', () => {
    let mono = 0
    let put = 0
    const watch = openWallWatch(
      () => mono + put,
      () => mono,
      () => realPace,
    )
    put = 2 * hour
    mono = 1000
    expect(watch.look()).toBe(2 * hour)
    expect(watch.steady()).toBe(1000)
    mono += distrustMs
    expect(watch.look()).toBe(0)
    expect(watch.steady()).toBe(mono + put)
  })
})

it('the console’s clock on the wire only goes on, whatever is done to the wall clock', () => {
  let mono = 500
  const clock = steadyClock(1_000_000, () => mono)
  expect(clock()).toBe(1_000_000)
  mono = 1750
  expect(clock()).toBe(1_001_250)
})

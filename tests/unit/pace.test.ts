import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { handOverMs, isSimulated, type Pace, paceAfter, realPace, wallAt } from '#contract/pace'
import { openPaceFile, readPace, writePace } from '#program/paceFile'
import { PacedClock, parsePace } from '#program/wallClock'
import { openWallWatch } from '../../console/server/mirror/wallWatch.ts'
import { WallWatch } from '../../edge-agent/control/wallWatch.ts'
import { until } from '../harness/wait.ts'

const minute = 60_000
const evening: Pace = { rate: 60, sinceReal: 0, sinceSimulated: Date.parse('2026-11-28T18:58:00+08:00'), why: 'set' }
const rate = fc.constantFrom(1, 2, 10, 60, 240, 3600)
/** Changes of pace, each so long after the one before it. */
const changes = fc.array(fc.record({ after: fc.nat(5000), rate }), { maxLength: 12 })
/** How much later each change is heard of by another program. */
const lag = (most: number) => fc.array(fc.nat(most), { minLength: 12, maxLength: 12 })

const timeline = (steps: { after: number; rate: number }[]) => {
  let [real, pace] = [0, evening]
  return steps.map(s => {
    real += s.after
    pace = paceAfter(pace, real, s.rate, 'set')
    return { real, pace }
  })
}
const lookMs = 7
/** Looks at a clock again and again while it hears of each change so much later. */
const walk = (steps: { real: number; pace: Pace }[], lags: readonly number[], look: (at: number, before: number) => void) => {
  let real = 0
  const clock = new PacedClock(evening, () => real)
  const heard = steps.map((s, i) => ({ at: s.real + (lags[i] ?? 0), pace: s.pace }))
  let before = clock.now()
  let known = evening
  for (const end = (steps.at(-1)?.real ?? 0) + 10_000; real < end; real += lookMs) {
    const newest = heard.findLast(h => h.at <= real)
    if (newest && newest.pace !== known) {
      known = newest.pace
      clock.take(known)
    }
    const now = clock.now()
    look(now, before)
    before = now
  }
  return { clock, real: () => real }
}

describe('the pace of a demo', () => {
  it('the wall clock never goes back, whoever changes its pace how often, and however late a program hears of it', () => {
    fc.assert(
      fc.property(changes, lag(4000), (steps, lags) => {
        let most = 0
        walk(timeline(steps), lags, (now, before) => {
          most = Math.max(most, before - now)
        })
        expect(most).toBe(0)
      }),
      { numRuns: 200 },
    )
  })
  it('a program that hears of it in time need not wait, and all agree from then on', () => {
    fc.assert(
      fc.property(changes, lag(handOverMs - lookMs), (steps, lags) => {
        const line = timeline(steps)
        const last = line.at(-1)?.pace ?? evening
        const { clock, real } = walk(line, lags, () => {})
        expect(clock.now()).toBe(wallAt(last, real()))
      }),
      { numRuns: 200 },
    )
  })
  it('one that hears of a slower pace in time goes on without standing still', () => {
    let real = 1000
    const clock = new PacedClock(evening, () => real)
    const slow = paceAfter(evening, real, 1, 'emergency')
    real += handOverMs
    const before = clock.now()
    clock.take(slow)
    expect(clock.now()).toBeGreaterThanOrEqual(before)
    real += 1000
    expect(clock.now()).toBe(wallAt(slow, real))
  })
  it('back in real time a second is a second', () => {
    const slow = paceAfter(evening, 2000, 1, 'emergency')
    expect(wallAt(slow, 2000 + minute) - wallAt(slow, 2000)).toBe(minute)
    expect([isSimulated(realPace), isSimulated(slow)]).toEqual([false, true])
  })
  it('begins as ZHIBAN_TIME says, and says how to write it', () => {
    expect(parsePace('2026-11-28T18:58:00+08:00@0,60')).toEqual(evening)
    expect(() => parsePace('seven,60')).toThrow('ZHIBAN_TIME')
    expect(() => parsePace('2026-11-28T18:58:00+08:00,4000')).toThrow('3600')
  })
})

describe('a clock whose pace is changed', () => {
  const setAlarm = () => [{ forget: 'standing' as const, key: 'clock/jump' }]
  it('is not taken for one that was put, neither by the agent nor by the console', () => {
    let real = 0
    const clock = new PacedClock(evening, () => real)
    const pace = () => clock.pace
    const edge = new WallWatch({ pace, setAlarm }, { wall: clock.now(), mono: real })
    const desk = openWallWatch(
      () => clock.now(),
      () => real,
      pace,
    )
    for (const [at, next] of [
      [5000, 1],
      [20_000, 3600],
      [40_000, 1],
    ] as const) {
      for (; real < at; real += 100) expect(edge.look({ wall: clock.now(), mono: real }).effects).toEqual([])
      clock.take(paceAfter(clock.pace, real, next, 'set'))
      expect(edge.look({ wall: clock.now(), mono: real }).jumpedFrom).toBeUndefined()
      expect(desk.look()).toBe(0)
    }
    real += 100
    edge.look({ wall: clock.now(), mono: real })
    expect(edge.look({ wall: clock.now() + 10 * minute, mono: real }).jumpedFrom).toBeDefined()
  })
  it('counts what has been lived through at the pace of each stretch, however late it hears of a change', () => {
    fc.assert(
      // Two changes of one moment, of which the first was never in force, are not told from a clock that was put ahead.
      fc.property(
        changes.filter(all => all.every(c => c.after > 0)),
        lag(2000),
        (steps, lags) => {
          let real = 0
          const clock = new PacedClock(evening, () => real)
          const edge = new WallWatch({ pace: () => clock.pace, setAlarm }, { wall: clock.now(), mono: 0 })
          const [begun, from] = [edge.lived(0), clock.now()]
          for (const [i, { after, rate }] of steps.entries()) {
            const next = paceAfter(clock.pace, real + after, rate, 'set')
            for (const heard = real + after + (lags[i] ?? 0); real < heard; real += 100)
              edge.look({ wall: clock.now(), mono: real })
            clock.take(next)
          }
          for (const end = real + 5000; real < end; real += 100) edge.look({ wall: clock.now(), mono: real })
          // Never less than the wall has gone on; more only where a clock that was slowed too late waits for the others.
          expect(edge.lived(real) - begun).toBeGreaterThanOrEqual(clock.now() - from - 1)
        },
      ),
    )
  })
  it('an hour across a pace that falls is an hour; a clock that is put ahead makes no minute', () => {
    let pace = evening
    const edge = new WallWatch({ pace: () => pace, setAlarm }, { wall: evening.sinceSimulated, mono: 0 })
    const begun = edge.lived(0)
    pace = paceAfter(pace, 1000, 1, 'emergency')
    edge.look({ wall: wallAt(pace, 1000), mono: 1000 })
    expect(edge.lived(3000) - begun).toBe(minute + 59 * handOverMs + 2000)
    pace = { ...pace, sinceReal: 3000, sinceSimulated: wallAt(pace, 3000) + 120 * minute }
    edge.look({ wall: wallAt(pace, 3000), mono: 3000 })
    expect(edge.lived(3000) - begun).toBe(minute + 59 * handOverMs + 2000)
  })
})

describe('the file in which the pace of all programs stands', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-pace-'))
  const file = join(folder, 'demo', 'clock.json')
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  it('is followed by each, and changed by one', async () => {
    const now = Date.now()
    writePace(file, { ...evening, sinceReal: now })
    const [one, other] = [openPaceFile(file), openPaceFile(file)]
    let told = 0
    other.onChange(() => told++)
    one.change?.(1, 'emergency')
    expect(one.pace).toMatchObject({ rate: 1, why: 'emergency' })
    await until('the other clock to follow', () => other.pace.rate === 1)
    expect([other.pace, told]).toEqual([one.pace, 1])
    expect(readPace(file)).toEqual(one.pace)
  })
})

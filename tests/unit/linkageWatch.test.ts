import { describe, expect, it } from 'vitest'
import type { JournalOf } from '#contract/journal'
import { level } from '#contract/priority'
import type { Linkage } from '#contract/site'
import { openCalendar } from '#program/localCalendar'
import { LinkageWatch, unmeasured, type Watched } from '../../edge-agent/control/linkageWatch.ts'
import type { Effect } from '../../edge-agent/memory/edgeMemory.ts'
import { Core, miniSite } from '../harness/core.ts'

const calendar = openCalendar('Asia/Shanghai')

/** One action on ahu-1 of a fire that began at 0; the alarm it would set stands in `alarm`. */
const bench = (change: Partial<Linkage> = {}) => {
  const site = miniSite()
  const core = new Core({ site, calendar, wall: 0 })
  const air = site.compartments[0]?.linkages[0]
  if (!air) throw new Error('the mini site has one action')
  const linkage = { ...air, ...change }
  core.arrays.put('ahu-1/fan_cmd', { level: level.fire, value: false, causes: [], since: 0, until: null })
  const seen = { alarm: undefined as boolean | undefined }
  const watch = new LinkageWatch({
    image: core.image,
    arrays: core.arrays,
    mono: () => core.wall,
    wall: () => core.wall,
    setAlarm(_, active) {
      seen.alarm = active
      return []
    },
  })
  const live: Watched = {
    compartment: 'comp',
    event: 'e',
    triggeredAt: 0,
    linkages: [linkage],
    measured: { [linkage.id]: unmeasured },
  }
  const phases = (effects: readonly Effect[]) =>
    effects.flatMap(e => ('record' in e && e.record.type === 'linkage' ? [(e.record as JournalOf<'linkage'>).phase] : []))
  return {
    core,
    seen,
    live,
    /** The fire wants the fan off, or another one wants it on. */
    wants: (value: boolean) => core.arrays.put('ahu-1/fan_cmd', { level: level.fire, value, causes: [], since: 0, until: null }),
    lose: () => core.image.setLink('ahu-1', { reason: 'no-answer', code: null }, core.wall),
    at(ms: number) {
      core.wall = ms
      return phases(watch.step(live))
    },
    started() {
      watch.onWritten('ahu-1/fan_cmd', false, 'taken', [live])
    },
  }
}

it('what comes late is told as late, and is missing no longer', () => {
  const b = bench()
  b.started()
  expect(b.at(30_001)).toEqual(['missing'])
  b.core.reads('ahu-1', 'fan_fb', false)
  expect(b.at(31_000)).toEqual(['late'])
  expect(b.live.measured).toEqual({ air: { startedMs: 0, feedbackMs: 31_000, missing: false, relapsed: false } })
  expect(b.seen.alarm).toBe(false)
})

describe('a dead device', () => {
  it('whose signal cannot be sent is missing at once', () => {
    const b = bench()
    b.lose()
    expect(b.at(100)).toEqual(['missing'])
    expect(b.seen.alarm).toBe(true)
  })
  it('that had its signal has the time of its limit', () => {
    const b = bench()
    b.started()
    b.lose()
    expect(b.at(30_000)).toEqual([])
    expect(b.at(30_001)).toEqual(['missing'])
  })
  it('that the panel switches by wire has the time of its limit', () => {
    const b = bench({ by: 'panel', startLimitMs: 10_000 })
    b.lose()
    expect(b.at(10_000)).toEqual([])
    expect(b.seen.alarm).toBeUndefined()
    expect(b.at(30_001)).toEqual(['missing'])
  })
})

it('what another fire overrules is missed no longer; once it counts again it is missed anew', () => {
  const b = bench()
  expect(b.at(30_001)).toEqual(['missing'])
  b.wants(true)
  expect(b.at(31_000)).toEqual([])
  expect(b.seen.alarm).toBe(false)
  b.wants(false)
  expect(b.at(32_000)).toEqual(['missing'])
  expect(b.seen.alarm).toBe(true)
})

it('what had fallen back and was overruled has not fallen back: when it counts again and stands, nothing is restored', () => {
  const b = bench()
  b.started()
  b.core.reads('ahu-1', 'fan_fb', false)
  expect(b.at(1000)).toEqual(['fed-back'])
  b.core.reads('ahu-1', 'fan_fb', true)
  expect(b.at(2000)).toEqual(['relapsed'])
  b.wants(true)
  expect(b.at(3000)).toEqual([])
  b.core.reads('ahu-1', 'fan_fb', false)
  b.wants(false)
  expect(b.at(4000)).toEqual([])
})

import { describe, expect, it } from 'vitest'
import type { AlarmRule } from '#contract/profile'
import type { PointValue } from '#contract/quality'
import { AlarmKeeper } from '../../edge-agent/control/alarmKeeper.ts'
import { SilenceWatch } from '../../edge-agent/control/silenceWatch.ts'
import { type Condition, stepCondition } from '../../edge-agent/domain/alarmCondition.ts'
import { ProcessImage } from '../../edge-agent/domain/image.ts'
import { silenceOf } from '../../edge-agent/domain/silence.ts'
import type { Effect } from '../../edge-agent/memory/edgeMemory.ts'
import type { Reading } from '../../edge-agent/registers/decode.ts'
import { catalogue } from '../harness/core.ts'

const rule = (r: Partial<AlarmRule>): AlarmRule => ({
  point: 'p',
  deadband: 0,
  onDelayMs: 0,
  offDelayMs: 0,
  level: 3,
  kind: 'equipment',
  standalone: false,
  summary: false,
  whileRunning: false,
  latch: false,
  name: { zh: '报警', en: 'alarm' },
  ...r,
})
const good = (v: number | boolean): PointValue => ({ v, q: 'good', t: 0 })

/** Walks a condition through [time, value] pairs and returns the events with their times. */
const walk = (r: AlarmRule, steps: [number, PointValue][]) => {
  let now: Condition = { phase: 'normal' }
  const events: string[] = []
  for (const [at, value] of steps) {
    const out = stepCondition(r, now, value, at)
    now = out.next
    if (out.event) events.push(`${out.event}@${at}`)
  }
  return { events, phase: now.phase }
}

describe('alarm condition', () => {
  it('raises once and returns once', () => {
    expect(
      walk(rule({ equals: true }), [
        [0, good(false)],
        [1, good(true)],
        [2, good(true)],
        [3, good(false)],
        [4, good(false)],
      ]).events,
    ).toEqual(['raise@1', 'return@3'])
  })
  it('waits for its on-delay, and starts it anew after a gap', () => {
    const r = rule({ equals: true, onDelayMs: 1000 })
    expect(
      walk(r, [
        [0, good(true)],
        [500, good(false)],
        [600, good(true)],
        [1500, good(true)],
        [1600, good(true)],
      ]).events,
    ).toEqual(['raise@1600'])
  })
  it('waits for its off-delay', () => {
    const r = rule({ equals: true, offDelayMs: 1000 })
    expect(
      walk(r, [
        [0, good(true)],
        [100, good(false)],
        [900, good(true)],
        [1000, good(false)],
        [2000, good(false)],
      ]).events,
    ).toEqual(['raise@0', 'return@2000'])
  })
  it('that begins three times within its time is raised before its on-delay is over, and counts anew after a gap', () => {
    const r = rule({ equals: true, onDelayMs: 60_000, count: { times: 3, withinMs: 10_000 } })
    const cuts = (from: number): [number, PointValue][] => [0, 1, 2, 3, 4].map(i => [from + i * 1000, good(i % 2 === 0)])
    expect(walk(r, cuts(0)).events).toEqual(['raise@4000'])
    expect(
      walk(r, [
        [0, good(true)],
        [1000, good(false)],
        [9000, good(true)],
        [9500, good(false)],
        [11_000, good(true)],
      ]).events,
    ).toEqual([])
    // What was lost meanwhile decides nothing.
    expect(walk(r, [...cuts(0).slice(0, 4), [3500, { v: false, q: 'stale', t: 0 }], [4000, good(true)]]).events).toEqual([])
    expect(walk(rule({ equals: true, onDelayMs: 60_000 }), cuts(0)).events).toEqual([])
  })
  it('does not chatter about its limit: 69.9 / 70.1 with a deadband', () => {
    const r = rule({ above: 70, deadband: 2 })
    expect(
      walk(r, [
        [0, good(70.1)],
        [1, good(69.9)],
        [2, good(70.1)],
        [3, good(68.1)],
        [4, good(67.9)],
      ]).events,
    ).toEqual(['raise@0', 'return@4'])
  })
  it('below has its deadband on the other side', () => {
    const r = rule({ below: 5, deadband: 1 })
    expect(
      walk(r, [
        [0, good(4.9)],
        [1, good(5.5)],
        [2, good(6.1)],
      ]).events,
    ).toEqual(['raise@0', 'return@2'])
  })
  for (const q of ['stale', 'bad', 'uncertain'] as const)
    it(`a ${q} value neither raises nor returns`, () => {
      expect(walk(rule({ equals: true }), [[0, { v: true, q, t: 0 }]])).toEqual({ events: [], phase: 'normal' })
      expect(
        walk(rule({ equals: true }), [
          [0, good(true)],
          [1, { v: false, q, t: 0 }],
        ]),
      ).toEqual({ events: ['raise@0'], phase: 'active' })
    })
  it('1, 2: an uncertain fire still raises, and does not return on an uncertain value', () => {
    const uncertain = (v: boolean): PointValue => ({ v, q: 'uncertain', t: 0 })
    const fire = rule({ equals: true, level: 1, kind: 'fire' })
    expect(
      walk(fire, [
        [0, uncertain(true)],
        [1, uncertain(false)],
      ]),
    ).toEqual({ events: ['raise@0'], phase: 'active' })
    expect(
      walk(fire, [
        [0, good(true)],
        [1, uncertain(false)],
        [2, good(false)],
      ]).events,
    ).toEqual(['raise@0', 'return@2'])
  })
  it('an unverified moment starts a delay anew', () => {
    const r = rule({ equals: true, onDelayMs: 1000 })
    expect(
      walk(r, [
        [0, good(true)],
        [900, { v: true, q: 'stale', t: 0 }],
        [1000, good(true)],
        [1500, good(true)],
        [2000, good(true)],
      ]).events,
    ).toEqual(['raise@2000'])
  })
})

describe('14: an alarm that counts only while its device runs', () => {
  const profile = catalogue.get('zone-controller')
  if (!profile) throw new Error('the zone controller has a profile')
  const half = 1_800_000
  const zone = () => {
    const image = new ProcessImage([{ id: 'z', profile }], 0)
    image.setLink('z', null, 0)
    const keeper = new AlarmKeeper([{ id: 'z', profile, name: profile.name, placeOf: () => 'z' }], image, new Map())
    const told = (effects: readonly Effect[]) => effects.flatMap(e => ('record' in e ? [e.record.type] : []))
    return {
      /** null: the device does not say whether it runs. */
      reads(at: number, temp: number, on: boolean | null) {
        const runs: Reading = on === null ? { ok: false, why: 'nonsense', raw: () => '' } : { ok: true, v: on, raw: () => '' }
        image.apply(
          'z',
          new Map([
            ['temp', { ok: true, v: temp, raw: () => '' }],
            ['on_fb', runs],
          ]),
          at,
          at,
        )
        return told(keeper.evaluate('z', ['temp', 'on_fb'], at, at))
      },
      time: (at: number) => told(keeper.elapse(at, at)),
    }
  }
  it('is silent in a warm room whose air is off, however long', () => {
    const z = zone()
    expect([z.reads(0, 34, false), z.reads(half, 34, false), z.reads(3 * half, 34, false), z.time(3 * half)].flat()).toEqual([])
  })
  it('is raised when the room is warm after running for the delay, and returns when the air goes off', () => {
    const z = zone()
    z.reads(0, 34, false)
    expect(z.reads(1000, 34, true)).toEqual([])
    expect(z.reads(half, 33, true)).toEqual([])
    expect(z.time(1000 + half)).toEqual(['alarm-raised'])
    expect(z.reads(2 * half, 34, false)).toEqual([])
    expect(z.time(2 * half + 30_000)).toEqual(['alarm-returned'])
  })
  it('decides nothing while nobody knows whether it runs', () => {
    const z = zone()
    z.reads(0, 34, true)
    z.reads(half - 1000, 34, null)
    expect([z.time(half), z.reads(2 * half, 34, null)].flat()).toEqual([])
    z.reads(3 * half, 34, true)
    expect(z.time(4 * half)).toEqual(['alarm-raised'])
    expect([z.reads(5 * half, 34, null), z.time(6 * half)].flat()).toEqual([])
  })
})

describe('the silence watchdog', () => {
  const hour = 3_600_000
  const watch = { quietH: 24, testPoint: 'test', testD: 31 }
  it('counts from the last news and from the last test, each for itself', () => {
    const heard = { changedAt: 0, testedAt: 0 }
    expect(silenceOf(watch, heard, 24 * hour)).toEqual({ quiet: false, untested: false })
    expect(silenceOf(watch, heard, 24 * hour + 1)).toEqual({ quiet: true, untested: false })
    expect(silenceOf(watch, { ...heard, changedAt: 31 * 24 * hour }, 31 * 24 * hour + 1)).toEqual({
      quiet: false,
      untested: true,
    })
    expect(silenceOf({}, heard, 1e15)).toEqual({ quiet: false, untested: false })
  })
  it('raises once, survives a restart with its count, and returns with the next news', () => {
    const device = { id: 'p', name: { zh: 'p', en: 'p' }, profile: 'x', bus: 'b', feeds: [], watch }
    const active = new Map<string, boolean>()
    const kept = new Map<string, unknown>()
    const keep = (effects: readonly Effect[]) => {
      for (const e of effects) if ('keep' in e) kept.set(e.key, e.body)
    }
    const make = (wall: number) => {
      const setAlarm = (a: { key: string }, on: boolean) => {
        active.set(a.key, on)
        return []
      }
      return new SilenceWatch({ devices: [device], setAlarm }, kept, wall)
    }
    let guard = make(0)
    keep(guard.step(0))
    guard = make(20 * hour)
    keep(guard.step(25 * hour))
    expect(active.get('quiet/p')).toBe(true)
    keep(guard.heard('p', ['test'], () => true, 25 * hour))
    keep(guard.step(25 * hour + 1))
    expect(active.get('quiet/p')).toBe(false)
    guard = make(26 * hour)
    guard.step(25 * hour + 31 * 24 * hour)
    expect(active.get('untested/p')).toBe(false)
    guard.step(26 * hour + 31 * 24 * hour)
    expect(active.get('untested/p')).toBe(true)
  })
})

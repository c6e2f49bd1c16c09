import { describe, expect, it } from 'vitest'
import { realPace } from '#contract/pace'
import type { Profile } from '#contract/profile'
import { openCalendar } from '#program/localCalendar'
import { DeviceClocks } from '../../edge-agent/control/deviceClocks.ts'
import { RunKeeper } from '../../edge-agent/control/runKeeper.ts'
import { WallWatch } from '../../edge-agent/control/wallWatch.ts'
import { ownError } from '../../edge-agent/domain/clockDrift.ts'
import { ProcessImage } from '../../edge-agent/domain/image.ts'
import { wallStep } from '../../edge-agent/domain/wallSteps.ts'
import type { Effect } from '../../edge-agent/memory/edgeMemory.ts'
import { Core, catalogue, miniSite } from '../harness/core.ts'

const hour = 3_600_000
const records = (effects: readonly Effect[]) => effects.flatMap(e => ('record' in e && e.record.type === 'run' ? [e.record] : []))

it('at an exchange of one device only what it proves is looked at, and an air handler proves every zone that it feeds', () => {
  const core = new Core({ site: miniSite(), calendar: openCalendar('Asia/Shanghai'), wall: 0 })
  const zones = (device: string) => records(core.runs.step(0, 0, device)).map(r => r.zone)
  for (const [device, key] of [
    ['zc-a', 'on_fb'],
    ['zc-b', 'on_fb'],
    ['zc-c', 'on_fb'],
    ['ahu-2', 'fan_fb'],
  ] as const)
    core.reads(device, key, true)
  expect([zones('zc-a'), zones('panel'), zones('zc-c')]).toEqual([[], [], ['c']])
  core.reads('ahu-1', 'fan_fb', true)
  expect(zones('ahu-2')).toEqual([])
  expect(zones('ahu-1')).toEqual(['a', 'b'])
  core.image.setLink('ahu-1', { reason: 'no-answer', code: null }, 0)
  expect([zones('zc-c'), zones('ahu-1')]).toEqual([[], ['a', 'b']])
})

describe('22: runs carry how long they really lasted', () => {
  const profile = catalogue.get('zone-controller') as Profile
  const make = () => {
    const image = new ProcessImage([{ id: 'zc', profile }], 0)
    image.setLink('zc', null, 0)
    const set = (on: boolean, at: number) =>
      image.apply('zc', new Map([['on_fb', { ok: true as const, v: on, raw: () => '' }]]), at, at)
    return { set, runs: new RunKeeper([{ zone: 'z', points: ['zc/on_fb'] }], image) }
  }
  it('a clock that jumps two hours ahead 20 s into a run makes no minute of them', () => {
    const { set, runs } = make()
    const watch = new WallWatch(
      { pace: () => realPace, setAlarm: (a, on) => (on ? [{ keep: 'standing', key: a.key, body: a }] : []) },
      { wall: 0, mono: 0 },
    )
    set(true, 0)
    runs.step(0, 0)
    expect(watch.look({ wall: 20_000, mono: 20_000 }).jumpedFrom).toBeUndefined()
    const jumped = watch.look({ wall: 2 * hour + 20_100, mono: 20_100 })
    expect(jumped.jumpedFrom).toEqual({ wall: 20_000, mono: 20_000 })
    expect(jumped.effects).toMatchObject([{ key: 'clock/jump' }])
    const cut = records(runs.cut({ wall: 20_000, livedMs: 20_000 }, 2 * hour + 20_100))
    expect(cut).toMatchObject([{ from: 0, to: 20_000, lastedMs: 20_000, why: 'clock-jump' }])
    // It goes on, and is proved anew from there; corrected, it is cut again.
    expect(records(runs.step(2 * hour + 20_100, 20_100))).toMatchObject([{ from: 2 * hour + 20_100, to: null }])
    set(false, 2 * hour + 30_000)
    expect(records(runs.step(2 * hour + 30_000, 30_000))).toMatchObject([
      { to: 2 * hour + 30_000, lastedMs: 9900, why: 'stopped' },
    ])
  })
  it('a run that a kill cut short is no longer than the agent lived, whatever the wall clock did', () => {
    const kept = new Map([['z', { id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', from: 1000, livedMs: 5000 }]])
    const closed = RunKeeper.closeInterrupted(kept, { wall: 2 * hour, livedMs: 65_000.4 }, 2 * hour + 5000)
    expect(records(closed)).toMatchObject([{ from: 1000, to: 61_000, lastedMs: 60_000, why: 'restart' }])
  })
  it('a fast clock of a demo is no jump, and a late tick is none', () => {
    expect(wallStep({ wall: 0, mono: 0 }, { wall: 60_000, mono: 1000 }, 60)).toBe(0)
    expect(wallStep({ wall: 0, mono: 0 }, { wall: 20_000, mono: 20_000 }, 1)).toBe(0)
    expect(wallStep({ wall: 0, mono: 0 }, { wall: -5000, mono: 100 }, 1)).toBe(-5100)
  })
})

describe('23: whose clock is wrong', () => {
  it('most devices and the console against the agent: it is the agent', () => {
    expect(ownError([60_000, 61_000, 59_500, 60_200, 0], 60_500, 5000)).toBe(60_000)
  })
  it('the console agrees with the agent: it is the devices', () => expect(ownError([hour, hour, hour], 0, 60_000)).toBe(0))
  it('nobody is accused before the console has spoken', () =>
    expect(ownError([hour, hour, hour], undefined, 60_000)).toBe('unknown'))
  it('two devices are no majority', () => expect(ownError([hour, hour], hour, 60_000)).toBe(0))
  it('an agent that is an hour slow names itself and accuses no device', () => {
    const profile = catalogue.get('fire-panel') as Profile
    const device = (n: number) => ({ id: `p${n}`, name: { zh: 'p', en: 'p' }, profile: 'fire-panel', bus: 'b', feeds: [] })
    const standing = new Set<string>()
    const clocks = new DeviceClocks({
      devices: [1, 2, 3, 4].map(n => ({ device: device(n), profile })),
      stands: key => standing.has(key),
      setAlarm(a, on) {
        if (on) standing.add(a.key)
        else standing.delete(a.key)
        return []
      },
    })
    const read = (n: number, ahead: number, wall: number) =>
      clocks.read(`p${n}`, { readings: new Map([['clock', { ok: true, v: (wall + ahead) / 1000, raw: () => '' }]]) }, wall)
    clocks.onConsole(hour + 300, 0)
    for (let k = 1; k <= 5; k++) for (const n of [1, 2, 3, 4]) read(n, n === 4 ? hour + 300_000 : hour, k * 10_000)
    expect([...standing].toSorted()).toEqual(['clock/agent', 'clock/p4'])
    // Put right: the agent's returns, and the one that is wrong stays.
    clocks.onConsole(100, 100_000)
    for (let k = 11; k <= 15; k++) for (const n of [1, 2, 3, 4]) read(n, n === 4 ? 300_000 : 0, k * 10_000)
    expect([...standing]).toEqual(['clock/p4'])
  })
})

import { describe, expect, it } from 'vitest'
import type { Command } from '#contract/messages'
import { level, longestHoldMs, type PriorityArray } from '#contract/priority'
import { readEnvironment } from '#program/environment'
import { openCalendar } from '#program/localCalendar'
import { readCatalogue } from '#program/siteFiles'
import { CommandDesk } from '../../edge-agent/control/commandDesk.ts'
import { refuseHold, tooLate } from '../../edge-agent/domain/commandCheck.ts'
import { ConsoleClock } from '../../edge-agent/domain/consoleClock.ts'
import { releaseBlocked, rememberWitnesses, ruleMet, type Witnesses } from '../../edge-agent/domain/fireRule.ts'
import { judge } from '../../edge-agent/domain/readBack.ts'
import type { Effect } from '../../edge-agent/memory/edgeMemory.ts'
import { Core, miniSite } from '../harness/core.ts'

const profiles = readEnvironment({}).ZHIBAN_PROFILES
const zone = readCatalogue(profiles).get('zone-controller')
const on = zone?.points.get('on_cmd')
const temp = zone?.points.get('temp_sp')
const boundless = temp?.write && { ...temp, write: { ...temp.write, min: undefined, max: undefined } }
const empty: PriorityArray = { holders: [], relinquishDefault: false }
const live = { linkOk: true, fireInput: false }
const dead = { linkOk: false, fireInput: false }
const cause = { id: 'x', what: { zh: '某', en: 'x' } }
const hold = (value: number | boolean, more = {}) => ({
  kind: 'hold' as const,
  point: 'z/on_cmd',
  value,
  level: 8,
  until: 1000,
  ...more,
})

describe('13: a command is judged by the console clock carried on by our own, which never goes back', () => {
  const heard = (...beats: [clock: number, mono: number][]) => {
    const clock = new ConsoleClock()
    const [told0, mono0] = beats[0] as [number, number]
    clock.hear(told0 - 1000, 'one', mono0 - 1000)
    for (const [told, mono] of beats) clock.hear(told, 'one', mono)
    return clock
  }
  it('in time', () => expect(tooLate({ issuedAt: 1_000_000, ttlMs: 10_000 }, heard([1_000_000, 500]).now(5500))).toBeUndefined())
  it('too late, whatever any wall clock says', () =>
    expect(tooLate({ issuedAt: 1_000_000, ttlMs: 10_000 }, heard([1_000_000, 500]).now(11_000))).toBe('ttl-passed'))
  it('without a heartbeat for 15 s nothing is carried out', () => {
    expect(tooLate({ issuedAt: 1_000_000, ttlMs: 600_000 }, heard([1_000_000, 500]).now(16_000))).toBe('no-console-clock')
    expect(tooLate({ issuedAt: 0, ttlMs: 1 }, new ConsoleClock().now(0))).toBe('no-console-clock')
  })
  it('stopped for 20 s: the heartbeats that waited move nothing back, and a command of 3 s that waited beside them has expired', () => {
    const clock = heard([1_000_000, 0], [1_005_000, 5000])
    // Woken at 25 s, everything that waited in the socket arrives at once.
    for (const told of [1_010_000, 1_015_000, 1_020_000]) clock.hear(told, 'one', 25_000)
    expect(tooLate({ issuedAt: 1_006_000, ttlMs: 3000 }, clock.now(25_000))).toBe('ttl-passed')
    expect(clock.now(25_001)).toBeGreaterThanOrEqual(1_025_000)
  })
  it('heartbeats that are all old are no heartbeats: nobody knows what waits behind them', () => {
    const clock = heard([1_000_000, 0])
    clock.hear(1_005_000, 'one', 25_000)
    expect(clock.now(25_000)).toBeUndefined()
  })
  it('the first heartbeats of a session may all have waited: only one that came as it was sent is believed', () => {
    const clock = new ConsoleClock()
    for (const told of [1_000_000, 1_005_000, 1_010_000]) clock.hear(told, 'one', 30_000)
    expect(clock.now(30_000)).toBeUndefined()
    clock.hear(1_032_000, 'one', 32_000)
    expect(clock.now(32_000)).toBeUndefined()
    clock.hear(1_037_000, 'one', 37_000)
    expect(clock.now(37_000)).toBe(1_037_000)
  })
  it('a stall of a quarter of an hour moves nothing back either', () => {
    const clock = heard([1_000_000, 0], [1_005_000, 5000])
    const woken = 905_000
    for (let told = 1_010_000; told < 1_030_000; told += 5000) clock.hear(told, 'one', woken)
    expect(clock.now(woken)).toBeUndefined()
    clock.hear(1_905_000, 'one', woken)
    expect(clock.now(woken)).toBeGreaterThanOrEqual(1_905_000)
  })
  it('a console of another session whose clock lies behind the last one falls silent like any other', () => {
    const clock = heard([1_000_000, 0], [1_005_000, 5000])
    for (const mono of [10_000, 15_000]) clock.hear(490_000 + mono, 'two', mono)
    expect(clock.now(30_000)).toBe(520_000)
    expect(clock.now(30_001)).toBeUndefined()
  })
  it('a heartbeat that came late does not make the console’s time later: the best of ten minutes goes on', () => {
    const clock = heard([1_000_000, 0], [1_005_000, 5000])
    clock.hear(1_010_000, 'one', 13_000)
    expect(clock.now(14_000)).toBe(1_014_000)
  })
  it('two clocks that drift apart are followed, and a console of another session begins anew', () => {
    const clock = new ConsoleClock()
    // Ours is fast by 50 ppm for three days.
    for (let s = 0; s < 3 * 86_400; s += 5) clock.hear(1_000_000 + s * 1000, 'one', s * 1000 * 1.00005)
    const end = 3 * 86_400_000
    expect((clock.now(end * 1.00005) ?? 0) - (1_000_000 + end)).toBeLessThan(100)
    clock.hear(5000, 'two', end * 1.00005)
    expect(clock.now(end * 1.00005)).toBeUndefined()
    clock.hear(6000, 'two', end * 1.00005 + 1000)
    expect(clock.now(end * 1.00005 + 1000)).toBe(6000)
  })
})

describe('why a hold is refused', () => {
  const fire: PriorityArray = {
    holders: [{ level: level.fire, value: false, causes: [cause], since: 0, until: null }],
    relinquishDefault: false,
  }
  const table: [string, ReturnType<typeof refuseHold>, string | undefined][] = [
    ['a good one is not', refuseHold(hold(true), on, live, empty, 0), undefined],
    ['no such point', refuseHold(hold(true), undefined, live, empty, 0), 'unknown-point'],
    ['a status point', refuseHold(hold(true), zone?.points.get('on_fb'), live, empty, 0), 'read-only'],
    ['a number for a switch', refuseHold(hold(1), on, live, empty, 0), 'wrong-type'],
    ['too hot', refuseHold(hold(40), temp, live, empty, 0), 'out-of-range'],
    ['the coolest that may be', refuseHold(hold(18), temp, live, empty, 0), undefined],
    ['the warmest', refuseHold(hold(28), temp, live, empty, 0), undefined],
    ['more than its register holds', refuseHold(hold(70_000), boundless, live, empty, 0), 'out-of-range'],
    ['no number', refuseHold(hold(Number.NaN), temp, live, empty, 0), 'wrong-type'],
    ['a dead device', refuseHold(hold(true), on, dead, empty, 0), 'link-lost'],
    ['a level of the programme', refuseHold(hold(true, { level: 12 }), on, live, empty, 0), 'level-not-allowed'],
    ['the fire level', refuseHold(hold(true, { level: 2 }), on, live, empty, 0), 'level-not-allowed'],
    ['an end that is over', refuseHold(hold(true), on, live, empty, 1000), 'end-in-the-past'],
    ['fire holds it', refuseHold(hold(true), on, live, fire, 0), 'outranked'],
    ['the longest that may be', refuseHold(hold(true, { until: longestHoldMs }), on, live, empty, 0), undefined],
    ['15: an end a year away', refuseHold(hold(true, { until: 366 * 86_400_000 }), on, live, empty, 0), 'hold-too-long'],
    ['5: against its own fire input', refuseHold(hold(true), on, { ...live, fireInput: true }, empty, 0), 'fire-input'],
    ['nothing to release', refuseHold({ kind: 'release', point: 'z/on_cmd', level: 8 }, on, live, empty, 0), 'nothing-held'],
  ]
  for (const [name, actual, expected] of table) it(name, () => expect(actual).toBe(expected))
})

describe('read-back', () => {
  const rule = { settleMs: 300, holdMs: 500, limitMs: 5000, tolerance: 0 }
  const good = { v: true, q: 'good' as const, t: 0 }
  it('is not believed before the settle time, and must stay for the hold time', () => {
    let w = { writtenAt: 0, matchingSince: undefined as number | undefined }
    const look = (now: number, value = good as Parameters<typeof judge>[3]) => {
      const v = judge(rule, w, true, value, now, now)
      if (v.state === 'waiting') w = v.next as typeof w
      return v.state
    }
    expect(look(200)).toBe('waiting')
    expect(look(400)).toBe('waiting')
    expect(look(700, { v: false, q: 'good', t: 0 })).toBe('waiting')
    expect(look(800)).toBe('waiting')
    expect(look(1299)).toBe('waiting')
    expect(look(1300)).toBe('confirmed')
  })
  it('a stale value confirms nothing, and the limit ends the waiting', () => {
    expect(
      judge(rule, { writtenAt: 0, matchingSince: undefined }, true, { v: true, q: 'stale', t: 0 }, 3000, 3000),
    ).toMatchObject({
      state: 'waiting',
    })
    expect(judge(rule, { writtenAt: 0, matchingSince: undefined }, true, { v: true, q: 'stale', t: 0 }, 5001, 5001)).toEqual({
      state: 'failed',
    })
  })
  it('what was read before the write settled confirms nothing, however long ago', () => {
    expect(judge(rule, { writtenAt: 1000, matchingSince: undefined }, true, good, 1200, 4000)).toMatchObject({
      state: 'waiting',
      next: { matchingSince: undefined },
    })
    expect(judge(rule, { writtenAt: 1000, matchingSince: undefined }, true, good, undefined, 4000)).toMatchObject({
      state: 'waiting',
    })
  })
  it('a set-point may differ by its tolerance', () => {
    const w = { writtenAt: 0, matchingSince: 300 }
    expect(judge({ ...rule, tolerance: 0.05 }, w, 24, { v: 24.04, q: 'good', t: 0 }, 900, 900)).toEqual({ state: 'confirmed' })
    expect(judge({ ...rule, tolerance: 0.05 }, w, 24, { v: 24.1, q: 'good', t: 0 }, 900, 900)).toMatchObject({ state: 'waiting' })
  })
})

describe('the fire rule', () => {
  const panel = readCatalogue(profiles).get('fire-panel')
  const c = {
    witnesses: ['l1_w1_fire', 'l1_w2_fire', 'l1_cpw_fire'],
    rule: { independent: 2, windowS: 60 },
    panelNormal: { point: 'fire', value: false },
  } as never
  type Q = 'good' | 'stale' | 'uncertain'
  const value = (v: boolean, q: Q = 'good') => ({ v, q, t: 0 })
  const look = (values: Record<string, ReturnType<typeof value>>, before: Witnesses = {}, wall = 0) => {
    if (!panel) throw new Error('no panel')
    return rememberWitnesses(c, { profile: panel, read: p => values[p] }, before, wall)
  }
  const [a, b] = ['l1_w1_fire', 'l1_w2_fire'] as const
  it('needs two independent devices, each seen to be in alarm', () => {
    expect(ruleMet(c, look({ [a]: value(true) }))).toBe(false)
    expect(ruleMet(c, look({ [a]: value(true), [b]: value(true) }))).toBe(true)
    expect(ruleMet(c, look({ [a]: value(true), [b]: value(true, 'stale') }))).toBe(false)
  })
  it('1, 2: an uncertain fire counts', () =>
    expect(ruleMet(c, look({ [a]: value(true), [b]: value(true, 'uncertain') }))).toBe(true))
  it('11: a shielded or faulty detector is no witness', () => {
    expect(ruleMet(c, look({ [a]: value(true), [b]: value(true), l1_w2_shield: value(true) }))).toBe(false)
    expect(ruleMet(c, look({ [a]: value(true), [b]: value(true), l1_w1_fault: value(true) }))).toBe(false)
  })
  it('11: two within the window do, also when the first has reset; after it they do not', () => {
    const first = look({ [a]: value(true), [b]: value(false) })
    const reset = look({ [a]: value(false), [b]: value(false) }, first, 10_000)
    expect(ruleMet(c, look({ [a]: value(false), [b]: value(true) }, reset, 69_000))).toBe(true)
    expect(ruleMet(c, look({ [a]: value(false), [b]: value(true) }, reset, 71_000))).toBe(false)
  })
  it('11: shielding forgets a witness that was remembered', () => {
    const reset = look({ [a]: value(false) }, { [a]: null }, 1000)
    expect(look({ [a]: value(false), l1_w1_shield: value(true) }, reset, 2000)).toEqual({})
  })
  it('a lost link neither meets the rule nor undoes it', () => {
    const first = look({ [a]: value(true) })
    expect(look({ [a]: value(true, 'stale') }, first, 500_000)).toBe(first)
  })
  it('is released only when the panel says normal, and says it freshly', () => {
    const normal = { value: false }
    expect(releaseBlocked(normal, value(false))).toBeUndefined()
    expect(releaseBlocked(normal, value(true))).toBe('panel-in-alarm')
    expect(releaseBlocked(normal, value(false, 'stale'))).toBe('panel-unverified')
    expect(releaseBlocked(normal, value(false, 'uncertain'))).toBe('panel-unverified')
    expect(releaseBlocked(normal, undefined)).toBe('panel-unverified')
  })
})

/** A desk over a core whose console has been heard, with all that it commits. */
const deskOver = (core: Core, kept: ReadonlyMap<string, unknown>) => {
  const effects: Effect[] = []
  const desk = new CommandDesk(
    {
      arrays: core.arrays,
      image: core.image,
      writer: { start: () => {}, againstFireInput: () => false },
      fire: core.fire,
      pointOf: key => zone?.points.get(key.split('/')[1] ?? ''),
      commit: more => effects.push(...more),
      mono: () => core.wall,
      wall: () => core.wall,
    },
    kept,
  )
  return { desk, effects }
}

it('what was accepted is recorded with the value that was asked for; a release has none', () => {
  const core = new Core({ site: miniSite(), calendar: openCalendar('Asia/Shanghai'), wall: 1_000_000 })
  const { desk, effects } = deskOver(core, new Map())
  for (const wall of [1_000_000, 1_005_000]) {
    core.wall = wall
    desk.onConsoleClock(wall, 's')
  }
  const ask = (id: string, act: Command['act']) =>
    desk.receive({ id, act, by: cause, issuedAt: core.wall, ttlMs: 5000 } as Command)
  ask('a', { kind: 'hold', point: 'zc-a/on_cmd', value: true, level: level.operator, until: core.wall + 3_600_000 })
  ask('b', { kind: 'release', point: 'zc-a/on_cmd', level: level.operator })
  const records = effects.flatMap(e => ('record' in e && e.record.type === 'command' ? [e.record] : []))
  expect(records.map(r => [r.step, r.value])).toEqual([
    ['accepted', true],
    ['accepted', null],
  ])
})

it('an opening for who passes ends by itself, leaves alone what others hold, and is not made longer by another', () => {
  const core = new Core({ site: miniSite(), calendar: openCalendar('Asia/Shanghai'), wall: 1_000_000 })
  const { desk, effects } = deskOver(core, new Map())
  for (const wall of [1_000_000, 1_005_000]) {
    core.wall = wall
    desk.onConsoleClock(wall, 's')
  }
  const point = 'zc-a/on_cmd'
  const ask = (id: string, act: Command['act']) => desk.receive({ id, act, by: cause, issuedAt: core.wall, ttlMs: 5000 })
  const pass = { kind: 'let-pass' as const, point, value: true, seconds: 5 }
  const reasons = () =>
    effects.flatMap(e => ('record' in e && e.record.type === 'command' ? [[e.record.id, e.record.step, e.record.reason]] : []))
  const holder = () => core.arrays.holder(point, level.operator)
  ask('first', pass)
  expect(holder()).toMatchObject({ value: true, until: core.wall + 5000 })
  core.wall += 3000
  ask('again', pass)
  expect(holder()?.until).toBe(core.wall + 2000)
  core.arrays.clear(point, level.operator)
  ask('person', { kind: 'hold', point, value: false, level: level.operator, until: core.wall + 60_000 })
  ask('over a person', pass)
  core.arrays.clear(point, level.operator)
  core.arrays.put(point, { level: level.fire, value: false, causes: [cause], since: core.wall, until: null })
  ask('over a fire', pass)
  expect(reasons()).toEqual([
    ['first', 'accepted', null],
    ['again', 'refused', 'held-already'],
    ['person', 'accepted', null],
    ['over a person', 'refused', 'held-already'],
    ['over a fire', 'refused', 'held-already'],
  ])
})

it('what came after its end has expired; what cannot be judged for want of a console clock is refused', () => {
  const core = new Core({ site: miniSite(), calendar: openCalendar('Asia/Shanghai'), wall: 1_000_000 })
  const { desk, effects } = deskOver(core, new Map())
  const ask = (id: string) =>
    desk.receive({ id, act: { kind: 'release', point: 'zc-a/on_cmd', level: 8 }, by: cause, issuedAt: 900_000, ttlMs: 5000 })
  ask('unheard')
  for (const wall of [1_000_000, 1_005_000]) {
    core.wall = wall
    desk.onConsoleClock(wall, 's')
  }
  ask('late')
  const records = effects.flatMap(e => ('record' in e && e.record.type === 'command' ? [e.record] : []))
  expect(records.map(r => [r.step, r.reason])).toEqual([
    ['refused', 'no-console-clock'],
    ['expired', 'ttl-passed'],
  ])
})

it('15: ids of commands are forgotten after a day, also in an agent that runs for years', () => {
  const day = 86_400_000
  const core = new Core({ site: miniSite(), calendar: openCalendar('Asia/Shanghai'), wall: 10 * day })
  const kept = { step: 'confirmed', point: 'zc-a/on_cmd', level: 8, value: true }
  const ids = new Map([
    ['old', { ...kept, at: 8 * day }],
    ['young', { ...kept, at: 9.5 * day }],
  ])
  const { desk, effects } = deskOver(core, ids)
  const forgotten = () => effects.flatMap(e => ('forget' in e ? [e.key] : []))
  desk.prune(core.wall)
  expect(forgotten()).toEqual(['old'])
  // Looked for every ten minutes, not with every tick.
  core.wall += day / 2 + 1
  desk.prune(599_999 + 10 * day)
  expect(forgotten()).toEqual(['old'])
  core.wall += day
  desk.prune(core.wall)
  expect(forgotten()).toEqual(['old', 'young'])
})

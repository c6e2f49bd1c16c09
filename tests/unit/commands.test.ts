import { describe, expect, it } from 'vitest'
import { level, type PriorityArray } from '#contract/priority'
import { readEnvironment } from '#program/environment'
import { readCatalogue } from '#program/siteFiles'
import { refuseHold, tooLate } from '../../edge-agent/domain/commandCheck.ts'
import { releaseBlocked, ruleMet, witnessesInAlarm } from '../../edge-agent/domain/fireRule.ts'
import { judge } from '../../edge-agent/domain/readBack.ts'

const profiles = readEnvironment({}).ZHIBAN_PROFILES
const zone = readCatalogue(profiles).get('zone-controller')
const on = zone?.points.get('on_cmd')
const temp = zone?.points.get('temp_sp')
const empty: PriorityArray = { holders: [], relinquishDefault: false }
const cause = { id: 'x', what: { zh: '某', en: 'x' } }
const hold = (value: number | boolean, more = {}) => ({
  kind: 'hold' as const,
  point: 'z/on_cmd',
  value,
  level: 8,
  until: 1000,
  ...more,
})

describe('a command is judged by the console clock carried on by our own', () => {
  const clock = { clock: 1_000_000, heardAt: 500 }
  it('in time', () => expect(tooLate({ issuedAt: 1_000_000, ttlMs: 10_000 }, clock, 5500)).toBeUndefined())
  it('too late, whatever any wall clock says', () =>
    expect(tooLate({ issuedAt: 1_000_000, ttlMs: 10_000 }, clock, 11_000)).toBe('ttl-passed'))
  it('without a heartbeat for 15 s nothing is carried out', () => {
    expect(tooLate({ issuedAt: 1_000_000, ttlMs: 600_000 }, clock, 16_000)).toBe('no-console-clock')
    expect(tooLate({ issuedAt: 0, ttlMs: 1 }, undefined, 0)).toBe('no-console-clock')
  })
})

describe('why a hold is refused', () => {
  const fire: PriorityArray = {
    holders: [{ level: level.fire, value: false, causes: [cause], since: 0, until: null }],
    relinquishDefault: false,
  }
  const table: [string, ReturnType<typeof refuseHold>, string | undefined][] = [
    ['a good one is not', refuseHold(hold(true), on, true, empty, 0), undefined],
    ['no such point', refuseHold(hold(true), undefined, true, empty, 0), 'unknown-point'],
    ['a status point', refuseHold(hold(true), zone?.points.get('on_fb'), true, empty, 0), 'read-only'],
    ['a number for a switch', refuseHold(hold(1), on, true, empty, 0), 'wrong-type'],
    ['too hot', refuseHold(hold(40), temp, true, empty, 0), 'out-of-range'],
    ['no number', refuseHold(hold(Number.NaN), temp, true, empty, 0), 'wrong-type'],
    ['a dead device', refuseHold(hold(true), on, false, empty, 0), 'link-lost'],
    ['a level of the programme', refuseHold(hold(true, { level: 12 }), on, true, empty, 0), 'level-not-allowed'],
    ['the fire level', refuseHold(hold(true, { level: 2 }), on, true, empty, 0), 'level-not-allowed'],
    ['an end that is over', refuseHold(hold(true), on, true, empty, 1000), 'end-in-the-past'],
    ['fire holds it', refuseHold(hold(true), on, true, fire, 0), 'outranked'],
    ['nothing to release', refuseHold({ kind: 'release', point: 'z/on_cmd', level: 8 }, on, true, empty, 0), 'nothing-held'],
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
  const c = { witnesses: ['a', 'b', 'c'], rule: { independent: 2 }, panelNormal: { point: 'fire', value: false } } as never
  const value = (v: boolean, q: 'good' | 'stale' = 'good') => ({ v, q, t: 0 })
  it('needs two independent devices with trusted values', () => {
    const read = (values: Record<string, ReturnType<typeof value>>) =>
      ruleMet(
        c,
        witnessesInAlarm(c, p => values[p]),
      )
    expect(read({ a: value(true) })).toBe(false)
    expect(read({ a: value(true), b: value(true) })).toBe(true)
    expect(read({ a: value(true), b: value(true, 'stale') })).toBe(false)
  })
  it('is released only when the panel says normal, and says it freshly', () => {
    expect(releaseBlocked(c, value(false))).toBeUndefined()
    expect(releaseBlocked(c, value(true))).toBe('panel-in-alarm')
    expect(releaseBlocked(c, value(false, 'stale'))).toBe('panel-unverified')
    expect(releaseBlocked(c, undefined)).toBe('panel-unverified')
  })
})

import { describe, expect, it } from 'vitest'
import type { HoldersView } from '#api/models/live'
import type { Booking } from '#api/models/money'
import { en } from '#api/words/en'
import { type Cause, type Holder, level } from '#contract/priority'
import type { PointValue } from '#contract/quality'
import { zoneState } from '../../console/web/src/overview/zoneState.ts'

/** What a tile of the overview says of a zone: nothing that is not known, and why it is so. */
const now = Date.parse('2026-11-24T19:00:00+08:00')
const minute = 60_000
const read = (v: boolean | null, q: PointValue['q'] = 'good', t = now): PointValue => ({ v, q, t })
const holder = (at: number, value: boolean, over: Partial<Holder> = {}, cause: Partial<Cause> = {}): Holder => ({
  ...{ level: at, value, since: now - 30 * minute, until: now + 30 * minute },
  causes: [{ id: 'c', what: { zh: '原因', en: 'cause' }, ...cause }],
  ...over,
})
const held = (...holders: Holder[]): HoldersView => ({
  ...{ point: 'zc/on', array: { holders, relinquishDefault: false }, wantedButHeld: false, withheld: null },
})
const booking = (over: Partial<Booking>): Booking =>
  ({ id: 'b', zone: 'z', tenant: 't', from: now + 60 * minute, to: now + 120 * minute, state: 'signed', ...over }) as Booking
const look = (over: Partial<Parameters<typeof zoneState>[0]>) =>
  zoneState({
    zone: { id: 'z' } as Parameters<typeof zoneState>[0]['zone'],
    running: read(false),
    holders: held(),
    feeder: { name: 'AHU-1', running: read(true), holders: held(holder(level.schedule, true)) },
    compartment: 'c12',
    linkReason: undefined,
    bookings: [],
    now,
    t: en,
    clock: at => new Date(at).toISOString().slice(11, 16),
    word: w => w.en,
    tenant: id => `tenant ${id}`,
    ...over,
  })

describe('a zone on the overview', () => {
  it('is unverified, with the reason, when what says whether it runs is not good: also when somebody wants it on', () => {
    for (const running of [undefined, read(true, 'stale'), read(null, 'bad'), read(true, 'uncertain')])
      expect(look({ running, holders: held(holder(level.overtime, true)), linkReason: 'timeout' })).toMatchObject({
        look: 'unverified',
        why: expect.stringContaining('timeout'),
        passed: null,
      })
  })
  it('is not called running because somebody wants it so: it is starting until it says that it runs, and what feeds it does', () => {
    const wanted = held(holder(level.schedule, true))
    expect(look({ holders: wanted }).look).toBe('starting')
    const still = { name: 'AHU-1', running: read(false), holders: held(holder(level.schedule, true)) }
    expect(look({ running: read(true), holders: wanted, feeder: still })).toMatchObject({
      look: 'starting',
      why: expect.stringContaining('AHU-1'),
    })
    expect(look({ running: read(true), holders: wanted }).look).toBe('run')
  })
  it('has no air that is known of when its air handler cannot be read', () => {
    const lost = { name: 'AHU-1', running: read(true, 'stale'), holders: held(holder(level.schedule, true)) }
    expect(look({ running: read(true), holders: held(holder(level.schedule, true)), feeder: lost })).toMatchObject({
      look: 'unverified',
      why: expect.stringContaining('AHU-1'),
    })
  })
  it('tells a person’s decision from the programme’s, and how much of it has passed', () => {
    const on = (at: number) => look({ running: read(true), holders: held(holder(at, true)) })
    expect([on(level.operator).look, on(level.overtime).look, on(level.schedule).look]).toEqual(['hold', 'decided', 'run'])
    expect([on(level.overtime).passed, on(level.schedule).passed]).toEqual([0.5, null])
    expect(look({ holders: held(holder(level.operator, false)) }).look).toBe('hold')
  })
  it('says that it runs though it was told to stop', () => {
    expect(look({ running: read(true) })).toMatchObject({ look: 'run', why: en.overview.wantedOff })
  })
  it('is held by a fire of its own compartment, or of another on the same air handler', () => {
    const fire = (compartment: string) => ({
      name: 'AHU-1',
      running: read(false),
      holders: held(holder(level.fire, false, { until: null }, { id: compartment })),
    })
    const wanted = held(holder(level.overtime, true))
    expect(look({ holders: wanted, feeder: fire('c12') }).look).toBe('fire')
    expect(look({ holders: wanted, feeder: fire('c13') }).look).toBe('held')
    expect(look({ feeder: fire('c12') }).look).toBe('idle')
  })
  it('is left alone by what feeds it when that has its own fire input active, and says so', () => {
    const feeder = {
      name: 'AHU-1',
      running: read(false),
      holders: { ...held(holder(level.schedule, true)), withheld: 'fire-input' as const },
    }
    expect(look({ holders: held(holder(level.overtime, true)), feeder })).toMatchObject({
      look: 'held',
      why: en.hold.withheld['fire-input'],
    })
  })
  it('at rest it names the next booking, and one that nobody has signed as what will not start', () => {
    expect(look({ bookings: [booking({})] })).toMatchObject({ look: 'idle', due: true, why: expect.stringContaining('tenant t') })
    expect(look({ bookings: [booking({ state: 'quoted' })] })).toMatchObject({ due: true, left: en.overview.notSigned })
    expect(look({ bookings: [booking({ from: now - minute })] }).due).toBe(false)
    expect(look({ bookings: [booking({ state: 'ended' as Booking['state'] })] }).due).toBe(false)
  })
})

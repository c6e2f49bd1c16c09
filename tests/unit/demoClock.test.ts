import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { en } from '#api/words/en'
import { zh } from '#api/words/zh'
import { paceAfter, wallAt } from '#contract/pace'
import { PacedClock } from '#program/wallClock'
import { system } from '../../console/server/books/audit.ts'
import { openRealTime } from '../../console/server/demo/demoClock.ts'
import { noteOverdueSteps } from '../../console/subjects/emergency/steps.ts'
import { Emergencies } from '../../console/subjects/emergency/tickets.ts'
import { scenarios } from '../../simulators/scenarios.ts'
import { makeWorld } from '../../simulators/world.ts'
import { type ConsoleBooks, openConsoleBooks } from '../harness/consoleBooks.ts'

/** A demo at sixty or at thousands of times the pace: what an emergency counts is real seconds. */
const evening = Date.parse('2026-11-28T18:58:00+08:00')
const log = { error: () => {} } as never
let real = 0
let desk: ConsoleBooks
let clock: PacedClock
let emergencies: Emergencies
const fire = {
  id: 'a',
  key: 'fire-panel/l12',
  level: 1 as const,
  kind: 'fire' as const,
  device: 'fire-panel',
  point: null,
  place: 'c12',
}
const alarm = () => ({
  ...fire,
  name: { zh: '12F 火警', en: 'Fire 12F' },
  raisedAt: clock.now(),
  value: null,
  limit: null,
  unverifiedSince: null,
})

beforeEach(async () => {
  real = 1_000_000
  clock = new PacedClock({ rate: 60, sinceReal: real, sinceSimulated: evening, why: 'set' }, () => real)
  const change = (rate: number, why: 'set' | 'emergency') => clock.take(paceAfter(clock.pace, real, rate, why))
  desk = await openConsoleBooks(() => clock.now(), undefined, openRealTime(Object.assign(clock, { change }), log))
  emergencies = desk.emergencies
})
afterEach(() => desk.close())

describe('an emergency in a demo that runs fast', () => {
  it.each([60, 3600])('brings the clock back to real time; its steps have their seconds, at ×%d', async rate => {
    clock.take(paceAfter(clock.pace, real, rate, 'set'))
    const ticket = await desk.unit(system, async work => {
      real += 20 // So long it took to get here.
      return emergencies.onRaised(work, alarm())
    })
    expect(clock.pace).toMatchObject({ rate: 1, why: 'emergency' })
    const steps = await desk.books.read
      .selectFrom('case_step')
      .selectAll()
      .where('case_id', '=', ticket ?? '')
      .execute()
    const step = steps.filter(s => s.due_at !== null).sort((a, b) => Number(a.due_at) - Number(b.due_at))[0]
    const within = (step?.within_s ?? 0) * 1000
    const late = async () => {
      await noteOverdueSteps(desk.books, desk.unit, emergencies.steps, clock.now())
      const rows = await desk.books.read.selectFrom('case_step').select('n').where('overdue_at', 'is not', null).execute()
      return rows.length
    }
    expect(within).toBeGreaterThan(0)
    real += within - 10
    expect(await late()).toBe(0)
    real += 20
    expect(await late()).toBeGreaterThan(0)
  })
  it('leaves a clock alone that is real already, or whose pace is fixed', async () => {
    clock.take(paceAfter(clock.pace, real, 1, 'set'))
    const before = clock.pace
    await desk.unit(system, work => emergencies.onRaised(work, alarm()))
    expect(clock.pace).toBe(before)
    expect(openRealTime({ now: clock.now, pace: { ...before, rate: 60 }, onChange: () => {} }, log)(5)).toBe(5)
  })
  it('is opened all the same when the pace cannot be written', async () => {
    const broken = Object.assign(new PacedClock(clock.pace, () => real), {
      change() {
        throw new Error('no room')
      },
    })
    const own = new Emergencies({ ...desk, present: () => new Set(), realTime: openRealTime(broken, log) })
    expect(await desk.unit(system, work => own.onRaised(work, alarm()))).not.toBeNull()
  })
})

describe('the simulators', () => {
  it('know while a fire panel is in alarm, so that doors and fans take the seconds that they take', () => {
    const world = makeWorld(desk.site, desk.profiles)
    const scene = (name: string) => scenarios[name]?.run(world, () => {}, { followAfterS: 8 })
    const step = () => world.step(wallAt(clock.pace, real), 0.1)
    step()
    expect(world.inFire()).toBe(false)
    scene('fire-floor-12')
    step()
    expect(world.inFire()).toBe(true)
    scene('panel-reset')
    step()
    expect(world.inFire()).toBe(false)
  })
  it('freeze a device: it goes on answering, and nothing moves', () => {
    const device = makeWorld(desk.site, desk.profiles).devices.get('ahu-5')
    device?.set('supply-air-temperature', 14)
    if (device) device.fault = { kind: 'frozen' }
    device?.set('supply-air-temperature', 22)
    expect(device?.num('supply-air-temperature')).toBe(14)
    if (device) device.fault = undefined
    device?.set('supply-air-temperature', 22)
    expect(device?.num('supply-air-temperature')).toBe(22)
  })
  it('have scenarios that each have their words in both languages', () => {
    for (const name of Object.keys(scenarios)) for (const t of [zh, en]) expect(t.demo.scenario[name], name).toBeTruthy()
    for (const t of [zh, en]) expect(Object.keys(t.demo.scenario).sort()).toEqual(Object.keys(scenarios).sort())
  })
})

import { expect, it } from 'vitest'
import { level } from '#contract/priority'
import type { Programme } from '#contract/programme'
import { openCalendar } from '#program/localCalendar'
import { Core, miniSite } from '../harness/core.ts'

const calendar = openCalendar('Asia/Shanghai')
const noon = calendar.instantOf('2026-11-20', 12 * 60)
const what = { zh: '某', en: 'some' }
const programme: Programme = {
  revision: 1,
  madeAt: noon,
  timeZone: 'Asia/Shanghai',
  weekly: [],
  exceptions: [],
  bookings: [{ id: 'x', what, zone: 'a', from: noon, to: noon + 3_600_000, preStartMin: 0 }],
}

it('a minimum time takes on what has switched in the same breath, and so outlasts an end that comes at once', () => {
  const core = new Core({ site: miniSite(), calendar, wall: noon })
  core.commit(core.programme.receive(programme, noon))
  core.step(noon)
  expect(core.arrays.holder('ahu-1/fan_cmd', level.minimumTime)).toMatchObject({ value: true, until: noon + 30_000 })
  core.commit(core.programme.receive({ ...programme, revision: 2, bookings: [] }, noon))
  core.step(noon + 1000)
  expect(core.on('ahu-1/fan_cmd')).toBe(true)
  core.step(noon + 30_000)
  expect(core.on('ahu-1/fan_cmd')).toBe(false)
})

it('an exchange after an end settles that end, before the next tick', () => {
  const core = new Core({ site: miniSite(), calendar, wall: noon })
  core.commit(core.programme.receive(programme, noon))
  core.step(noon)
  core.commit(core.programme.receive({ ...programme, revision: 2, bookings: [] }, noon))
  core.step(noon + 1000)
  core.decider.afterExchange(noon + 29_999)
  expect(core.on('ahu-1/fan_cmd')).toBe(true)
  core.decider.afterExchange(noon + 30_000)
  expect(core.on('ahu-1/fan_cmd')).toBe(false)
})

it.each([
  ['like any other', noon + 20_000],
  ['and in which an entry ends', noon + 30_000],
])('a fault that is read in an exchange %s stops its machine in that exchange', (_, at) => {
  const core = new Core({ site: miniSite(), calendar, wall: noon })
  core.commit(core.programme.receive(programme, noon))
  core.step(noon)
  core.reads('ahu-1', 'vfd_flt', true)
  core.decider.afterExchange(at)
  expect(core.holderOf('ahu-1/fan_cmd')).toMatchObject({ level: level.protection, value: false })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Holder, level, type PriorityArray, winningValue } from '#contract/priority'
import type { Programme } from '#contract/programme'
import { booked, covering, scheduled } from '#contract/programmeHours'
import { openCalendar } from '#program/localCalendar'
import { PriorityArrays } from '../../edge-agent/control/priorityArrays.ts'
import { ProgrammeKeeper } from '../../edge-agent/control/programmeKeeper.ts'
import { type Node, programmeLevels, wantedHolders } from '../../edge-agent/domain/demand.ts'
import { miniSite } from '../harness/core.ts'

const calendar = openCalendar('Asia/Shanghai')
const day = '2026-11-21'
const at = (hhmm: string, date = day) => calendar.instantOf(date, Number(hhmm.slice(0, 2)) * 60 + Number(hhmm.slice(3)))
const what = { zh: '某', en: 'some' }
const nodes: Node[] = [
  { device: 'z1', command: 'on', zone: 'zone1', feeds: [] },
  { device: 'z2', command: 'on', zone: 'zone2', feeds: [] },
  { device: 'ahu', command: 'on', feeds: ['z1', 'z2'] },
  { device: 'plant', command: 'on', feeds: ['ahu'] },
]
const make = (bookings: { zone: string; from: number; to: number }[], exceptions: Programme['exceptions'] = []): Programme => ({
  revision: 1,
  madeAt: 0,
  timeZone: 'Asia/Shanghai',
  weekly: [{ id: 'w', what, zones: ['zone1', 'zone2'], days: [1, 2, 3, 4, 5, 6, 7], from: 420, to: 1140, preStartMin: 0 }],
  exceptions,
  bookings: bookings.map((b, i) => ({ id: `b${i}`, what, preStartMin: 0, ...b })),
})

/** The state of every node at an instant, with holds that people or the fire rule have put. */
const stateAt = (programme: Programme, now: number, holds: Record<string, Holder> = {}) => {
  const arrays = new Map<string, PriorityArray>(
    nodes.map(n => [`${n.device}/on`, { holders: holds[n.device] ? [holds[n.device] as Holder] : [], relinquishDefault: false }]),
  )
  const wanted = wantedHolders(programme, calendar, nodes, arrays, now)
  return Object.fromEntries(
    nodes.map(n => {
      const array = arrays.get(`${n.device}/on`) as PriorityArray
      return [n.device, winningValue({ ...array, holders: [...array.holders, ...(wanted.get(`${n.device}/on`) ?? [])] }) === true]
    }),
  )
}
const hold = (l: number, value: boolean): Holder => ({ level: l, value, causes: [{ id: 'x', what }], since: 0, until: null })

describe('the programme', () => {
  it('runs the centre hours, and nothing outside them', () => {
    const p = make([])
    expect(stateAt(p, at('06:59')).z1).toBe(false)
    expect(stateAt(p, at('07:00'))).toEqual({ z1: true, z2: true, ahu: true, plant: true })
    expect(stateAt(p, at('18:59')).plant).toBe(true)
    expect(stateAt(p, at('19:00'))).toEqual({ z1: false, z2: false, ahu: false, plant: false })
  })
  it('a closed day runs only what is booked; a make-up workday runs as Monday', () => {
    const p = make([{ zone: 'zone1', from: at('10:00'), to: at('11:00') }], [{ date: day, kind: 'closed', what }])
    expect(stateAt(p, at('09:00')).z1).toBe(false)
    expect(stateAt(p, at('10:30'))).toEqual({ z1: true, z2: false, ahu: true, plant: true })
    const weekdays = { ...make([], [{ date: day, kind: 'workday', what }]) }
    weekdays.weekly = weekdays.weekly.map(w => ({ ...w, days: [1, 2, 3, 4, 5] }))
    expect(stateAt(weekdays, at('12:00')).z1).toBe(true)
  })
  it('has no off-blip where a booking touches the centre hours or another booking', () => {
    const p = make([
      { zone: 'zone1', from: at('19:00'), to: at('20:00') },
      { zone: 'zone1', from: at('20:00'), to: at('21:00') },
    ])
    for (const seam of ['19:00', '20:00'])
      for (const off of [-1000, -1, 0, 1, 1000])
        expect(stateAt(p, at(seam) + off), `${seam} ${off}`).toMatchObject({ z1: true, ahu: true, plant: true })
    expect(covering(booked(p, 'zone1'), at('19:30'))?.until).toBe(at('21:00'))
  })
  it('a hold on a zone pulls its air handler and its plant', () => {
    expect(stateAt(make([]), at('23:00'), { z2: hold(level.operator, true) })).toEqual({
      z1: false,
      z2: true,
      ahu: true,
      plant: true,
    })
  })
  it('fire on the air handler wins, and the plant no longer runs for it', () => {
    expect(stateAt(make([]), at('12:00'), { ahu: hold(level.fire, false) })).toMatchObject({ z1: true, ahu: false, plant: false })
  })
  it('knows the time that daylight saving skips and repeats', () => {
    const berlin = openCalendar('Europe/Berlin')
    const p = { ...make([]), weekly: [{ id: 'n', what, zones: ['zone1'], days: [7], from: 120, to: 240, preStartMin: 0 }] }
    const [spring] = scheduled(p, berlin, 'zone1', Date.parse('2026-03-29T00:30:00Z')).filter(
      i => i.to > Date.parse('2026-03-29T00:00:00Z'),
    )
    expect((spring?.to ?? 0) - (spring?.from ?? 0)).toBe(3_600_000)
    const [autumn] = scheduled(p, berlin, 'zone1', Date.parse('2026-10-25T00:30:00Z')).filter(
      i => i.to > Date.parse('2026-10-25T00:00:00Z'),
    )
    expect((autumn?.to ?? 0) - (autumn?.from ?? 0)).toBe(3 * 3_600_000)
  })
})

it('over random programmes: on exactly while somebody is entitled, and an air handler exactly while one of its zones is', () => {
  const hour = fc.integer({ min: 0, max: 47 })
  const booking = fc.record({ zone: fc.constantFrom('zone1', 'zone2'), start: hour, hours: fc.integer({ min: 1, max: 6 }) })
  fc.assert(
    fc.property(
      fc.array(booking, { maxLength: 8 }),
      fc.boolean(),
      fc.integer({ min: 0, max: 48 * 60 - 1 }),
      (list, closed, minute) => {
        const bookings = list.map(b => ({
          zone: b.zone,
          from: at('00:00') + b.start * 3_600_000,
          to: at('00:00') + (b.start + b.hours) * 3_600_000,
        }))
        const programme = make(bookings, closed ? [{ date: day, kind: 'closed', what }] : [])
        const now = at('00:00') + minute * 60_000
        const inDay = minute % 1440 >= 420 && minute % 1440 < 1140
        const scheduledNow = inDay && !(closed && minute < 1440)
        const entitled = (zone: string) => scheduledNow || bookings.some(b => b.zone === zone && b.from <= now && now < b.to)
        const s = stateAt(programme, now)
        expect(s.z1).toBe(entitled('zone1'))
        expect(s.z2).toBe(entitled('zone2'))
        expect(s.ahu).toBe(s.z1 || s.z2)
        expect(s.plant).toBe(s.ahu)
      },
    ),
    { numRuns: 2000 },
  )
})

it('names only its own levels', () => expect(programmeLevels).toEqual([12, 15]))

describe('20: a programme is as it reads, or declined', () => {
  it('hours of 22:00-06:00 go on until the next morning, and belong to the day on which they begin', () => {
    const night = { id: 'n', what, zones: ['zone1'], days: [6], from: 1320, to: 360, preStartMin: 0 }
    const programme = { ...make([]), weekly: [night] }
    const on = (hhmm: string, date: string) => stateAt(programme, at(hhmm, date))['z1']
    // 21 November 2026 is a Saturday.
    expect(on('21:59', '2026-11-21')).toBe(false)
    expect(on('22:00', '2026-11-21')).toBe(true)
    expect(on('05:59', '2026-11-22')).toBe(true)
    expect(on('06:00', '2026-11-22')).toBe(false)
    expect(on('22:30', '2026-11-22')).toBe(false)
  })
  const keeper = () =>
    new ProgrammeKeeper({
      site: miniSite(),
      nodes: [],
      calendar,
      arrays: new PriorityArrays(new Map(), new Map()),
      kept: undefined,
      wall: 0,
    })
  it('one for another time zone is not taken, and what was in force goes on', () => {
    const k = keeper()
    expect(k.receive({ ...make([]), revision: 1 }, 0)).toHaveLength(1)
    expect(k.receive({ ...make([]), revision: 2, timeZone: 'Europe/London' }, 0)).toEqual([])
    expect(k.revision).toBe(1)
    expect(k.report).toMatchObject({ revision: 1, declined: { revision: 2 } })
    k.receive({ ...make([]), revision: 3 }, 0)
    expect(k.report).toMatchObject({ revision: 3, declined: null })
  })
  it('hours without length are refused by name', () => {
    const k = keeper()
    k.receive({ ...make([]), weekly: [{ id: 'w', what, zones: ['a'], days: [1], from: 420, to: 420, preStartMin: 0 }] }, 0)
    expect(k.report.refused).toEqual([{ id: 'w', reason: 'begins and ends at the same minute' }])
  })
})

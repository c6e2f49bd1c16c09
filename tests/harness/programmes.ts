import fc from 'fast-check'
import { expect } from 'vitest'
import { level } from '#contract/priority'
import type { Programme } from '#contract/programme'
import { openCalendar } from '#program/localCalendar'
import { type Core, catalogue, miniSite, type Running } from './core.ts'

/** A share of them; `npm run campaign properties` makes as many as are asked for. */
export const runs = Number(process.env['ZHIBAN_PROPERTY_RUNS'] ?? 2000)
export const minute = 60_000
export const day = 86_400_000
export const what = { zh: '某', en: 'some' }
export const zones = ['a', 'b', 'c'] as const
export const fedBy: Record<string, readonly Running[]> = {
  'ahu-1/fan_cmd': ['zc-a/on_cmd', 'zc-b/on_cmd'],
  'ahu-2/fan_cmd': ['zc-c/on_cmd'],
  'plant/enable_cmd': ['ahu-1/fan_cmd', 'ahu-2/fan_cmd'],
}
export const minOnMs = (ref: string) =>
  (catalogue.get(ref.startsWith('plant') ? 'chiller-plant' : 'ahu')?.runs?.minOnS ?? 0) * 1000
export const minOffMs = (ref: string) =>
  (catalogue.get(ref.startsWith('plant') ? 'chiller-plant' : 'ahu')?.runs?.minOffS ?? 0) * 1000

/** Berlin changes its clocks on 2026-10-25 and 2027-03-28; Shanghai never does. */
export const places = [
  { timeZone: 'Asia/Shanghai', from: Date.UTC(2026, 10, 20) },
  { timeZone: 'Europe/Berlin', from: Date.UTC(2026, 9, 23) },
  { timeZone: 'Europe/Berlin', from: Date.UTC(2027, 2, 26) },
].map(p => ({ ...p, site: miniSite(p.timeZone), calendar: openCalendar(p.timeZone), local: localParts(p.timeZone) }))

/** Local date, minute and weekday by the platform's own calendar, not by ours. */
function localParts(timeZone: string) {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23' })
  const known = new Map<number, { date: string; minute: number; weekday: number }>()
  return (at: number) => {
    const key = Math.floor(at / minute)
    const found = known.get(key)
    if (found) return found
    const [date = '', time = ''] = format.format(at).split(', ')
    const [h = 0, m = 0] = time.split(':').map(Number)
    const parts = { date, minute: h * 60 + m, weekday: ((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7) + 1 }
    if (known.size < 200_000) known.set(key, parts)
    return parts
  }
}
export type Place = (typeof places)[number]

/** Who is entitled to air, said a second time and more simply: minute by minute on the local clock. */
export const entitled = (p: Programme, place: Place, zone: string, at: number): boolean => {
  if (p.bookings.some(b => b.zone === zone && b.from - b.preStartMin * minute <= at && at < b.to)) return true
  const { date, minute: m, weekday } = place.local(at)
  const exception = p.exceptions.find(e => e.date === date)?.kind
  const kind = exception === 'closed' ? 0 : exception === 'workday' ? 1 : weekday
  return p.weekly.some(w => w.zones.includes(zone) && w.days.includes(kind) && w.from - w.preStartMin <= m && m < w.to)
}

// Hours from 05:00 on, so that pre-start does not reach into the hour that daylight saving skips or repeats.
export const quarter = (from: number, to: number) => fc.integer({ min: from / 15, max: to / 15 }).map(n => n * 15)
const weekly = fc.record({
  zones: fc.uniqueArray(fc.constantFrom(...zones), { minLength: 1 }),
  days: fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { minLength: 1 }),
  from: quarter(300, 1200),
  length: quarter(15, 600),
  preStartMin: fc.constantFrom(0, 0, 15, 45),
})
const booking = fc.record({
  zone: fc.constantFrom(...zones),
  start: quarter(0, 3 * 1440),
  length: quarter(15, 600),
  preStartMin: fc.constantFrom(0, 0, 30),
})
const exception = fc.record({ day: fc.integer({ min: 0, max: 3 }), kind: fc.constantFrom('closed' as const, 'workday' as const) })
export const recipe = fc.record({
  weekly: fc.array(weekly, { maxLength: 4 }),
  bookings: fc.array(booking, { maxLength: 6 }),
  exceptions: fc.uniqueArray(exception, { maxLength: 2, selector: e => e.day }),
})
export type Recipe = typeof recipe extends fc.Arbitrary<infer R> ? R : never
export const programmeOf = (r: Recipe, place: Place, revision = 1): Programme => ({
  revision,
  madeAt: place.from,
  timeZone: place.timeZone,
  weekly: r.weekly.map((w, i) => ({
    id: `w${i}`,
    what,
    zones: w.zones,
    days: w.days,
    from: w.from,
    to: Math.min(1440, w.from + w.length),
    preStartMin: w.preStartMin,
  })),
  exceptions: r.exceptions.map(e => ({ date: place.local(place.from + e.day * day).date, kind: e.kind, what })),
  bookings: r.bookings.map((b, i) => {
    const from = place.from + b.start * minute
    return { id: `b${i}`, what, zone: b.zone, from, to: from + b.length * minute, preStartMin: b.preStartMin }
  }),
})

/** What must hold of everything that is fed through others, whoever holds what. */
export const checkDemand = (core: Core, at: number) => {
  for (const [ref, below] of Object.entries(fedBy)) {
    const wanted = below.some(r => core.on(r))
    const by = core.holderOf(ref as Running)
    if (core.on(ref as Running) === wanted) continue
    expect(by?.level, `${ref} is ${wanted ? 'off though wanted' : 'on though not wanted'}`).toBeLessThanOrEqual(level.operator)
    if (by?.level === level.minimumTime) expect(by.until).toBeLessThanOrEqual(at + Math.max(minOnMs(ref), minOffMs(ref)))
  }
}

/** Printed, so that a finding can be had again. */
export const propertySeed = (): number => {
  const seed = Number(process.env['ZHIBAN_SEED'] ?? Date.now() & 0x7fffffff)
  process.stdout.write(`property seed ${seed}, ${runs} runs (ZHIBAN_SEED, ZHIBAN_PROPERTY_RUNS)\n`)
  return seed
}

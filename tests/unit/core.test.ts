import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { level } from '#contract/priority'
import type { Programme } from '#contract/programme'
import { openCalendar } from '#program/localCalendar'
import { Core, catalogue, miniSite, type Running, running } from '../harness/core.ts'

const runs = Number(process.env['ZHIBAN_PROPERTY_RUNS'] ?? 10_000)
const minute = 60_000
const day = 86_400_000
const what = { zh: '某', en: 'some' }
const zones = ['a', 'b', 'c'] as const
const fedBy: Record<string, readonly Running[]> = {
  'ahu-1/fan_cmd': ['zc-a/on_cmd', 'zc-b/on_cmd'],
  'ahu-2/fan_cmd': ['zc-c/on_cmd'],
  'plant/enable_cmd': ['ahu-1/fan_cmd', 'ahu-2/fan_cmd'],
}
const minOnMs = (ref: string) => (catalogue.get(ref.startsWith('plant') ? 'chiller-plant' : 'ahu')?.runs?.minOnS ?? 0) * 1000
const minOffMs = (ref: string) => (catalogue.get(ref.startsWith('plant') ? 'chiller-plant' : 'ahu')?.runs?.minOffS ?? 0) * 1000

/** Berlin changes its clocks on 2026-10-25 and 2027-03-28; Shanghai never does. */
const places = [
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
type Place = (typeof places)[number]

/** Who is entitled to air, said a second time and more simply: minute by minute on the local clock. */
const entitled = (p: Programme, place: Place, zone: string, at: number): boolean => {
  if (p.bookings.some(b => b.zone === zone && b.from - b.preStartMin * minute <= at && at < b.to)) return true
  const { date, minute: m, weekday } = place.local(at)
  const exception = p.exceptions.find(e => e.date === date)?.kind
  const kind = exception === 'closed' ? 0 : exception === 'workday' ? 1 : weekday
  return p.weekly.some(w => w.zones.includes(zone) && w.days.includes(kind) && w.from - w.preStartMin <= m && m < w.to)
}

// Hours from 05:00 on, so that pre-start does not reach into the hour that daylight saving skips or repeats.
const quarter = (from: number, to: number) => fc.integer({ min: from / 15, max: to / 15 }).map(n => n * 15)
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
const recipe = fc.record({
  weekly: fc.array(weekly, { maxLength: 4 }),
  bookings: fc.array(booking, { maxLength: 6 }),
  exceptions: fc.uniqueArray(exception, { maxLength: 2, selector: e => e.day }),
})
type Recipe = typeof recipe extends fc.Arbitrary<infer R> ? R : never
const programmeOf = (r: Recipe, place: Place, revision = 1): Programme => ({
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
const checkDemand = (core: Core, at: number) => {
  for (const [ref, below] of Object.entries(fedBy)) {
    const wanted = below.some(r => core.on(r))
    const by = core.holderOf(ref as Running)
    if (core.on(ref as Running) === wanted) continue
    expect(by?.level, `${ref} is ${wanted ? 'off though wanted' : 'on though not wanted'}`).toBeLessThanOrEqual(level.operator)
    if (by?.level === level.minimumTime) expect(by.until).toBeLessThanOrEqual(at + Math.max(minOnMs(ref), minOffMs(ref)))
  }
}

let seed = 0
beforeAll(() => {
  seed = Number(process.env['ZHIBAN_SEED'] ?? Date.now() & 0x7fffffff)
  process.stdout.write(`property seed ${seed}, ${runs} runs each (ZHIBAN_SEED, ZHIBAN_PROPERTY_RUNS)\n`)
})

describe('any programme', () => {
  it('runs a zone exactly while somebody is entitled, and what feeds it with it, without a blip at any seam', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), recipe, fc.infiniteStream(fc.nat()), (place, r, dice) => {
        const programme = programmeOf(r, place)
        const core = new Core({ site: place.site, calendar: place.calendar, wall: place.from })
        core.commit(core.programme.receive(programme, place.from))
        const edges = programme.bookings.flatMap(b => [b.from - b.preStartMin * minute, b.from, b.to])
        for (const w of programme.weekly)
          for (const m of [w.from - w.preStartMin, w.from, w.to]) {
            const date = place.calendar.plusDays(place.calendar.dateOf(place.from), Number(dice.next().value) % 3)
            edges.push(place.calendar.instantOf(date, m))
          }
        const seams = edges.filter(e => e > place.from).sort((x, y) => x - y)
        const weeklyZones = new Set(programme.weekly.flatMap(w => w.zones))
        let before = Object.fromEntries(running.map(ref => [ref, false]))
        let owedBefore = Object.fromEntries(zones.map(z => [z, false]))
        for (const seam of seams.slice(0, 8))
          for (const at of [seam - 1000, seam, seam + 1000]) {
            core.step(at)
            const owed = Object.fromEntries(zones.map(z => [z, entitled(programme, place, z, at)]))
            for (const z of zones) {
              expect(core.on(`zc-${z}/on_cmd`), `${z} at ${new Date(at).toISOString()}`).toBe(owed[z])
              if (!weeklyZones.has(z) && !owed[z]) expect(core.holderOf(`zc-${z}/on_cmd`)).toBeUndefined()
            }
            checkDemand(core, at)
            // Whoever was entitled before the seam and after it sees nothing switch.
            if (at === seam)
              for (const [ref, below] of Object.entries(fedBy)) {
                const served = ref.startsWith('plant') ? zones : below.map(b => b[3] as 'a')
                if (before[ref] && served.some(z => owedBefore[z] && owed[z])) expect(core.on(ref as Running), ref).toBe(true)
              }
            before = Object.fromEntries(running.map(ref => [ref, core.on(ref)]))
            owedBefore = owed
          }
      }),
      { numRuns: runs, seed },
    )
  }, 600_000)
})

type Event =
  | { do: 'wait'; ms: number }
  | { do: 'hold'; ref: Running; on: boolean; forMs: number }
  | { do: 'release'; ref: Running }
  | { do: 'drive-fault'; on: boolean }
  | { do: 'witness'; key: string; on: boolean }
  | { do: 'panel'; fire: boolean }
  | { do: 'release-fire'; reset: boolean }
  | { do: 'restart' }
  | { do: 'clock'; byMs: number }
  | { do: 'revision'; recipe: Recipe; older: boolean }
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 100, max: 4 * 3_600_000 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 100, max: 90_000 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      ref: fc.constantFrom(...running),
      on: fc.boolean(),
      forMs: fc.integer({ min: 1000, max: 6 * 3_600_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('release' as const), ref: fc.constantFrom(...running) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('drive-fault' as const), on: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('witness' as const),
      key: fc.constantFrom('l1_w1_fire', 'l1_w2_fire', 'l1_cpw_fire'),
      on: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('panel' as const), fire: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('release-fire' as const), reset: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('clock' as const), byMs: fc.integer({ min: -2 * 3_600_000, max: 2 * 3_600_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revision' as const), recipe, older: fc.boolean() }) },
)

describe('any order of events', () => {
  it('fire wins and latches, protection holds, people and programme follow, and nothing switches faster than it may', () => {
    const counts = { fires: 0, released: 0, restarts: 0, minimumTimes: 0, interlocks: 0 }
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        recipe,
        fc.array(event, { minLength: 4, maxLength: 24 }),
        (place, first, events) => {
          let wall = place.from + 6 * 3_600_000
          const make = (before?: Core) =>
            new Core({ site: place.site, calendar: place.calendar, wall, ...(before ? { before } : {}) })
          let core = make()
          let programme = programmeOf(first, place)
          core.commit(core.programme.receive(programme, wall))
          let revision = 1
          let latched = false
          let stepped = false
          const lit = new Set<string>()
          let fault: boolean | undefined
          const changedAt = new Map<string, { on: boolean; at: number }>()
          for (const e of events) {
            if (e.do === 'wait') wall += e.ms
            else if (e.do === 'hold') {
              const array = core.arrays.of(e.ref)
              if (!array.holders.some(h => h.level < level.operator))
                core.commit(
                  core.arrays.put(e.ref, {
                    level: level.operator,
                    value: e.on,
                    causes: [{ id: 'p', what }],
                    since: wall,
                    until: wall + e.forMs,
                  }),
                )
            } else if (e.do === 'release') core.commit(core.arrays.clear(e.ref, level.operator))
            else if (e.do === 'drive-fault') {
              fault = e.on
              core.reads('ahu-1', 'vfd_flt', e.on)
            } else if (e.do === 'witness') {
              if (e.on) lit.add(e.key)
              else lit.delete(e.key)
              core.reads('panel', e.key, e.on)
              if (lit.size >= 2 && !latched) {
                latched = true
                counts.fires++
              }
            } else if (e.do === 'panel') core.reads('panel', 'fire', e.fire)
            else if (e.do === 'release-fire') {
              if (e.reset) {
                for (const key of lit) core.reads('panel', key, false)
                lit.clear()
                core.reads('panel', 'fire', false)
              }
              const result = core.fire.release('comp')
              if (typeof result !== 'string') {
                expect(latched, 'only what was latched can be released').toBe(true)
                expect(core.image.get('panel/fire')?.v).toBe(false)
                core.commit(result.effects)
                latched = false
                counts.released++
                // Two detectors that are still in alarm meet the rule anew with the next reading.
                if (lit.size >= 2) {
                  core.reads('panel', [...lit][0] ?? '', true)
                  latched = true
                }
              }
            } else if (e.do === 'restart') {
              core = make(core)
              counts.restarts++
            } else if (e.do === 'clock') {
              wall = Math.max(place.from, wall + e.byMs)
              stepped = true
            } else {
              const next = programmeOf(e.recipe, place, e.older ? Math.max(1, revision - 1) : revision + 1)
              core.commit(core.programme.receive(next, wall))
              if (!e.older) {
                programme = next
                revision++
              }
            }
            core.step(wall)

            expect(core.fire.isLatched('comp')).toBe(latched)
            const ahu = core.holderOf('ahu-1/fan_cmd')
            if (latched) expect([ahu?.level, ahu?.value]).toEqual([level.fire, false])
            else expect(ahu?.level).not.toBe(level.fire)
            if (fault && !latched) {
              counts.interlocks++
              expect([ahu?.level, ahu?.value]).toEqual([level.protection, false])
            }
            expect(core.programme.revision).toBe(revision)
            for (const z of zones) {
              const by = core.holderOf(`zc-${z}/on_cmd`)
              if (by?.level === level.operator) expect(by.until).toBeGreaterThan(wall)
              else expect(core.on(`zc-${z}/on_cmd`)).toBe(entitled(programme, place, z, wall))
            }
            checkDemand(core, wall)
            for (const ref of Object.keys(fedBy)) {
              const on = core.on(ref as Running)
              const last = changedAt.get(ref)
              if (last && last.on !== on) {
                const forced = (core.holderOf(ref as Running)?.level ?? 16) <= level.protection
                const wasForced = e.do === 'release-fire' || e.do === 'drive-fault'
                const least = last.on ? minOnMs(ref) : minOffMs(ref)
                if (!stepped && !forced && !wasForced && least > 0 && wall - last.at < least)
                  throw new Error(`${ref} was ${last.on ? 'on' : 'off'} for ${wall - last.at} ms only`)
                if (core.arrays.holder(ref, level.minimumTime)) counts.minimumTimes++
              }
              if (last?.on !== on) changedAt.set(ref, { on, at: last ? wall : -Infinity })
            }
          }
        },
      ),
      { numRuns: runs, seed },
    )
    process.stdout.write(`event orders: ${JSON.stringify(counts)}\n`)
    if (runs >= 1000) for (const [name, n] of Object.entries(counts)) expect(n, name).toBeGreaterThan(runs / 100)
  }, 600_000)
})

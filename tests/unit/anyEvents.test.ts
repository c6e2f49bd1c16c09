import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { level } from '#contract/priority'
import { Core, type Running, running } from '../harness/core.ts'
import {
  checkDemand,
  entitled,
  fedBy,
  minOffMs,
  minOnMs,
  places,
  programmeOf,
  propertySeed,
  type Recipe,
  recipe,
  runs,
  what,
  zones,
} from '../harness/programmes.ts'

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
          // Witnesses in alarm (null), or when they were last seen so: they count for the site's window (60 s).
          const lit = new Map<string, number | null>()
          const panelRead = () => {
            for (const [key, at] of lit) if (at !== null && Math.abs(wall - at) > 60_000) lit.delete(key)
            if (latched || lit.size < 2) return
            latched = true
            counts.fires++
          }
          const witness = (key: string, on: boolean) => {
            if (on) lit.set(key, null)
            else if (lit.get(key) === null) lit.set(key, wall)
            core.reads('panel', key, on)
            panelRead()
          }
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
            } else if (e.do === 'witness') witness(e.key, e.on)
            else if (e.do === 'panel') {
              core.reads('panel', 'fire', e.fire)
              panelRead()
            } else if (e.do === 'release-fire') {
              if (e.reset) {
                for (const [key, at] of lit) if (at === null) witness(key, false)
                core.reads('panel', 'fire', false)
                panelRead()
              }
              const result = core.fire.release('comp', { id: 'p', what })
              if (typeof result !== 'string') {
                expect(latched, 'only what was latched can be released').toBe(true)
                expect(core.image.get('panel/fire')?.v).toBe(false)
                core.commit(result.effects)
                latched = false
                counts.released++
                // What was only remembered is over; two that are still in alarm meet the rule anew with the next reading.
                for (const [key, at] of lit) if (at !== null) lit.delete(key)
                if (lit.size >= 2) witness([...lit.keys()][0] ?? '', true)
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
      { numRuns: runs, seed: propertySeed() },
    )
    process.stdout.write(`event orders: ${JSON.stringify(counts)}\n`)
    if (runs >= 1000) for (const [name, n] of Object.entries(counts)) expect(n, name).toBeGreaterThan(runs / 100)
  }, 600_000)
})

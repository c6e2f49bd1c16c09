import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Core, type Running, running } from '../harness/core.ts'
import {
  checkDemand,
  entitled,
  fedBy,
  minute,
  places,
  programmeOf,
  propertySeed,
  recipe,
  runs,
  zones,
} from '../harness/programmes.ts'

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
      { numRuns: runs, seed: propertySeed() },
    )
  }, 600_000)
})

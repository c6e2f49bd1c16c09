import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Alarm } from '#api/models/live'
import { type Flood, floodFrom, floodUntil, stepFlood } from '../../console/server/domain/flood.ts'
import { floodItems } from '../../console/web/src/alarms/floodItems.ts'
import { groupByRoot } from '../../console/web/src/state/alarmGroups.ts'
import { alarmForTests } from '../harness/alarms.ts'
import { demoSite } from '../harness/demoBuilding.ts'

const site = { devices: demoSite.devices.map(d => ({ ...d, bus: d.bus, feeds: d.feeds })) } as unknown as Parameters<
  typeof groupByRoot
>[1]
const min = 60_000
let n = 0
const alarm = (o: Partial<Alarm>): Alarm => alarmForTests({ id: `a${n++}`, level: 3, kind: 'equipment', source: 'tower', ...o })
const lost = (key: string, raisedAt: number, o: Partial<Alarm> = {}) =>
  alarm({
    key,
    raisedAt,
    kind: key.startsWith('agent/') ? 'system' : 'link',
    source: key.startsWith('agent/') ? 'console' : 'tower',
    ...o,
  })
const ids = (list: readonly Alarm[]) => list.map(a => a.id)

describe('a flood by its roots', () => {
  it('puts what came with a lost agent beneath it, and what came otherwise not', () => {
    const agent = lost('agent/tower', 10 * min, { returnedAt: 11 * min, level: 2 })
    const device = lost('link/ahu-1', 10 * min + 5000, { device: 'ahu-1', returnedAt: 11 * min })
    const unsure = alarm({ device: 'ahu-2', raisedAt: 2 * min, unverifiedSince: 10 * min })
    const other = alarm({ device: 'ahu-3', raisedAt: 20 * min })
    const { groups, rest } = groupByRoot([agent, device, unsure, other], site)
    expect(groups).toMatchObject([{ id: 'agents/', level: 2, stand: 1, unacked: 3 }])
    expect(new Set(ids(groups[0]?.alarms ?? []))).toEqual(new Set(ids([agent, device, unsure])))
    expect(groups[0]?.first.id).toBe(unsure.id)
    expect(ids(rest)).toEqual([other.id])
  })
  it('puts devices beneath their bus, and plant beneath what feeds it', () => {
    const bus = lost('link/bus-hvac', min)
    const unit = lost('link/ahu-1', min + 500, { device: 'ahu-1' })
    const plant = alarm({ device: 'plant', raisedAt: 5 * min, level: 2 })
    const fed = alarm({ device: 'ahu-4', raisedAt: 6 * min })
    const before = alarm({ device: 'ahu-5', raisedAt: 4 * min })
    const { groups, rest } = groupByRoot([bus, unit, plant, fed, before], site)
    expect(groups.map(g => [g.id, g.alarms.length])).toEqual([
      ['device/plant', 2],
      ['bus/bus-hvac', 2],
    ])
    expect(ids(rest)).toEqual([before.id])
  })
  it('never puts danger to life into a group', () => {
    const fires = [1, 2, 3].map(i => alarm({ level: 1, kind: 'fire', raisedAt: i, ticket: 'EM' }))
    const door = alarm({ level: 2, kind: 'linkage', raisedAt: 5, ticket: 'EM' })
    const air = alarm({ level: 3, raisedAt: 6, ticket: 'EM' })
    const { pinned, groups } = groupByRoot([...fires, door, air], site)
    expect(pinned).toHaveLength(3)
    expect(groups).toMatchObject([{ id: 'case/EM', level: 2 }])
  })
  it('loses none and shows none twice, whatever comes', () => {
    const devices = demoSite.devices.slice(0, 30).map(d => d.id)
    const any = fc.record({
      level: fc.constantFrom<Alarm['level']>(1, 2, 3, 4),
      device: fc.option(fc.constantFrom(...devices)),
      kind: fc.constantFrom<Alarm['kind']>('fire', 'equipment', 'link', 'system', 'advisory'),
      raisedAt: fc.integer({ min: 0, max: 100 * min }),
      returned: fc.boolean(),
      unsure: fc.boolean(),
      ticket: fc.option(fc.constantFrom('t1', 't2')),
      key: fc.constantFrom('agent/tower', 'link/bus-hvac', 'link/ahu-1', 'x/1', 'x/2'),
      source: fc.constantFrom('tower', 'console'),
    })
    fc.assert(
      fc.property(fc.array(any, { maxLength: 60 }), list => {
        const all = list.map(({ returned, unsure, ...a }) =>
          alarm({ ...a, returnedAt: returned ? a.raisedAt + min : null, unverifiedSince: unsure ? a.raisedAt : null }),
        )
        const { pinned, groups, rest } = groupByRoot(all, site)
        const shown = [...pinned, ...groups.flatMap(g => g.alarms), ...rest]
        expect(new Set(ids(shown))).toEqual(new Set(ids(all)))
        expect(shown).toHaveLength(all.length)
        expect(pinned.every(a => a.level === 1) && [...groups.flatMap(g => g.alarms), ...rest].every(a => a.level > 1)).toBe(true)
        for (const g of groups) {
          expect(g.alarms.length).toBeGreaterThan(1)
          expect(g.first.raisedAt).toBe(Math.min(...g.alarms.map(a => a.raisedAt)))
        }
      }),
      { seed: 20_261_130, numRuns: 300 },
    )
  })
  it('keeps its rows where they are while it is held, and brings what is new after them', () => {
    const first = [alarm({ device: 'ahu-1', raisedAt: 1 }), alarm({ device: 'ahu-1', raisedAt: 2 })]
    const open = () => true
    const before = floodItems(groupByRoot(first, site), open, [])
    const worse = [alarm({ level: 2, device: 'ahu-2', raisedAt: 3 }), alarm({ level: 2, device: 'ahu-2', raisedAt: 4 })]
    const more = alarm({ level: 2, device: 'ahu-1', raisedAt: 5 })
    const all = groupByRoot([...first, ...worse, more], site)
    const held = floodItems(
      all,
      open,
      before.map(i => i.id),
    )
    expect(held.slice(0, before.length).map(i => i.id)).toEqual(before.map(i => i.id))
    expect(held[before.length]?.id).toBe(more.id)
    expect(floodItems(all, open, [])[1]?.id).toBe(more.id)
  })
})

describe('a flood of alarms', () => {
  const step = (flood: Flood | null, inTen: number, now = 0, inOne = 0) => stepFlood(flood, { inTen, inOne }, now)
  it('begins above 10 in 10 minutes, and is over below 5', () => {
    expect(step(null, floodFrom - 1)).toBeNull()
    const flood = step(null, floodFrom, 7, 4)
    expect(flood).toEqual({ startedAt: 7, peak: 4, peakAt: 7 })
    expect(step(flood, floodUntil, 9, 3)).toEqual(flood)
    expect(step(flood, floodUntil - 1, 9)).toBeNull()
  })
  it('keeps its highest minute', () => {
    const flood = step(null, 20, 1, 4)
    expect(step(flood, 40, 2, 9)).toEqual({ startedAt: 1, peak: 9, peakAt: 2 })
    expect(step(step(flood, 40, 2, 9), 40, 3, 8)).toEqual({ startedAt: 1, peak: 9, peakAt: 2 })
  })
})

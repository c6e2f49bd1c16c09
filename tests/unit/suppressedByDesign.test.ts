import { describe, expect, it } from 'vitest'
import type { SiteSuppression } from '#contract/site'
import { SuppressedPages } from '../../console/server/mirror/suppressedPages.ts'
import { AlarmKeeper } from '../../edge-agent/control/alarmKeeper.ts'
import { ProcessImage } from '../../edge-agent/domain/image.ts'
import type { Effect } from '../../edge-agent/memory/edgeMemory.ts'
import { catalogue } from '../harness/core.ts'

const profileOf = (id: string) => {
  const profile = catalogue.get(id)
  if (!profile) throw new Error(`there is no profile ${id}`)
  return profile
}
const min = 60_000
const plantOff: SiteSuppression = {
  ...{ id: 'plant-off', name: { zh: '冷站停机', en: 'plant is off' }, when: { point: 'plant/running', equals: false } },
  devices: ['ahu', 'panel'],
}

/** An air handler, a fire panel, and the plant that they wait for. */
const house = (suppressions: readonly SiteSuppression[]) => {
  const devices = (['ahu', 'plant', 'panel'] as const).map(id => ({
    id,
    profile: profileOf({ ahu: 'ahu', plant: 'chiller-plant', panel: 'fire-panel' }[id]),
    name: { zh: id, en: id },
    placeOf: () => null,
  }))
  const image = new ProcessImage(devices, 0)
  for (const d of devices) image.setLink(d.id, null, 0)
  const keeper = new AlarmKeeper(devices, image, new Map(), suppressions)
  const told = (effects: readonly Effect[]) =>
    effects.flatMap(e => ('record' in e && e.record.type.startsWith('alarm') ? [e.record.type] : []))
  return {
    keeper,
    reads(at: number, device: string, point: string, v: number | boolean | null) {
      const reading = v === null ? { ok: false as const, why: 'nonsense' as const } : { ok: true as const, v }
      image.apply(device, new Map([[point, { ...reading, raw: () => '' }]]), at, at)
      return told(keeper.evaluate(device, [point], at, at))
    },
  }
}

describe('suppressed by design', () => {
  it('is silent, seen and counted while what it waits for is known to hold, and an alarm with its delay afterwards', () => {
    const { keeper, reads } = house([plantOff])
    reads(0, 'plant', 'running', false)
    expect(reads(0, 'ahu', 'fdp', 400)).toEqual([])
    expect(reads(30 * min, 'ahu', 'fdp', 400)).toEqual([])
    expect([...keeper.suppressed.values()]).toMatchObject([{ key: 'ahu/filter', since: 0, why: plantOff.name, level: 4 }])
    reads(31 * min, 'plant', 'running', true)
    // The delay counts from then.
    expect(reads(31 * min, 'ahu', 'fdp', 400)).toEqual([])
    expect(keeper.suppressed.size).toBe(0)
    expect(reads(62 * min, 'ahu', 'fdp', 400)).toEqual(['alarm-raised'])
  })
  it('is nothing while nobody knows whether it holds', () => {
    const { keeper, reads } = house([plantOff])
    reads(0, 'plant', 'running', null)
    reads(0, 'ahu', 'fdp', 400)
    expect(reads(31 * min, 'ahu', 'fdp', 400)).toEqual(['alarm-raised'])
    expect(keeper.suppressed.size).toBe(0)
  })
  it('is never danger to life', () => {
    const { keeper, reads } = house([plantOff])
    reads(0, 'plant', 'running', false)
    const fire = [...profileOf('fire-panel').alarms].find(([, r]) => r.level === 1 && r.onDelayMs === 0 && !r.summary)?.[1]
    expect(reads(0, 'panel', fire?.point ?? '', fire?.equals as boolean)).toEqual(['alarm-raised'])
    expect(keeper.suppressed.size).toBe(0)
  })
  it('is of the kinds that are named alone, and ends with the value out of sight', () => {
    const other = house([{ ...plantOff, kinds: ['equipment'] }])
    other.reads(0, 'plant', 'running', false)
    other.reads(0, 'ahu', 'fdp', 400)
    expect(other.keeper.suppressed.size).toBe(0)
    const { keeper, reads } = house([plantOff])
    reads(0, 'plant', 'running', false)
    reads(0, 'ahu', 'fdp', 400)
    expect(keeper.suppressed.size).toBe(1)
    keeper.suspend('ahu', ['fdp'])
    expect(keeper.suppressed.size).toBe(0)
  })
})

describe('its pages at the console', () => {
  const alarm = (key: string) => ({
    ...{ key, level: 4 as const, device: 'ahu', place: null, name: { zh: key, en: key }, since: 0 },
    why: plantOff.name,
  })
  const page = (session: string, revision: number, n: number, pages: number, key: string) => ({
    ...{ session, revision, page: n, pages },
    alarms: [alarm(key)],
  })
  it('are those of the newest revision of the session that goes on', () => {
    const all = new SuppressedPages()
    all.take(page('b', 1, 0, 2, 'one'))
    expect(all.all).toEqual([])
    all.take(page('b', 1, 1, 2, 'two'))
    expect(all.all.map(a => a.key)).toEqual(['one', 'two'])
    all.take(page('b', 2, 0, 2, 'half'))
    expect(all.all.map(a => a.key)).toEqual(['one', 'two'])
    all.take(page('b', 3, 0, 1, 'three'))
    all.take(page('b', 1, 1, 2, 'late'))
    all.take(page('a', 9, 0, 1, 'older'))
    expect(all.all.map(a => a.key)).toEqual(['three'])
    all.onSession('c')
    expect(all.all).toEqual([])
  })
})

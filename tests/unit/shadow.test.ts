import { describe, expect, it } from 'vitest'
import type { HoldersView } from '#api/models/live'
import { textIn } from '#api/words/text'
import type { LinkState } from '#contract/messages'
import type { PointRef } from '#contract/names'
import type { Holder } from '#contract/priority'
import type { PointValue } from '#contract/quality'
import { linkagesOf } from '#contract/site'
import { ableDetectors, isSimulatedFire, type ShadowLook, shadowOf } from '../../console/subjects/emergency/shadow.ts'
import { catalogue, demoSite } from '../harness/demoBuilding.ts'

const c12 = demoSite.compartments.find(c => c.id === 'c12')
if (!c12) throw new Error('no c12')
const linkages = linkagesOf(demoSite, c12)
const air = linkages.find(l => l.id === 'air')
const byPanel = linkages.find(l => l.by === 'panel')
if (!air || !byPanel) throw new Error('no linkages')

const good: LinkState = { ok: true, since: 0, reason: null, code: null, errors: 0, driftMs: null, bus: null }
const noon = Date.parse('2026-11-24T12:00:00+08:00')
const cause = (what: string, over: object = {}) => ({ id: what, what: { zh: what, en: what }, ...over })
const holder = (level: number, value: boolean, over: Partial<Holder> = {}): Holder => ({
  ...{ level, value, causes: [cause('检修')], since: 0, until: noon },
  ...over,
})
const look = (o: {
  panel?: LinkState | null
  test?: string
  canSpeak?: boolean
  link?: LinkState | null
  holders?: Holder[]
  values?: Record<string, Partial<PointValue>>
}): ShadowLook => ({
  site: demoSite,
  value: ref => ({ v: true, q: 'good', t: 0, ...o.values?.[ref] }) as PointValue,
  holders: point =>
    ({
      point,
      array: { holders: o.holders ?? [], relinquishDefault: false },
      wantedButHeld: false,
      withheld: null,
    }) as HoldersView,
  link: id => {
    const own = id === 'fire-panel' ? o.panel : o.link
    return own === null ? undefined : (own ?? good)
  },
  test: o.test ?? null,
  canSpeak: o.canSpeak ?? true,
  clock: () => '12:00',
})
const says = (l: typeof air, o: Parameters<typeof look>[0]) => {
  const { would, why } = shadowOf(c12, l, look(o))
  return [would, why === null ? '' : textIn('zh', why)]
}

describe('what a linkage would do if it burned now', () => {
  it('is done while nothing is in its way; an operator who holds the point yields to a fire', () => {
    expect(says(air, {})).toEqual(['yes', ''])
    expect(says(air, { holders: [holder(8, true)] })).toEqual(['yes', ''])
    expect(says(air, { holders: [holder(5, true), holder(15, true)] })).toEqual(['yes', ''])
  })
  it('is not done by what is out of reach, and of what nobody has news nothing is said', () => {
    expect(says(air, { link: { ...good, ok: false, since: noon, reason: 'no-answer' } })).toEqual([
      'no',
      'AHU-3 自 12:00 起连不上',
    ])
    expect(says(air, { link: null })).toEqual(['unknown', 'AHU-3 没有消息'])
  })
  it('is not done where a level above the fire wants something else, or another fire goes first', () => {
    expect(says(air, { holders: [holder(1, true)] })).toEqual(['no', '检修 占用，至 12:00'])
    expect(says(air, { holders: [holder(1, false)] })[0]).toBe('yes')
    expect(says(air, { holders: [holder(1, true, { until: null })] })[1]).toBe('检修 占用，没有期限')
    const smoke = (rank: number) => [holder(2, true, { causes: [cause('11F 排烟', { value: true, rank })], until: null })]
    expect(says({ ...air, rank: 9 }, { holders: smoke(1) })).toEqual(['no', '11F 排烟 优先'])
    expect(says({ ...air, rank: 1 }, { holders: smoke(9) })[0]).toBe('yes')
  })
  it('is not done by a device that somebody has put on manual on the spot; what the panel does by wire is not held', () => {
    const point = `${air.device}/${air.point}` as PointRef
    expect(says(air, { values: { [point]: { v: true, q: 'manual' } } })).toEqual(['no', 'AHU-3 在现场手动'])
    expect(says(air, { values: { [point]: { v: false, q: 'manual' } } })[0]).toBe('yes')
    expect(says(byPanel, { holders: [holder(1, true)] })[0]).toBe('yes')
  })
  it('is done unseen where its feedback cannot be read', () => {
    const feedback = `${air.device}/${air.feedback.point}` as PointRef
    for (const q of ['stale', 'bad'] as const) expect(says(air, { values: { [feedback]: { q } } })[0]).toBe('blind')
    expect(says(air, { values: { [feedback]: { q: 'uncertain' } } })[0]).toBe('yes')
  })
})

describe('what begins a linkage', () => {
  const lost = { ...good, ok: false, since: noon, reason: 'no-answer' as const }
  it('is the panel: where it is out of reach, or too few detectors can speak, the agent does nothing', () => {
    expect(says(air, { panel: lost })).toEqual(['no', '火灾报警控制器 自 12:00 起连不上'])
    expect(says(air, { panel: null })[0]).toBe('unknown')
    expect(says(air, { canSpeak: false })[0]).toBe('no')
  })
  it('is not done while its compartment is under test', () => {
    expect(says(air, { test: '周强 测试至 15:00' })).toEqual(['no', '周强 测试至 15:00'])
  })
  it('by its own wire, happens whether we see it or not', () => {
    for (const o of [{ panel: lost }, { test: 'x' }, { canSpeak: false }]) expect(says(byPanel, o)[0]).toBe('yes')
    expect(says(byPanel, { link: lost })[0]).toBe('blind')
    expect(says(byPanel, { link: null })[0]).toBe('blind')
  })
  it('is simulated only where the panel and all that it moves are', () => {
    expect(isSimulatedFire(demoSite, 'c12')).toBe(true)
    expect(isSimulatedFire(demoSite, 'nowhere')).toBe(false)
    for (const id of ['fire-panel', 'ahu-3']) {
      const devices = demoSite.devices.map(d => (d.id === id ? { ...d, simulated: false } : d))
      expect(isSimulatedFire({ ...demoSite, devices }, 'c12')).toBe(false)
    }
  })
})

describe('the detectors that could speak', () => {
  const panel = catalogue.get('fire-panel')
  const able = (values: Record<string, Partial<PointValue>>) =>
    ableDetectors(c12, panel, ref => ({ v: false, q: 'good', t: 0, ...values[ref] }) as PointValue)
  it('are those that are read, and neither shielded nor at fault', () => {
    const all = c12.witnesses.length
    expect(able({})).toBe(all)
    const first = c12.witnesses[0]
    const detector = panel?.points.get(first ?? '')?.detector
    const shield = [...(panel?.points ?? [])].find(([, p]) => p.detector === detector && p.role === 'shielded')?.[0]
    expect(able({ [`fire-panel/${shield}`]: { v: true } })).toBe(all - 1)
    expect(able({ [`fire-panel/${first}`]: { q: 'stale' } })).toBe(all - 1)
    expect(ableDetectors(c12, undefined, () => undefined)).toBe(0)
  })
})

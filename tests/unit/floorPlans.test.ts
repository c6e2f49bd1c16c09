import { describe, expect, it } from 'vitest'
import type { Alarm } from '#api/models/live'
import { zh } from '#api/words/zh'
import { parseSite } from '#contract/parseSite'
import { detectorsOf } from '#contract/pointRoles'
import type { PointValue } from '#contract/quality'
import { isAtSite } from '../../console/server/site/floorSpots.ts'
import { floorsOf, thingsOn } from '../../console/web/src/floorPlan/floorThings.ts'
import { alarmsAtSpots, alarmsOffPlan } from '../../console/web/src/floorPlan/spotAlarms.ts'
import { pointsOf, spotLook } from '../../console/web/src/floorPlan/spotLook.ts'
import { catalogue, demoSite } from '../harness/demoBuilding.ts'

const c12 = { panel: 'panel', detectors: [{ fire: 'w1', fault: 'w1_fault', shielded: 'w1_shield' }, { fire: 'w2' }] }
const site = {
  devices: [
    { id: 'd-1', roles: { lock: 'cmd', locked: 'locked', 'door-open': 'open', 'forced-open': 'forced' } },
    { id: 'gate', roles: { arm: 'cmd', 'arm-raised': 'up', 'arm-moving': 'moves' } },
    { id: 'ahu', roles: { running: 'fb', command: 'cmd' } },
    { id: 'meter', roles: {} },
    { id: 'panel', roles: { 'any-fire': 'any' } },
  ],
  compartments: [c12],
}
type Reading = Record<string, [v: unknown, q?: string]>
/** What all of a device's points say while nothing is the matter. */
const calm: Reading = {
  'panel/w1_fault': [false],
  'panel/w1_shield': [false],
  'd-1/locked': [true],
  'd-1/open': [false],
  'd-1/forced': [false],
}
const look = (ref: string, said: Reading, linkOk = true) => {
  const read: Reading = { ...calm, ...said }
  const value = (p: string) => {
    const [v, q = 'good'] = read[p] ?? []
    return v === undefined ? undefined : ({ v, q, t: 0 } as PointValue)
  }
  const { kind, state, text } = spotLook(site, ref, { value, linkOk: () => linkOk, t: zh })
  return [kind, state, text]
}

describe('what stands on a floor plan', () => {
  it('a detector burns also when that is not certain, and is at rest only when that is read', () => {
    expect(look('panel/w1', { 'panel/w1': [true] })).toEqual(['detector', 'alarm', '火警'])
    expect(look('panel/w1', { 'panel/w1': [true, 'uncertain'] })).toEqual(['detector', 'alarm', '火警'])
    expect(look('panel/w1', { 'panel/w1': [false] })).toEqual(['detector', 'rest', '正常'])
    // What a lost link leaves behind is neither a fire nor peace.
    for (const q of ['stale', 'bad', 'uncertain'])
      expect(look('panel/w1', { 'panel/w1': [false, q] })).toEqual(['detector', 'unknown', '未核实'])
    expect(look('panel/w1', { 'panel/w1': [true, 'stale'] })[1]).toBe('unknown')
    expect(look('panel/w1', {})[1]).toBe('unknown')
  })
  it('one that is shielded or at fault is not shown as at rest', () => {
    expect(look('panel/w1', { 'panel/w1': [false], 'panel/w1_shield': [true] })).toEqual(['detector', 'fault', '屏蔽'])
    expect(look('panel/w1', { 'panel/w1': [false], 'panel/w1_fault': [true] })).toEqual(['detector', 'fault', '故障'])
    expect(look('panel/w1', { 'panel/w1': [true], 'panel/w1_fault': [true] })[1]).toBe('alarm')
    // Of one whose shield nobody has read nobody knows that it is at rest; that it burns is seen all the same.
    for (const key of ['panel/w1_fault', 'panel/w1_shield']) {
      expect(look('panel/w1', { 'panel/w1': [false], [key]: [false, 'stale'] })[1]).toBe('unknown')
      expect(look('panel/w1', { 'panel/w1': [true], [key]: [false, 'stale'] })[1]).toBe('alarm')
    }
  })
  it('doors, barriers and air by what they say themselves', () => {
    expect(look('d-1', { 'd-1/locked': [true] })[1]).toBe('rest')
    expect(look('d-1', { 'd-1/locked': [false] })[2]).toBe('门释放')
    expect(look('d-1', { 'd-1/locked': [false, 'stale'] })[1]).toBe('unknown')
    expect(look('d-1', { 'd-1/locked': [true], 'd-1/forced': [true] })[1]).toBe('alarm')
    expect(look('d-1', { 'd-1/forced': [true, 'uncertain'] })[1]).toBe('alarm')
    expect(look('d-1', { 'd-1/forced': [false, 'bad'] })[1]).toBe('unknown')
    expect(look('d-1', { 'd-1/open': [true] })).toEqual(['door', 'work', '门开着'])
    expect(look('d-1', { 'd-1/open': [false, 'stale'] })[1]).toBe('unknown')
    expect(look('gate', { 'gate/up': [false], 'gate/moves': [true] })[1]).toBe('moving')
    expect(look('gate', { 'gate/up': [true] })[1]).toBe('work')
    expect(look('ahu', { 'ahu/fb': [false] })[1]).toBe('rest')
    expect(look('meter', {})[1]).toBe('rest')
    expect(look('meter', {}, false)[1]).toBe('unknown')
    // A panel as a whole is not well because it answers.
    expect(look('panel', { 'panel/any': [true] })[1]).toBe('alarm')
    expect(look('panel', { 'panel/any': [false, 'stale'] })[1]).toBe('unknown')
    expect(look('panel', { 'panel/any': [false] })[1]).toBe('rest')
  })
  it('is followed point by point: a detector with its fault and its shield', () => {
    expect(pointsOf(site, 'panel/w1')).toEqual(['panel/w1', 'panel/w1_fault', 'panel/w1_shield'])
    expect(pointsOf(site, 'd-1')).toEqual(['d-1/locked', 'd-1/open', 'd-1/forced'])
    expect(pointsOf(site, 'meter')).toEqual([])
  })
})

describe('the alarms at the spots', () => {
  const spots = [
    { ref: 'panel/w1', x: 1, y: 1 },
    { ref: 'panel', x: 2, y: 2 },
  ]
  const alarm = (id: string, device: string | null, point: string | null) => ({ id, device, point }) as Alarm
  it('stand at their point, else at their device, and what stands nowhere is counted', () => {
    const all = [
      alarm('a', 'panel', 'panel/w1'),
      alarm('b', 'panel', 'panel/w2'),
      alarm('c', 'ahu', 'ahu/trip'),
      alarm('d', null, null),
    ]
    const at = alarmsAtSpots(spots, all)
    expect([...at].map(([ref, mine]) => [ref, mine.map(m => m.id)])).toEqual([
      ['panel/w1', ['a']],
      ['panel', ['b']],
    ])
    expect(alarmsOffPlan(spots, all).map(a => a.id)).toEqual(['c', 'd'])
  })
})

describe('a floor', () => {
  const panel = catalogue.get('fire-panel')
  if (!panel) throw new Error('no panel')
  const whole = {
    floors: demoSite.floors.map(f => ({ ...f, plan: true })),
    zones: demoSite.zones.map(z => ({ ...z, tenant: null, unit: null, pricePerHourFen: null })),
    compartments: demoSite.compartments.map(c => ({ ...c, detectors: detectorsOf(panel, c.witnesses) })),
    devices: demoSite.devices.map(d => ({ ...d, place: d.place ?? null })) as never,
  }
  it('has its devices and the detectors of its compartments', () => {
    const things = thingsOn(whole, 'f12')
    expect(things).toContain('fire-panel/l12_w1_fire')
    expect(things).toContain('zc-12w')
    expect(things).toContain('d-12')
    expect(things.filter(t => t.startsWith('fire-panel/'))).toHaveLength(10)
    expect(things.some(t => t.includes('11'))).toBe(false)
  })
  it('is found by a compartment, a zone, a device; what has none has none', () => {
    expect(floorsOf(whole, 'c12')).toEqual(['f12'])
    expect(floorsOf(whole, 'f12-e')).toEqual(['f12'])
    expect(floorsOf(whole, 'b1')).toEqual(['b1'])
    expect(floorsOf(whole, 'd-12')).toEqual(['f12'])
    for (const none of [null, 'fire-panel', 'nowhere']) expect(floorsOf(whole, none)).toEqual([])
  })
  it('takes only what the site has', () => {
    expect(isAtSite(demoSite, catalogue, 'd-12')).toBe(true)
    expect(isAtSite(demoSite, catalogue, 'fire-panel/l12_w1_fire')).toBe(true)
    for (const ref of ['d-99', 'fire-panel/l99_w1_fire', 'd-99/locked']) expect(isAtSite(demoSite, catalogue, ref)).toBe(false)
  })
})

describe('the picture that a site file names', () => {
  const text = (plan: string) => `floors:\n  - { id: f1, name: { zh: 1F, en: 1F }, order: 1, plan: ${JSON.stringify(plan)} }\n`
  const wrong = (plan: string) =>
    parseSite({ file: 's.yaml', text: text(plan) }).problems.some(p => p.path === 'floors.0.plan' || p.path.endsWith('plan'))
  it('lies beside it and is a picture', () => {
    for (const good of ['f1.svg', 'plans/f1.png', 'plans/west/1-F.jpeg']) expect(wrong(good)).toBe(false)
    for (const bad of ['../f1.svg', 'a/../../f1.svg', '/etc/f1.svg', 'f1.html', 'f1', 'https://x/f1.svg'])
      expect(wrong(bad), bad).toBe(true)
  })
})

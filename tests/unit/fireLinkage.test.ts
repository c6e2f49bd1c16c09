import { beforeEach, describe, expect, it } from 'vitest'
import { parseSite } from '#contract/parseSite'
import { type Holder, level } from '#contract/priority'
import type { Site } from '#contract/site'
import { openCalendar } from '#program/localCalendar'
import { PriorityArrays } from '../../edge-agent/control/priorityArrays.ts'
import type { Effect } from '../../edge-agent/memory/edgeMemory.ts'
import { Core, catalogue, miniSite } from '../harness/core.ts'

const calendar = openCalendar('Asia/Shanghai')
const by = { id: 'wang', what: { zh: '王工', en: 'Wang' } }
const start = Date.parse('2026-11-20T12:00:00+08:00')
let core: Core
beforeEach(() => {
  core = new Core({ site: miniSite(), calendar, wall: start })
})

const burn = () => {
  core.reads('panel', 'l1_w1_fire', true)
  core.reads('panel', 'l1_w2_fire', true)
}
const calm = () => {
  for (const key of ['l1_w1_fire', 'l1_w2_fire', 'fire']) core.reads('panel', key, false)
}
const fire = (ref = 'ahu-1/fan_cmd'): Holder | undefined => core.arrays.holder(ref, level.fire)
const phases = () => core.journal.flatMap(r => (r.type === 'compartment' ? [r.phase] : []))
const took = (result: string | { effects: Effect[] }) => {
  if (typeof result === 'string') throw new Error(result)
  core.commit(result.effects)
}
const again = (site: Site = miniSite()) => {
  core = new Core({ site, calendar, wall: core.wall, before: core })
}

describe('7: a start signal is what the device shows', () => {
  it('a device that answers by itself has started with its reply; what was only handed over has not', () => {
    burn()
    const started = () => core.journal.some(r => r.type === 'linkage' && r.phase === 'started')
    core.fire.onWritten('ahu-1/fan_cmd', false, 'handed')
    core.fire.step()
    expect(started()).toBe(false)
    // The broker had it at once; the device shows it two seconds later.
    core.wall += 2000
    core.reads('ahu-1', 'fan_cmd', false)
    core.fire.step()
    expect(core.journal.find(r => r.type === 'linkage' && r.phase === 'started')).toMatchObject({ elapsedMs: 2000 })
  })
  it('a reply of the device is one', () => {
    burn()
    core.fire.onWritten('ahu-1/fan_cmd', false, 'taken')
    expect(core.journal.some(r => r.type === 'linkage' && r.phase === 'started')).toBe(true)
  })
})

describe('start signals', () => {
  it('are owed for what this agent does, until the device has shown one', () => {
    expect(core.fire.startSignals()).toEqual([])
    burn()
    expect(core.fire.startSignals()).toEqual(['ahu-1/fan_cmd'])
    core.fire.onWritten('ahu-1/fan_cmd', false, 'taken')
    expect(core.fire.startSignals()).toEqual([])
  })
  it('are not owed for what comes behind another action by its rank, nor for what the panel does', () => {
    burn()
    core.arrays.join('ahu-1/fan_cmd', level.fire, { ...by, value: true, rank: 1 }, core.wall)
    expect(core.fire.startSignals()).toEqual([])
    const text = JSON.stringify(miniSite()).replace('"by":"agent"', '"by":"panel"')
    const { site } = parseSite({ file: 'x', text }, catalogue)
    expect(site?.compartments[0]?.linkages[0]?.by).toBe('panel')
    core = new Core({ site: site as Site, calendar, wall: start })
    burn()
    expect(core.fire.startSignals()).toEqual([])
  })
})

describe('8: a level keeps a value per cause', () => {
  const arrays = () => new PriorityArrays(new Map([['fan/cmd', true]]), new Map())
  const cause = (id: string, value: boolean, rank?: number) => ({
    id,
    what: { zh: id, en: id },
    value,
    ...(rank ? { rank } : {}),
  })
  it('fire A stop, fire C run: the rank decides, and with C released A has its own value again', () => {
    const a = arrays()
    a.join('fan/cmd', 2, cause('A', false, 2), 0)
    a.join('fan/cmd', 2, cause('C', true, 1), 0)
    expect(a.value('fan/cmd')).toBe(true)
    a.leave('fan/cmd', 2, 'C')
    expect(a.value('fan/cmd')).toBe(false)
  })
  it('in whatever order they come and go', () => {
    for (const order of ['AC', 'CA'])
      for (const gone of ['A', 'C']) {
        const a = arrays()
        for (const id of order) a.join('fan/cmd', 2, id === 'A' ? cause('A', false, 2) : cause('C', true, 1), 0)
        a.leave('fan/cmd', 2, gone)
        expect(a.value('fan/cmd'), `${order} without ${gone}`).toBe(gone === 'A')
      }
  })
})

describe('10: a site file that changes under a latched fire', () => {
  const changed = (change: (text: string) => string): Site => {
    const text = change(JSON.stringify(miniSite()))
    const { site, problems } = parseSite({ file: 'x', text }, catalogue)
    if (!site) throw new Error(JSON.stringify(problems))
    return site
  }
  it('a compartment that is gone is still latched, can be released, and leaves nothing behind', () => {
    burn()
    core.reads('panel', 'fire', true)
    again(changed(t => t.replace('"id":"comp"', '"id":"other"')))
    expect(fire()?.causes.map(c => c.id)).toEqual(['comp'])
    expect(core.fire.keys).toContain('orphan/comp')
    expect(core.fire.release('comp', by)).toBe('panel-in-alarm')
    calm()
    took(core.fire.release('comp', by))
    expect(fire()).toBeUndefined()
    expect(core.fire.isLatched('comp')).toBe(false)
    expect(core.kept.get('latched')?.size).toBe(0)
  })
  it('a linkage that was added is carried out after the restart', () => {
    burn()
    const more =
      '"linkages":[{"id":"air2","name":{"zh":"x","en":"x"},"device":"ahu-2","point":"fan_cmd","value":false,"feedback":{"point":"fan_fb","value":false},"feedbackLimitMs":30000},'
    again(changed(t => t.replace('"linkages":[', more)))
    expect(fire('ahu-2/fan_cmd')).toMatchObject({ value: false, causes: [{ id: 'comp' }] })
    expect(core.journal.some(r => r.type === 'linkage' && r.linkage === 'air2' && r.phase === 'triggered')).toBe(true)
    calm()
    took(core.fire.release('comp', by))
    expect([fire(), fire('ahu-2/fan_cmd')]).toEqual([undefined, undefined])
  })
  it('a linkage that was taken away leaves its entry with the release', () => {
    burn()
    again(changed(t => t.replace(/"linkages":\[\{"id":"air".*?\}\]/, '"linkages":[]')))
    expect(fire()).toBeDefined()
    calm()
    took(core.fire.release('comp', by))
    expect(fire()).toBeUndefined()
  })
})

describe('11: witnesses', () => {
  it('a release forgets what was only remembered, so that nothing latches again by itself', () => {
    burn()
    calm()
    took(core.fire.release('comp', by))
    core.reads('panel', 'fire', false)
    expect(core.fire.isLatched('comp')).toBe(false)
    core.reads('panel', 'l1_cpw_fire', true)
    expect(core.fire.isLatched('comp')).toBe(false)
  })
  it('what is remembered survives a restart', () => {
    core.reads('panel', 'l1_w1_fire', true)
    core.reads('panel', 'l1_w1_fire', false)
    again()
    core.wall += 5000
    core.reads('panel', 'l1_w2_fire', true)
    expect(core.fire.isLatched('comp')).toBe(true)
  })
})

describe('12: by hand, and in a test', () => {
  it('an authorised person starts the actions: an act of its own, latched like any other', () => {
    took(core.fire.startByHand('comp', by))
    expect(phases()).toEqual(['by-hand'])
    expect(fire()).toMatchObject({ value: false })
    expect(core.fire.startByHand('comp', by)).toBe('already-latched')
    expect(core.fire.startByHand('nowhere', by)).toBe('unknown-compartment')
    core.reads('panel', 'fire', false)
    took(core.fire.release('comp', by))
    expect(fire()).toBeUndefined()
  })
  const begin = (forMs = 600_000) => took(core.fire.beginTest('comp', by, core.wall + forMs))
  it('a test withholds the actions, tells once what would have been done, and survives a restart', () => {
    begin()
    burn()
    core.reads('panel', 'fire', true)
    expect(fire()).toBeUndefined()
    const withheld = core.journal.filter(r => r.type === 'compartment' && r.phase === 'withheld')
    expect(withheld).toHaveLength(1)
    expect(withheld[0]).toMatchObject({ causes: [{ id: 'l1_w1_fire' }, { id: 'l1_w2_fire' }, { id: 'air', value: false }] })
    again()
    core.reads('panel', 'fire', true)
    expect(fire()).toBeUndefined()
    expect(core.fire.testOf('comp')).toMatchObject({ by, withheld: true })
  })
  it('its record says until when; what is met, calm and met again would have been done twice', () => {
    begin()
    expect(core.journal.find(r => r.type === 'compartment')).toMatchObject({ phase: 'test-begun', until: start + 600_000 })
    burn()
    calm()
    // Longer than two witnesses may be apart.
    core.wall += 400_000
    calm()
    burn()
    expect(phases()).toEqual(['test-begun', 'withheld', 'withheld'])
    expect(core.journal.some(r => r.type === 'compartment' && r.phase === 'withheld' && 'until' in r)).toBe(false)
  })
  it('it ends by itself, and a fire that stands then is carried out', () => {
    begin()
    burn()
    core.wall += 600_000
    core.fire.step()
    expect(core.fire.testOf('comp')).toBeUndefined()
    expect(phases()).toEqual(['test-begun', 'withheld', 'test-ended', 'rule-met'])
    expect(fire()).toMatchObject({ value: false })
  })
  it('at one key the actions are carried out in the middle of it', () => {
    begin()
    burn()
    took(core.fire.startByHand('comp', by))
    expect(phases()).toEqual(['test-begun', 'withheld', 'test-ended', 'by-hand'])
    expect(fire()).toMatchObject({ value: false })
  })
  it('it has an end that is in sight, and none begins on a latched compartment', () => {
    expect(core.fire.beginTest('comp', by, core.wall)).toBe('end-in-the-past')
    expect(core.fire.beginTest('comp', by, core.wall + 25 * 3_600_000)).toBe('hold-too-long')
    expect(core.fire.endTest('comp', by)).toBe('not-testing')
    burn()
    expect(core.fire.beginTest('comp', by, core.wall + 1000)).toBe('already-latched')
  })
})

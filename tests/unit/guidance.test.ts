import { describe, expect, it } from 'vitest'
import type { Site } from '#contract/site'
import { guidanceOf } from '../../console/subjects/alarms/guidance.ts'
import { catalogue, demoSite } from '../harness/demoBuilding.ts'

const w = (zh: string) => ({ zh, en: zh })
const about = { key: 'ahu-1/filter', device: 'ahu-1', kind: 'advisory' as const }
const entry = (o: Partial<Site['guidance'][number]>): Site['guidance'][number] => ({ phones: [], ...o })
const site = (guidance: Site['guidance']): Site => ({ ...demoSite, guidance })

describe('what an operator must know of an alarm', () => {
  it('is its rule first, then what the site says of its device, of what feeds it, of its kind, of all; each piece for itself', () => {
    const all = site([
      entry({ consequence: w('全楼') }),
      entry({ kinds: ['advisory'], consequence: w('建议类'), withinS: 60 }),
      entry({ devices: ['plant'], cause: w('冷站'), withinS: 120 }),
      entry({ devices: ['ahu-1'], cause: w('本机'), action: [w('做')] }),
    ])
    expect(guidanceOf(all, catalogue, { ...about, key: 'ahu-1/none' })).toMatchObject({
      ...{ cause: w('本机'), consequence: w('建议类'), action: [w('做')], withinS: 120 },
    })
    // The rule has its own.
    expect(guidanceOf(all, catalogue, about).cause?.zh).toBe('过滤网积尘')
    expect(guidanceOf(all, catalogue, about).withinS).toBe(120)
    expect(guidanceOf(site([]), catalogue, { key: 'agent/tower', device: null, kind: 'system' })).toEqual({
      ...{ cause: null, consequence: null, action: [], withinS: null, phones: [] },
    })
  })
  it('names every telephone that concerns it, the nearest first', () => {
    const phone = (name: string) => ({ name: w(name), phone: '1' })
    const all = site([
      entry({ phones: [phone('全楼')] }),
      entry({ kinds: ['fire'], phones: [phone('消防')] }),
      entry({ devices: ['ahu-1'], phones: [phone('机组')] }),
      entry({ devices: ['plant'], phones: [phone('冷站')] }),
    ])
    expect(guidanceOf(all, catalogue, about).phones.map(p => p.name.zh)).toEqual(['机组', '冷站', '全楼'])
  })
})

import { beforeEach, describe, expect, it } from 'vitest'
import type { AgentView } from '#api/models/live'
import type { Bodies, LinkState } from '#contract/messages'
import type { PointRef } from '#contract/names'
import type { Scalar } from '#contract/quality'
import { agentSilenceMs, Mirror } from '../../console/server/mirror/mirror.ts'
import { demoSite } from '../harness/demoBuilding.ts'

/** What the console holds for so, from what it hears: never fresher, never better than the last word of the agent of that device. */
const agent = 'tower'
const point: PointRef = 'zc-12w/temp'
let mirror: Mirror
let mono: number
let told: { turned: string[]; gaps: (string | null)[]; agents: AgentView[]; values: PointRef[] }

beforeEach(() => {
  mono = 0
  told = { turned: [], gaps: [], agents: [], values: [] }
  mirror = new Mirror(demoSite, 1000, () => mono, {
    onAgent: a => told.agents.push(a),
    onAgentTurned: a => told.turned.push(a),
    onHolders: () => {},
    onValues: refs => told.values.push(...refs),
    onGap: (_, device) => told.gaps.push(device),
  })
})

const link = { ok: true, since: 0, reason: null, code: null, errors: 0, driftMs: null, bus: null } satisfies LinkState
const status = (session: string, online = true, over: Partial<Bodies['status']> = {}) =>
  mirror.onStatus(
    agent,
    { online, stopped: false, session, version: '0', wall: 1000, simTime: true, rejected: 0, journal: null, ...over },
    1000,
  )
const says = (session: string, seq: number, values: Record<string, Scalar>, full = false) => {
  const read = Object.fromEntries(Object.entries(values).map(([k, v]) => [k, { v, q: 'good' as const, t: 900 }]))
  mirror.onDevice(agent, { device: 'zc-12w', session, seq, readAt: 900, link, values: read }, full)
}
const shown = () => {
  const value = mirror.value(point)
  return value && [value.v, value.q]
}

describe('what the console holds for so', () => {
  it('is nothing of what it has not heard', () => {
    expect([shown(), mirror.readAt('zc-12w')]).toEqual([undefined, undefined])
    expect(mirror.views()[0]).toMatchObject({ id: agent, online: false })
  })
  it('is good only while the agent that said it is in reach, on the same session', () => {
    says('s1', 1, { temp: 22 }, true)
    expect(shown()).toEqual([22, 'stale'])
    status('s1')
    expect(shown()).toEqual([22, 'good'])
    status('s2')
    expect(shown()).toEqual([22, 'stale'])
    says('s2', 1, { temp: 23 }, true)
    expect(shown()).toEqual([23, 'good'])
  })
  it('is stale from the will of the agent on, but the will of an older session takes nothing down', () => {
    status('s2')
    says('s2', 1, { temp: 22 }, true)
    status('s1', false)
    expect([shown(), mirror.agents.get(agent)?.online]).toEqual([[22, 'good'], true])
    status('s2', false)
    expect([shown(), mirror.agents.get(agent)?.online]).toEqual([[22, 'stale'], false])
  })
  it('is stale when the agent is silent without a will; heard again, only what is told anew counts', () => {
    status('s1')
    says('s1', 1, { temp: 22 }, true)
    mono = agentSilenceMs - 1
    mirror.watch(2000)
    expect(shown()).toEqual([22, 'good'])
    mono = agentSilenceMs
    mirror.watch(2000)
    expect(shown()).toEqual([22, 'stale'])
    status('s1')
    expect(shown()).toEqual([22, 'stale'])
    expect(told.gaps).toEqual([null, null])
    says('s1', 9, { temp: 24 }, true)
    expect(shown()).toEqual([24, 'good'])
    expect(told.turned).toEqual([agent, agent, agent])
  })
  it('is stale when the broker is gone, and asked for whole when it is back', () => {
    status('s1')
    says('s1', 1, { temp: 22 }, true)
    mirror.onBrokerLost(2000)
    expect(shown()).toEqual([22, 'stale'])
    mirror.onBrokerBack()
    expect(told.gaps.at(-1)).toBeNull()
  })
  it('a message that is missing between two asks for the device’s whole state; what came is not thrown away', () => {
    status('s1')
    says('s1', 1, { temp: 22, humidity: 50 }, true)
    says('s1', 3, { temp: 25 })
    expect(told.gaps).toEqual([null, 'zc-12w'])
    expect(shown()).toEqual([25, 'good'])
    // A whole state that was on its way before is older than what is known.
    says('s1', 2, { temp: 21 }, true)
    expect(shown()).toEqual([25, 'good'])
  })
  it('a change of a device that it has never heard of, or of another session, is not taken for its state', () => {
    status('s1')
    says('s1', 5, { temp: 22 })
    expect([shown(), told.gaps.at(-1)]).toEqual([undefined, 'zc-12w'])
    says('s1', 6, { temp: 22 }, true)
    says('s0', 7, { temp: 30 })
    expect(shown()).toEqual([22, 'good'])
  })
  it('is what the agent of that device says, and of no other', () => {
    mirror.onDevice('somebody', { device: 'zc-12w', session: 's', seq: 1, readAt: 1, link, values: {} }, true)
    expect(mirror.refsOf('zc-12w')).toEqual([])
    mirror.onStatus('somebody', { ...({} as Bodies['status']) }, 1000)
    expect(told.agents).toEqual([])
  })
  it('everything of an agent is to be shown anew when it turns', () => {
    says('s1', 1, { temp: 22, humidity: 50 }, true)
    told.values = []
    status('s1')
    expect(told.values.toSorted()).toEqual(['zc-12w/humidity', 'zc-12w/temp'])
  })
})

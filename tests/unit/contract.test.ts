import { describe, expect, it } from 'vitest'
import { type Account, allowedFilters, refusePublish, refuseSubscribe } from '#contract/access'
import { decode, encode } from '#contract/decode'
import { kindNames, kinds } from '#contract/kinds'
import { filterOf, matchesFilter, parseTopic, topicOf } from '#contract/topics'

const address = { site: 's1', agent: 'a1', device: 'd1', point: 'p1', page: '0' }
const agent: Account = { role: 'agent', user: 'agent-a1', site: 's1', agent: 'a1' }
const bus: Account = { role: 'field', user: 'field-a1', prefixes: ['doors/d1'] }
const console1: Account = { role: 'console', user: 'console', site: 's1' }
const door: Account = { role: 'device', user: 'd1', prefix: 'doors/d1' }

describe('the table of kinds', () => {
  for (const kind of kindNames) {
    it(`${kind}: its topic is parsed back and matched by its filter`, () => {
      const topic = topicOf(kind, address)
      expect(parseTopic(topic)).toMatchObject({ kind, address: { site: 's1', agent: 'a1' } })
      expect(matchesFilter(filterOf(kind, 's1'), topic)).toBe(true)
      expect(matchesFilter(filterOf(kind, 's2'), topic)).toBe(false)
    })
    it(`${kind}: only its sender may publish it, and only with its retain flag`, () => {
      const topic = topicOf(
        kind,
        kinds[kind].from === 'console' && kind === 'consoleStatus' ? { ...address, agent: 'console' } : address,
      )
      const sender = kinds[kind].from === 'agent' ? agent : console1
      const other = sender === agent ? console1 : agent
      expect(refusePublish(sender, topic, kinds[kind].retain)).toBeUndefined()
      expect(refusePublish(sender, topic, !kinds[kind].retain)).toBeDefined()
      expect(refusePublish(other, topic, kinds[kind].retain)).toBeDefined()
      expect(refusePublish(door, topic, kinds[kind].retain)).toBeDefined()
    })
    it(`${kind}: rubbish is a named rejection, never an exception`, () => {
      const topic = topicOf(kind, address)
      for (const rubbish of ['', 'null', '{', '[]', '{"a":1}', '\u0000', '{"__proto__":{"x":1}}'])
        expect(decode(topic, Buffer.from(rubbish))).toMatchObject({ ok: false })
      expect(decode(topic, Buffer.from([0xff, 0xfe]))).toMatchObject({ ok: false, reason: 'not JSON in UTF-8' })
    })
  }
  it('commands are never retained', () => expect(kinds.command.retain).toBe(false))
  it('an unknown topic is rejected by name', () => {
    expect(decode('zhiban/2/x', Buffer.from('{}'))).toMatchObject({ ok: false, reason: 'unknown topic' })
  })
  it('a message goes through encode and decode unchanged', () => {
    const body = {
      id: 'c1',
      issuedAt: 1,
      ttlMs: 1000,
      by: { id: 'u', what: { zh: '人', en: 'p' } },
      act: { kind: 'release' as const, point: 'd1/p1', level: 8 },
    }
    expect(decode(topicOf('command', address), Buffer.from(encode('command', body)))).toMatchObject({ ok: true, body })
  })
})

describe('who may listen', () => {
  it('nobody may subscribe to # or $SYS, or across prefixes', () => {
    for (const who of [agent, console1, door, bus])
      for (const filter of ['#', '$SYS/#', '+/#', 'zhiban/#', 'zhiban/1/+/+/command', 'a#', '+a/b', ''])
        expect(refuseSubscribe(who, filter), `${who.role} ${filter}`).toBeDefined()
  })
  it('each may subscribe to what its role reads', () => {
    for (const who of [agent, console1, door, bus])
      for (const filter of allowedFilters(who)) expect(refuseSubscribe(who, filter)).toBeUndefined()
  })
  it('an agent does not hear commands to another agent', () => {
    expect(refuseSubscribe(agent, 'zhiban/1/s1/a2/command')).toBeDefined()
    expect(refuseSubscribe(agent, 'zhiban/1/s1/a1/command')).toBeUndefined()
  })
  it('a device speaks beneath its own prefix alone', () => {
    expect(refusePublish(door, 'doors/d1/state', false)).toBeUndefined()
    expect(refusePublish(door, 'doors/d2/state', false)).toBeDefined()
    expect(refusePublish(door, 'doors/d1x/state', false)).toBeDefined()
  })
  it('7: a field bus has an account of its own: it commands its devices and nothing else, and leaves no retained command behind', () => {
    expect(refusePublish(bus, 'doors/d1/command', false)).toBeUndefined()
    expect(refusePublish(bus, 'doors/d1/command', true)).toBeDefined()
    expect(refusePublish(bus, 'doors/d2/command', false)).toBeDefined()
    expect(refusePublish(bus, 'zhiban/1/s1/a1/journal', false)).toBeDefined()
    expect(refuseSubscribe(bus, 'doors/d1/#')).toBeUndefined()
    expect(refuseSubscribe(bus, 'zhiban/1/s1/a1/command')).toBeDefined()
    expect(refusePublish(agent, 'doors/d1/command', false)).toBeDefined()
  })
})

import { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { expect, it } from 'vitest'
import { Connections } from '../../console/server/http/connections.ts'

class Line extends EventEmitter {
  readonly remoteAddress: string
  open = true
  constructor(remoteAddress: string) {
    super()
    this.remoteAddress = remoteAddress
  }
  destroy() {
    this.open = false
    this.emit('close')
  }
}
const complete = { complete: true } as IncomingMessage
const halfSent = { complete: false } as IncomingMessage
const come = (connections: Connections, address: string, n = 1) =>
  Array.from({ length: n }, () => {
    const line = new Line(address)
    connections.admit(line)
    return line
  })

it('a request finds room at an address whose share is used up by half-sent ones: the oldest of those goes', () => {
  const connections = new Connections({ perAddress: 10, altogether: 100 })
  const silent = come(connections, 'a', 5)
  const dripping = come(connections, 'a', 5)
  for (const line of dripping) connections.serves(line, halfSent)
  const [honest] = come(connections, 'a')
  expect([honest?.open, silent[0]?.open, connections.size]).toEqual([true, false, 10])
  come(connections, 'a', 9)
  expect([...silent, ...dripping].filter(l => l.open)).toEqual([])
  expect(connections.size).toBe(10)
})

it('what is being answered, or is a live screen, is never taken from anybody', () => {
  const connections = new Connections({ perAddress: 4, altogether: 100 })
  const [answered, live, ...idle] = come(connections, 'a', 4)
  connections.serves(answered as Line, complete)
  connections.upgraded(live as Line)
  come(connections, 'a', 20)
  expect([answered?.open, live?.open, idle.some(l => l.open)]).toEqual([true, true, false])
  const others = new Connections({ perAddress: 2, altogether: 100 })
  for (const line of come(others, 'a', 2)) others.upgraded(line)
  const [refused] = come(others, 'a')
  expect([refused?.open, others.size]).toEqual([false, 2])
})

it('a crowd from many addresses loses by the largest of them, and a line that ends gives its place back', () => {
  const connections = new Connections({ perAddress: 50, altogether: 60 })
  const crowd = come(connections, 'many', 45)
  const few = come(connections, 'few', 15)
  const [another] = come(connections, 'new')
  expect([another?.open, few.every(l => l.open), crowd.filter(l => l.open).length]).toEqual([true, true, 44])
  for (const line of [...crowd, ...few]) line.destroy()
  expect(connections.size).toBe(1)
})

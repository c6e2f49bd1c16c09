import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { Change, News, Snapshot } from '#api/events'
import type { User } from '#api/models/people'
import { EventBudget, eventLimits } from '../../console/server/realtime/eventBudget.ts'
import { type LiveSocket, Seat, type SeatParts } from '../../console/server/realtime/seat.ts'
import { Sessions, socketLimits } from '../../console/server/realtime/sessions.ts'

const duties: Change = { kind: 'duties' }
const seated = () => {
  let now = 0
  let reads = 0
  let finish: ((body: Omit<Snapshot, 'seq'>) => void) | undefined
  const read = new Map<string, number>()
  const sent: { event: string; args: unknown[] }[] = []
  const socket = {
    connected: true,
    conn: { writeBuffer: [] as unknown[] },
    emit: (event: string, ...args: unknown[]) => void sent.push({ event, args }),
    disconnect() {
      socket.connected = false
    },
  }
  const parts: SeatParts = {
    wall: () => now,
    mono: () => now,
    snapshot() {
      reads++
      return new Promise(done => {
        finish = done
      })
    },
    valueOf: ref => ({ v: ref, q: 'good', t: 0 }),
    refsOf: device => [`${device}/a`, `${device}/b`],
    readAt: device => read.get(device),
  }
  const seat = new Seat(socket as unknown as LiveSocket, {} as User, 'token', parts, error => {
    throw error
  })
  return {
    seat,
    socket,
    sent,
    read,
    news: () => sent.flatMap(s => (s.event === 'news' ? [s.args[0] as News] : [])),
    of: (event: string) => sent.filter(s => s.event === event),
    reads: () => reads,
    pass(ms: number) {
      now += ms
    },
    async finished() {
      finish?.({} as Omit<Snapshot, 'seq'>)
      await Promise.resolve()
      await Promise.resolve()
    },
  }
}

describe('a screen that asks for snapshots', () => {
  it('has one being read however often it asks, and the next not before a second is over', async () => {
    const s = seated()
    for (let i = 0; i < 5000; i++) s.seat.resync()
    expect(s.reads()).toBe(1)
    await s.finished()
    for (let i = 0; i < 5000; i++) s.seat.resync()
    s.seat.send()
    expect([s.reads(), s.of('snapshot').length]).toEqual([1, 1])
    s.pass(1000)
    s.seat.send()
    expect(s.reads()).toBe(2)
  })
  it('gets none, and costs none, when it is gone by then', async () => {
    const s = seated()
    s.seat.resync()
    s.socket.connected = false
    await s.finished()
    expect(s.sent).toEqual([])
  })
  it('gets it however much is told meanwhile, and what was told meanwhile again after it', async () => {
    const s = seated()
    s.seat.resync()
    for (let i = 0; i < 50; i++) s.seat.tell(duties)
    s.seat.send()
    await s.finished()
    expect(s.sent.map(x => x.event)).toEqual(['news', 'snapshot', 'news'])
    expect(s.of('snapshot')[0]?.args).toMatchObject([{ seq: 2 }])
    expect(s.news().map(n => [n.seq, n.changes?.length])).toEqual([
      [1, 50],
      [3, 50],
    ])
  })
  it('is told after it what had not been told before it', async () => {
    const s = seated()
    s.seat.tell(duties)
    s.seat.resync()
    await s.finished()
    expect(s.news()).toMatchObject([{ seq: 2, changes: [duties] }])
  })
  it('gets none while it takes nothing', () => {
    const s = seated()
    s.socket.conn.writeBuffer.length = 21
    s.seat.resync()
    expect(s.reads()).toBe(0)
  })
})

describe('news of a screen', () => {
  it('is one message of all that has come together, in order', () => {
    const s = seated()
    s.seat.watch(['pump/*', 'fan/x'])
    s.seat.tell(duties)
    s.seat.touch(['pump/a', 'pump/a', 'fan/x', 'fan/y'])
    s.seat.tell({ kind: 'charges' })
    s.pass(250)
    s.seat.send()
    expect(s.news()).toHaveLength(2)
    expect(s.news()[1]).toMatchObject({ seq: 2, wall: 250, changes: [duties, { kind: 'charges' }] })
    expect(s.news()[1]?.values?.map(v => v[0])).toEqual(['pump/a', 'fan/x'])
  })
  it('is nothing while nothing is new, but for one message a second with the clock', () => {
    const s = seated()
    for (let i = 0; i <= 20; i++) {
      s.seat.send()
      s.pass(250)
    }
    expect(s.news().map(n => n.wall)).toEqual([0, 1000, 2000, 3000, 4000, 5000])
    expect(s.news().at(-1)).toEqual({ seq: 6, wall: 5000 })
  })
  it('tells when a watched device was read, though none of its values has changed', () => {
    const s = seated()
    s.seat.watch(['pump/a'])
    s.pass(1000)
    s.read.set('pump', 900)
    s.read.set('fan', 900)
    s.seat.send()
    expect(s.news().at(-1)).toEqual({ seq: 2, wall: 1000, read: { pump: 900 } })
    s.pass(1000)
    s.seat.send()
    expect(s.news().at(-1)).toEqual({ seq: 3, wall: 2000 })
  })
  it('is collected while the screen takes nothing, and the screen given up when too much has come together', () => {
    const s = seated()
    s.socket.conn.writeBuffer.length = 21
    for (let i = 0; i < 2000; i++) s.seat.tell(duties)
    s.seat.send()
    expect([s.sent, s.socket.connected]).toEqual([[], true])
    s.socket.conn.writeBuffer.length = 0
    s.seat.send()
    expect(s.news()[0]?.changes).toHaveLength(2000)
    s.socket.conn.writeBuffer.length = 21
    for (let i = 0; i < 2001; i++) s.seat.tell(duties)
    s.seat.send()
    expect(s.socket.connected).toBe(false)
  })
  it('is however much has come at once, where the screen takes it', () => {
    const s = seated()
    for (let i = 0; i < 5000; i++) s.seat.tell(duties)
    s.seat.send()
    expect([s.news()[0]?.changes?.length, s.socket.connected]).toEqual([5000, true])
  })
})

it('of many wishes for values the last counts, four times a second at most', () => {
  const s = seated()
  const refs = () => s.news().map(n => n.values?.map(v => v[0]))
  s.pass(1000)
  for (let i = 0; i < 1000; i++) s.seat.watch([`d${i}/x`])
  expect(refs()).toEqual([['d0/x']])
  s.pass(250)
  s.seat.send()
  expect(refs().slice(1)).toEqual([['d999/x']])
  s.seat.watch(['pump/*'])
  s.pass(250)
  s.seat.send()
  expect(refs().slice(2)).toEqual([['pump/a', 'pump/b']])
  s.seat.watch('nonsense')
  s.seat.watch(Array(6000).fill('d/x'))
  s.pass(250)
  s.seat.send()
  expect(refs()).toHaveLength(3)
})

it('a budget takes a burst, fills by itself, and is overdrawn by a storm', () => {
  const budget = new EventBudget(0)
  expect(Array.from({ length: eventLimits.burst }, () => budget.take(1, 0)).every(Boolean)).toBe(true)
  expect(budget.take(1, 0)).toBe(false)
  expect(budget.take(1, 1000)).toBe(true)
})

it('a session and a person have only so many screens, and coming again does not fill the budget', () => {
  let now = 0
  const sessions = new Sessions(() => now)
  const socket = () => new EventEmitter() as never
  const opened = (token: string, person: string, n: number) =>
    Array.from({ length: n }, () => {
      now += 500
      return sessions.admit(token, person, socket())
    }).filter(Boolean).length
  expect(opened('t1', 'guard', 50)).toBe(socketLimits.perSession)
  expect(opened('t2', 'guard', 50)).toBe(socketLimits.perSession)
  expect(opened('t3', 'guard', 50)).toBe(socketLimits.perPerson - 2 * socketLimits.perSession)
  expect(opened('t4', 'operator', 1)).toBe(1)
  let connects = 0
  for (let i = 0; i < 100; i++) {
    const one = new EventEmitter()
    if (!sessions.admit('t5', 'engineer', one as never)) break
    connects++
    one.emit('close')
  }
  expect(connects).toBe(eventLimits.burst / eventLimits.connecting)
})

it('ten screens of a session that was cut off all get in again, however often each of them asks', () => {
  let now = 0
  const sessions = new Sessions(() => now)
  expect(sessions.admit('t', 'operator', new EventEmitter() as never)).toBe(true)
  for (let i = 0; i < eventLimits.burst * 2; i++) sessions.maySay('t')
  const outside = new Set(Array.from({ length: 10 }, (_, i) => i))
  for (let second = 0; second < 30; second++) {
    now += 1000
    for (const i of outside) if (sessions.admit('t', 'operator', new EventEmitter() as never)) outside.delete(i)
  }
  expect(outside.size).toBe(0)
})

import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { decode, encode } from '#contract/decode'
import { consoleAgent } from '#contract/kinds'
import type { Bodies } from '#contract/messages'
import { topicOf } from '#contract/topics'
import { readEnvironment } from '#program/environment'
import { openLog } from '#program/log'
import { openMqtt } from '#program/mqttConnection'
import { readCatalogue, readSite } from '#program/siteFiles'
import { takeSole } from '#store/soleOwner'
import { loginsOf } from '../../broker/accounts.ts'
import { type Broker, openBroker } from '../../broker/mqttBroker.ts'
import { type BrokerLink, openBrokerLink } from '../../console/server/agents/link/brokerLink.ts'
import { until } from '../harness/wait.ts'

const log = openLog('test', 'silent')
let broker: Broker
const links: BrokerLink[] = []
beforeAll(async () => {
  const env = readEnvironment({})
  const site = readSite(env.ZHIBAN_SITE, readCatalogue(env.ZHIBAN_PROFILES))
  const secrets = new Proxy({} as Record<string, string>, { get: () => 'secret', has: () => true })
  const logins = loginsOf(site, secrets, 'uplink')
  broker = await openBroker({ port: 0, bind: '127.0.0.1', logins, log, metrics: new Registry() })
})
afterAll(async () => {
  await Promise.all(links.map(l => l.close()))
  await broker?.close()
})

/** A way to the broker on which its answers come in lumps, as through a busy machine. */
const lumpy = async () => {
  const server = createServer(here => {
    const there = connect(broker.port, '127.0.0.1')
    let lump: Buffer[] = []
    const timer = setInterval(() => {
      if (lump.length > 0) here.write(Buffer.concat(lump))
      lump = []
    }, 300)
    const end = () => {
      clearInterval(timer)
      here.destroy()
      there.destroy()
    }
    there.on('data', piece => lump.push(piece))
    here.on('data', piece => there.write(piece))
    for (const socket of [here, there]) socket.on('close', end).on('error', end)
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return { port: (server.address() as AddressInfo).port, close: () => server.close() }
}

const openConsole = (port = broker.port) => {
  const seen = { downs: 0, others: 0, beats: 0 }
  const link = openBrokerLink({
    url: `mqtt://127.0.0.1:${port}`,
    user: 'console',
    password: 'secret',
    site: 'yunling',
    log,
    wall: () => 0,
    async holds() {
      seen.beats++
      return { highWater: {}, seal: null }
    },
    onUp() {},
    onDown: () => void seen.downs++,
    onMessage() {},
    onOther() {
      seen.others++
      void link.close()
    },
  })
  links.push(link)
  return { link, seen }
}

it('of two consoles that begin in the same moment one gives way, and the other stays', async () => {
  const two = [openConsole(), openConsole()]
  await until('one of them to give way', () => two.some(c => c.seen.others > 0), 30_000)
  const [stays] = two.filter(c => c.seen.others === 0)
  await until('the other to be at the broker', () => stays?.link.up)
  const downs = stays?.seen.downs
  // A third one comes later: it gives way without having been heard.
  const third = openConsole()
  await third.link.looked
  expect([third.seen.others, third.link.up, stays?.link.up, stays?.seen.downs]).toEqual([1, false, true, downs])
  expect(two.map(c => c.seen.others).toSorted()).toEqual([0, 1])
  // When the first has gone in order, the next one finds its place empty.
  await stays?.link.close()
  const next = openConsole()
  await until('the next to be up', () => next.link.up)
  expect(next.seen.others).toBe(0)
  await next.link.close()
})

it('a mark that comes in one lump with the answer to the subscription is not overheard', async () => {
  const first = openConsole()
  // The next heartbeat is two seconds away: the mark alone tells of it meanwhile.
  await until('its greeting to be over', () => first.seen.beats === 2)
  const way = await lumpy()
  const second = openConsole(way.port)
  await second.link.looked
  expect([second.seen.others, second.link.up, first.link.up, first.seen.downs]).toEqual([1, false, true, 0])
  await first.link.close()
  way.close()
})

it('a console that is told dead by the will of a connection that it has lost says at once that it lives', async () => {
  const one = openConsole()
  await until('it to be up', () => one.link.up)
  const said: Bodies['consoleStatus'][] = []
  const topic = topicOf('consoleStatus', { site: 'yunling', agent: consoleAgent })
  const voice = openMqtt({
    url: `mqtt://127.0.0.1:${broker.port}`,
    user: 'console',
    password: 'secret',
    clientId: 'console-voice',
    filters: [topic],
    log,
    onUp() {},
    onMessage(at, payload) {
      const m = decode(at, payload)
      if (m.ok && m.kind === 'consoleStatus') said.push(m.body)
    },
  })
  const alive = await until('its heartbeats after the greeting', () => said.filter(s => s.online)[1])
  await voice.publish(topic, encode('consoleStatus', { ...alive, online: false }), 1, true)
  const told = await until('the will', () => said.findIndex(s => !s.online) + 1)
  const at = performance.now()
  await until('its answer', () => said.slice(told).some(s => s.online && s.session === alive.session))
  // The next heartbeat of itself would have come up to 5 s later.
  expect(performance.now() - at).toBeLessThan(2000)
  await voice.close()
})

it('a file has one owner, until he lets go', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-owner-'))
  const file = join(folder, 'console', 'owner')
  const first = await takeSole(file)
  expect(await takeSole(file)).toBeUndefined()
  await first?.release()
  const second = await takeSole(file)
  expect(second).toBeDefined()
  await second?.release()
  rmSync(folder, { recursive: true })
})

import { connect as connectSocket } from 'node:net'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import pino from 'pino'
import { Registry } from 'prom-client'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { loginsOf } from '../../broker/accounts.ts'
import { type Broker, openBroker } from '../../broker/mqttBroker.ts'
import { siteOf } from '../harness/bareAgent.ts'
import { catalogue } from '../harness/core.ts'
import { until } from '../harness/wait.ts'

/**
 * What the eleven interoperability tests of the Eclipse Paho project ask of an MQTT 3.1.1 broker, in our own words, of the broker that we
 * ship with a site file that allows a maker's habits; and what it answers where the file does not.
 */
const name = (text: string) => `name: { zh: ${text}, en: ${text} }`
const lock = (id: string, more: string) =>
  `  - { id: ${id}, ${name(id)}, profile: door-controller, bus: doors, account: { user: ${id}, password: env:${id.toUpperCase()} }, prefix: ${id}, notAtFire: no way out${more} }`
const site = siteOf(
  [
    `site: habits\n${name('habits')}\ntimeZone: Asia/Shanghai\ncentreHours: { from: "07:00", to: "19:00" }`,
    `floors: [{ id: f1, ${name('f1')}, order: 1 }]`,
    'console: { user: c, password: env:C }',
    `agents: [{ id: agent, ${name('agent')}, user: a, password: env:A }]`,
    `buses: [{ id: doors, ${name('doors')}, agent: agent, protocol: mqtt, url: "mqtt://h", account: { user: bus, password: env:B } }]`,
    'devices:',
    lock('strict', ''),
    lock('odd', ', habits: [no-keep-alive, kept-session, any-client-id]'),
    '',
  ].join('\n'),
  catalogue,
)
let broker: Broker
beforeAll(async () => {
  const secrets = new Proxy({}, { get: () => 'secret' }) as Record<string, string>
  const log = pino({ level: 'silent' })
  broker = await openBroker({ port: 0, bind: '127.0.0.1', logins: loginsOf(site, secrets), log, metrics: new Registry() })
})
afterAll(() => broker.close())

const clients: MqttClient[] = []
afterEach(async () => {
  for (const c of clients.splice(0)) c.end(true)
})
type Message = { topic: string; text: string; qos: number; retain: boolean }
const heard = new WeakMap<MqttClient, Message[]>()
const of = (client: MqttClient) => heard.get(client) ?? []
const connect = async (options: IClientOptions = {}, before: (client: MqttClient) => void = () => {}) => {
  const client = mqtt.connect(`mqtt://127.0.0.1:${broker.port}`, {
    ...{ username: 'odd', password: 'secret', clientId: 'its own idea', reconnectPeriod: 0, protocolVersion: 4 },
    ...options,
  })
  clients.push(client)
  const messages: Message[] = []
  heard.set(client, messages)
  client.on('message', (topic, payload, { qos, retain }) => messages.push({ topic, text: payload.toString(), qos, retain }))
  before(client)
  await new Promise((done, fail) => client.once('connect', done).once('error', fail))
  return client
}
const refusal = (options: IClientOptions) =>
  connect(options).then(
    () => 0,
    error => (error as { code?: number }).code,
  )
const publisher = () => connect({ clientId: 'somebody else' })
const texts = (client: MqttClient) =>
  of(client)
    .map(m => m.text)
    .sort()

it('1: what is published at each quality is told at that quality', async () => {
  const client = await connect()
  await client.subscribeAsync('odd/one/#', { qos: 2 })
  for (const qos of [0, 1, 2] as const) await client.publishAsync(`odd/one/${qos}`, `q${qos}`, { qos })
  await until('all three', () => of(client).length === 3)
  expect(of(client).map(m => [m.text, m.qos])).toEqual([
    ['q0', 0],
    ['q1', 1],
    ['q2', 2],
  ])
})

it('2: what is retained is told to whoever comes, as retained, until it is taken away', async () => {
  const writer = await publisher()
  for (const qos of [0, 1, 2] as const) await writer.publishAsync(`odd/two/${qos}`, `r${qos}`, { qos, retain: true })
  const reader = await connect()
  await reader.subscribeAsync('odd/two/+', { qos: 2 })
  await until('all three', () => of(reader).length === 3)
  expect(of(reader).every(m => m.retain)).toBe(true)
  for (const qos of [0, 1, 2] as const) await writer.publishAsync(`odd/two/${qos}`, '', { qos, retain: true })
  const later = await connect({ clientId: 'later' })
  await later.subscribeAsync('odd/two/+', { qos: 2 })
  await writer.publishAsync('odd/two/end', 'end', { qos: 1 })
  await until('what comes after', () => of(later).length > 0)
  expect(texts(later)).toEqual(['end'])
})

it('3: an id of no length is given one where nothing is kept, and refused where a session is to be kept', async () => {
  expect(await refusal({ clientId: '', clean: true })).toBe(0)
  const raw = await answerTo(connectPacket({ id: '', clean: false, keepalive: 60 }))
  expect(raw[3]).toBe(2)
})

it('4: what is said while a kept session is away is told when it is back', async () => {
  const away = await connect({ clientId: 'kept 4', clean: false })
  await away.subscribeAsync('odd/four/#', { qos: 2 })
  await away.endAsync()
  const writer = await publisher()
  for (const qos of [1, 2] as const) await writer.publishAsync(`odd/four/${qos}`, `w${qos}`, { qos })
  const back = await connect({ clientId: 'kept 4', clean: false })
  await until('both', () => of(back).length === 2)
  expect(texts(back)).toEqual(['w1', 'w2'])
})

it('of what waits the first hundred are kept', async () => {
  const away = await connect({ clientId: 'kept 4', clean: false })
  await away.subscribeAsync('odd/many', { qos: 1 })
  await away.endAsync()
  const writer = await publisher()
  for (let i = 0; i < 120; i++) await writer.publishAsync('odd/many', String(i), { qos: 1 })
  const back = await connect({ clientId: 'kept 4', clean: false })
  await writer.publishAsync('odd/many', 'now', { qos: 1 })
  // What is said now may overtake what waited.
  await until('what waited, and what is said now', () => of(back).length >= 101)
  expect(texts(back)).toEqual([...Array.from({ length: 100 }, (_, i) => String(i)), 'now'].sort())
})

it('5: the will of whoever is cut off is told, and not of whoever leaves', async () => {
  const reader = await connect({ clientId: 'reader' })
  await reader.subscribeAsync('odd/five/#', { qos: 2 })
  const will = (topic: string) => ({ topic, payload: Buffer.from('gone'), qos: 1 as const, retain: false })
  const leaves = await connect({ clientId: 'leaves', will: will('odd/five/left') })
  await leaves.endAsync()
  const cut = await connect({ clientId: 'cut', will: will('odd/five/cut') })
  cut.stream.destroy()
  await until('the will', () => of(reader).length > 0)
  expect(of(reader).map(m => m.topic)).toEqual(['odd/five/cut'])
})

it('6: filters that overlap tell a message at the highest of their qualities', async () => {
  const client = await connect()
  await client.subscribeAsync('odd/six/#', { qos: 2 })
  await client.subscribeAsync('odd/six/+', { qos: 1 })
  await client.publishAsync('odd/six/x', 'both', { qos: 2 })
  await client.publishAsync('odd/six/end', 'end', { qos: 2 })
  await until('what comes after', () => texts(client).includes('end'))
  expect(Math.max(...of(client).map(m => m.qos))).toBe(2)
  expect(of(client).filter(m => m.text === 'both').length).toBeLessThanOrEqual(2)
})

it('7: whoever says nothing for longer than his keep-alive is cut off', async () => {
  const reader = await connect({ clientId: 'reader' })
  await reader.subscribeAsync('odd/seven', { qos: 1 })
  const socket = connectSocket(broker.port, '127.0.0.1', () =>
    socket.write(connectPacket({ id: 'mute', clean: true, keepalive: 1, will: ['odd/seven', 'mute'] })),
  )
  await new Promise(done => socket.once('close', done).resume())
  await until('the will', () => texts(reader).includes('mute'))
})

it('8: what a kept session has not acknowledged is told again', async () => {
  const deaf = await connect({ clientId: 'kept 8', clean: false }, client => {
    // It takes the message and never says that it has it.
    client.handleMessage = () => {}
  })
  await deaf.subscribeAsync('odd/eight/#', { qos: 2 })
  const writer = await publisher()
  for (const qos of [1, 2] as const) await writer.publishAsync(`odd/eight/${qos}`, `u${qos}`, { qos })
  await until('the first to come', () => of(deaf).length > 0)
  deaf.stream.destroy()
  const back = await connect({ clientId: 'kept 8', clean: false })
  await until('both again', () => of(back).length >= 2)
  expect([...new Set(texts(back))]).toEqual(['u1', 'u2'])
})

it('9: topics that begin with $ are told to nobody who asks with a wildcard', async () => {
  const client = await connect()
  for (const filter of ['#', '+/#', '$SYS/#'])
    expect((await client.subscribeAsync(filter).catch(() => [{ qos: 128 }]))[0]?.qos).toBe(128)
})

it('10: whoever gives a filter back is told no more', async () => {
  const client = await connect()
  await client.subscribeAsync(['odd/ten/a', 'odd/ten/b'], { qos: 2 })
  await client.unsubscribeAsync('odd/ten/a')
  for (const topic of ['odd/ten/a', 'odd/ten/b']) await client.publishAsync(topic, topic, { qos: 2 })
  await until('the other', () => of(client).length > 0)
  expect(texts(client)).toEqual(['odd/ten/b'])
})

it('11: a filter that is not his is refused with 0x80, and the others of the same packet are not', async () => {
  const client = await connect()
  const granted = await client.subscribeAsync({ 'odd/eleven': { qos: 2 }, 'strict/eleven': { qos: 2 } }).catch(error => error)
  // mqtt.js calls the whole packet an error; what was granted is told all the same.
  await client.publishAsync('odd/eleven', 'mine', { qos: 1 })
  await until('what is his', () => of(client).length === 1)
  expect(String(granted)).toContain('Unspecified error')
})

it('without the habits each is refused, with a code that 3.1.1 knows', async () => {
  const strict = { username: 'strict', clientId: 'strict-1' }
  expect(await refusal(strict)).toBe(0)
  expect(await refusal({ ...strict, password: 'wrong' })).toBe(4)
  expect(await refusal({ ...strict, clientId: 'its own idea' })).toBe(2)
  expect(await refusal({ ...strict, clean: false })).toBe(5)
  expect(await refusal({ ...strict, keepalive: 0 })).toBe(5)
  expect(await refusal({ ...strict, clientId: 'odd-1' })).toBe(2)
  expect((await answerTo(connectPacket({ id: 'x', clean: true, keepalive: 60, level: 5 })))[3]).toBe(1)
})

it('a habit opens no other door: ids stay among those of the user, sessions are four', async () => {
  const first = await connect({ clientId: 'strict-1' })
  const other = await connect({ username: 'strict', clientId: 'strict-1' })
  expect(first.connected && other.connected).toBe(true)
  expect(await refusal({ keepalive: 0 })).toBe(0)
  const codes = []
  for (let i = 0; i < 6; i++) codes.push(await refusal({ clientId: `session ${i}`, clean: false }))
  expect(codes.filter(c => c === 0).length).toBeLessThanOrEqual(4)
  expect(codes.at(-1)).toBe(3)
})

/** A CONNECT by its bytes (MQTT 3.1.1, 3.1), for what no library says. */
const connectPacket = (o: { id: string; clean: boolean; keepalive: number; level?: number; will?: [string, string] }) => {
  const text = (t: string) => Buffer.concat([Buffer.from([0, Buffer.byteLength(t)]), Buffer.from(t)])
  const flags = 0xc0 | (o.clean ? 2 : 0) | (o.will ? 4 | 8 : 0)
  const head = Buffer.concat([text('MQTT'), Buffer.from([o.level ?? 4, flags, 0, o.keepalive, ...(o.level === 5 ? [0] : [])])])
  const body = Buffer.concat([head, text(o.id), ...(o.will ?? []).map(text), text('odd'), text('secret')])
  return Buffer.concat([Buffer.from([0x10, body.length]), body])
}
const answerTo = (packet: Buffer) =>
  new Promise<Buffer>((done, fail) => {
    const socket = connectSocket(broker.port, '127.0.0.1', () => socket.write(packet))
    socket.once('data', data => {
      done(data)
      socket.destroy()
    })
    socket.once('close', () => fail(new Error('closed without an answer')))
    socket.on('error', fail)
  })

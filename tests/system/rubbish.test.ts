import { connect } from 'node:net'
import mqtt from 'mqtt'
import { ulid } from 'ulid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Alarm } from '#api/models/live'
import { kindNames, kinds } from '#contract/kinds'
import { topicOf } from '#contract/topics'
import { signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack?.stop())

const client = (user: string, password: string, options: mqtt.IClientOptions = {}, port = stack.mqttPort) =>
  mqtt.connect(`mqtt://127.0.0.1:${port}`, {
    username: user,
    password,
    clientId: `${user}-test`,
    reconnectPeriod: 0,
    connectTimeout: 60_000,
    ...options,
  })
/** A device's client, on the broker of the field. */
const device = (user: string, password: string, options: mqtt.IClientOptions = {}) =>
  client(user, password, options, stack.fieldPort)
const opened = (c: mqtt.MqttClient) =>
  new Promise<'open' | string>(done => {
    c.once('connect', () => done('open'))
    c.once('error', e => done(e.message))
    c.once('close', () => done('closed'))
  })
const secretOf = (name: string) => stack.env[name] ?? ''

describe('the broker', () => {
  it('lets nobody in with a wrong password, an empty name, another one’s id or a persistent session', async () => {
    const good = secretOf('ZHIBAN_D_12_MQTT_PASSWORD')
    expect(await opened(device('d-12', 'wrong'))).not.toBe('open')
    expect(await opened(device('nobody', good))).not.toBe('open')
    // What one door gives away opens no other.
    expect(await opened(device('d-11', good))).not.toBe('open')
    expect(await opened(device('d-12', good, { clientId: 'agent-tower' }))).not.toBe('open')
    expect(await opened(device('d-12', good, { clientId: 'd-12-x', clean: false }))).not.toBe('open')
    expect(await opened(device('d-12', good, { clientId: '', clean: true }))).not.toBe('open')
    const right = device('d-12', good, { clientId: 'd-12-x' })
    expect(await opened(right)).toBe('open')
    right.end(true)
  })
  it('7: knows no device on the uplink, and neither agent nor console in the field', async () => {
    expect(await opened(client('d-12', secretOf('ZHIBAN_D_12_MQTT_PASSWORD')))).not.toBe('open')
    expect(await opened(device('agent-tower', secretOf('ZHIBAN_AGENT_MQTT_PASSWORD')))).not.toBe('open')
    expect(await opened(device('console', secretOf('ZHIBAN_CONSOLE_MQTT_PASSWORD')))).not.toBe('open')
  })
  it('drops a packet that is announced too large, before CONNECT and after', async () => {
    const dropped = (bytes: number[]) =>
      new Promise<boolean>(done => {
        const socket = connect(stack.fieldPort, '127.0.0.1', () => socket.write(Buffer.from(bytes)))
        socket.on('close', () => done(true))
        socket.on('error', () => {})
        setTimeout(() => done(false), 30_000).unref()
      })
    expect(await dropped([0x10, 0xff, 0xff, 0xff, 0x7f])).toBe(true)
    expect(await dropped([0x30, 0xff, 0xff, 0xff, 0xff, 0xff])).toBe(true)
    const door = device('d-12', secretOf('ZHIBAN_D_12_MQTT_PASSWORD'))
    expect(await opened(door)).toBe('open')
    const closed = new Promise<void>(done => door.once('close', () => done()))
    door.publish('doors/d-12/state', 'x'.repeat(70_000))
    await closed
    door.end(true)
  })
  it('refuses # and foreign topics to a device', async () => {
    const door = device('d-12', secretOf('ZHIBAN_D_12_MQTT_PASSWORD'))
    expect(await opened(door)).toBe('open')
    for (const filter of ['#', 'zhiban/#', 'doors/d-11/#', '$SYS/#']) {
      const granted = await door.subscribeAsync(filter).catch(() => [{ qos: 128 }])
      expect(granted[0]?.qos, filter).toBe(128)
    }
    door.end(true)
  })
  it('keeps serving others while one subscriber has stopped reading', async () => {
    const password = secretOf('ZHIBAN_GATE_IN_A_MQTT_PASSWORD')
    const frozen = device('gate-in-a', password)
    expect(await opened(frozen)).toBe('open')
    await frozen.subscribeAsync('gates/gate-in-a/#')
    ;(frozen.stream as unknown as { pause(): void }).pause()
    const flood = device('gate-in-a', password, { clientId: 'gate-in-a-flood' })
    expect(await opened(flood)).toBe('open')
    const body = 'x'.repeat(20_000)
    for (let i = 0; i < 1500; i++) flood.publish('gates/gate-in-a/noise', body)
    // A canary on another topic must not wait for the frozen one.
    const canary = device('gate-in-b', secretOf('ZHIBAN_GATE_IN_B_MQTT_PASSWORD'))
    expect(await opened(canary)).toBe('open')
    await canary.subscribeAsync('gates/gate-in-b/echo')
    const heard = new Promise(done => canary.once('message', done))
    canary.publish('gates/gate-in-b/echo', '1')
    await heard
    for (const c of [frozen, flood, canary]) c.end(true)
  })
})

it('rubbish on every topic is counted, stores nothing, and everybody stays up', async () => {
  const operator = await signIn(stack.url, 'operator')
  await until('the agent to be live', async () => {
    await operator.listen()
    const up = operator.snapshot?.agents[0]?.online
    operator.close()
    return up
  })
  /** What rubbish could have brought about: not a lost link, nor what the date alone brings. */
  const alarmed = async () =>
    (await operator.get<Alarm[]>('/alarms')).body.filter(a => a.kind !== 'link' && !a.key?.startsWith('calendar/')).length
  const before = await alarmed()
  const rubbish = [
    '',
    'null',
    '[]',
    '{',
    '{"a":1}',
    '"text"',
    '9'.repeat(400),
    '{"online":"yes"}',
    '{"__proto__":{"x":1}}',
    '\u0000\u0001',
    '['.repeat(2000),
  ]
  const speaker = {
    agent: client('agent-tower', secretOf('ZHIBAN_AGENT_MQTT_PASSWORD')),
    console: client('console', secretOf('ZHIBAN_CONSOLE_MQTT_PASSWORD')),
  }
  for (const c of Object.values(speaker)) expect(await opened(c)).toBe('open')
  for (const kind of kindNames) {
    const from = kinds[kind].from as 'agent' | 'console'
    const where = { device: 'ahu-1', point: 'fan_cmd', page: '0' }
    const address = { site: 'yunling', agent: kind === 'consoleStatus' ? 'console' : 'tower', ...where }
    for (const text of rubbish)
      await speaker[from].publishAsync(topicOf(kind, address), text, { qos: 1, retain: kinds[kind].retain })
  }
  for (const c of Object.values(speaker)) c.end(true)
  const doors = device('d-12', secretOf('ZHIBAN_D_12_MQTT_PASSWORD'))
  await opened(doors)
  for (const text of rubbish) await doors.publishAsync('doors/d-12/state', text, { qos: 1 })
  doors.end(true)
  await until('the console to count what it rejected', async () => {
    const text = await (await fetch(`${stack.url}/metrics`)).text()
    return Number(/zhiban_console_rejected_messages\S* (\d+)/.exec(text)?.[1] ?? 0) >= rubbish.length
  })
  await until('the agent to count what it rejected', async () => {
    const text = await (await fetch(`http://127.0.0.1:${stack.env['ZHIBAN_EDGE_PORT']}/metrics`)).text()
    return Number(/zhiban_edge_rejected_messages\S* (\d+)/.exec(text)?.[1] ?? 0) >= rubbish.length
  })
  for (const name of ['broker', 'simulators', 'edge-agent', 'console'] as const) expect(stack.alive(name), name).toBe(true)
  expect(await alarmed()).toBeLessThanOrEqual(before)
})

it('another journal of the same agent (a replaced disk) counts from one again; what cannot be read is kept as it came; a hole is a gap, and each is alarmed', async () => {
  const operator = await signIn(stack.url, 'operator')
  const agent = client('agent-tower', secretOf('ZHIBAN_AGENT_MQTT_PASSWORD'))
  expect(await opened(agent)).toBe('open')
  const address = { site: 'yunling', agent: 'tower' }
  const journalId = ulid()
  const acks: number[] = []
  await agent.subscribeAsync(topicOf('journalAck', address))
  agent.on('message', (_topic, payload) => {
    const ack = JSON.parse(payload.toString('utf8'))
    if (ack.journalId === journalId) acks.push(ack.upTo)
  })
  const send = (records: unknown[]) =>
    agent.publishAsync(topicOf('journal', address), JSON.stringify({ journalId, records }), { qos: 1 })
  const card = { type: 'access', at: Date.now(), device: 'd-1', event: 'card', detail: 'replaced disk' }
  await send([
    { n: 1, body: card },
    { n: 2, body: { type: 'of a later version', at: Date.now(), colour: 'blue' } },
    { n: 3, body: card },
  ])
  await until('all three to be acknowledged', () => acks.includes(3))
  const keys = async () => (await operator.get<Alarm[]>('/alarms')).body.filter(a => a.source === 'console').map(a => a.key)
  await until('the record in quarantine to be alarmed', async () => (await keys()).includes('quarantine/tower'))
  // A hole is asked for again before it counts as lost.
  await send([{ n: 7, body: card }])
  await until('the gap to be accepted', async () => {
    await send([{ n: 7, body: card }])
    return acks.includes(7)
  })
  await until('the gap to be alarmed', async () => (await keys()).includes('gap/tower'))
  const engineer = await signIn(stack.url, 'engineer')
  const [journal] = (await engineer.get<{ journals: { gaps: number; quarantine: number }[] }>('/engineering')).body.journals
  expect(journal).toMatchObject({ gaps: 1, quarantine: 1 })
  agent.end(true)
})

import mqtt, { type MqttClient } from 'mqtt'
import pino from 'pino'
import { Registry } from 'prom-client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loginsOf } from '../../broker/accounts.ts'
import { type Broker, openBroker } from '../../broker/mqttBroker.ts'
import { demoSite } from '../harness/demoBuilding.ts'
import { until } from '../harness/wait.ts'

const secrets = new Proxy({}, { get: (_, name) => `${String(name)}-secret` }) as Record<string, string>
const door = demoSite.devices.find(d => d.account && d.prefix)
const user = door?.account?.user ?? ''
const password = `${door?.account?.password.replace('env:', '')}-secret`
let broker: Broker
const clients: MqttClient[] = []
beforeEach(async () => {
  const log = pino({ level: 'silent' })
  broker = await openBroker({ port: 0, bind: '127.0.0.1', logins: loginsOf(demoSite, secrets), log, metrics: new Registry() })
})
afterEach(async () => {
  for (const c of clients.splice(0)) c.end(true)
  await broker.close()
})
const connect = async (given = password) => {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
    ...{ username: user, password: given, clientId: `${user}-${clients.length}`, reconnectPeriod: 0 },
  })
  clients.push(client)
  return client
}
/** The names of what is kept for whoever comes next, once so many have come. */
const kept = async (atLeast: number) => {
  const client = await connect()
  const names: string[] = []
  client.on('message', topic => names.push(topic.slice((door?.prefix ?? '').length + 1)))
  await client.subscribeAsync(`${door?.prefix}/#`, { qos: 1 })
  await until('what is kept', () => names.length >= atLeast)
  return names
}

it('a place for a message that is kept is free again once it is taken away', async () => {
  const writer = await connect()
  const keep = (name: string, text: string) => writer.publishAsync(`${door?.prefix}/${name}`, text, { qos: 1, retain: true })
  for (let i = 0; i < 16; i++) await keep(`t${i}`, 'x')
  await keep('t3', '')
  await keep('one-more', 'x')
  const names = await kept(16)
  expect(names).toHaveLength(16)
  expect(names).toContain('one-more')
  expect(names).not.toContain('t3')
})

it('a client has a hundred filters, and gets another for one that it gives back', async () => {
  const reader = await connect()
  const ask = async (name: string) => (await reader.subscribeAsync(`${door?.prefix}/${name}`, { qos: 1 }).catch(() => []))[0]?.qos
  for (let i = 0; i < 100; i++) expect(await ask(`f${i}`)).toBe(1)
  expect(await ask('one-more')).not.toBe(1)
  expect(await ask('f7')).toBe(1)
  await reader.unsubscribeAsync(`${door?.prefix}/f7`)
  expect(await ask('one-more')).toBe(1)
})

it('whoever guesses passwords waits for each answer, and keeps nobody else waiting', async () => {
  const order: string[] = []
  const guess = connect('wrong').catch(error => order.push((error as { code?: number }).code === 4 ? 'refused' : String(error)))
  await connect().then(() => order.push('let in'))
  await guess
  expect(order).toEqual(['let in', 'refused'])
})

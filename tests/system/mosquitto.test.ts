import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mqtt from 'mqtt'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { packageRoot } from '#program/environment'
import { type Person, signIn } from '../harness/person.ts'
import { freePorts, type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

/** Debian puts it where only administrators look. */
const mosquitto = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto', '/usr/local/sbin/mosquitto'].find(existsSync) ?? 'mosquitto'
const site = join(packageRoot, 'simulators/sites/demo.yaml')
const folder = mkdtempSync(join(tmpdir(), 'zhiban-mosquitto-'))
const secrets = Object.fromEntries(
  [...readFileSync(site, 'utf8').matchAll(/password: env:([A-Z0-9_]+)/g)].map(m => [m[1], `${m[1]?.toLowerCase()}-secret`]),
)
let broker: ChildProcess
let port: number
let stack: Stack
let operator: Person
const reachable = () =>
  new Promise<boolean>(done => {
    const socket = connect(port, '127.0.0.1', () => done(true))
    socket.on('error', () => done(false))
    socket.on('connect', () => socket.destroy())
  })
beforeAll(async () => {
  ;[port = 0] = await freePorts(1)
  // By the command that the README names; the accounts of the whole site, console to doors.
  const env = { ...process.env, ...secrets, ZHIBAN_SITE: site, ZHIBAN_MQTT_PORT: String(port) }
  execFileSync('npm', ['run', '--silent', 'broker:files', '--', folder], { cwd: packageRoot, env })
  // As root it becomes somebody else, who cannot read what is ours.
  const user = process.getuid?.() === 0 ? 'user root\n' : ''
  const config = `${user}${readFileSync(join(folder, 'zhiban.conf'), 'utf8')}`
  const { writeFileSync } = await import('node:fs')
  writeFileSync(join(folder, 'zhiban.conf'), config)
  broker = spawn(mosquitto, ['-c', join(folder, 'zhiban.conf')], { stdio: 'ignore' })
  await until('Mosquitto to listen', reachable)
  const url = `mqtt://127.0.0.1:${port}`
  stack = await startStack({
    at: '2026-11-21T20:00:00+08:00',
    only: ['simulators', 'edge-agent', 'console'],
    env: { ZHIBAN_MQTT_URL: url, ZHIBAN_FIELD_MQTT_URL: url },
  })
  operator = await signIn(stack.url, 'operator')
})
afterAll(async () => {
  operator?.close()
  await stack?.stop()
  broker?.kill()
  rmSync(folder, { recursive: true, force: true })
})

it('the whole building runs on Mosquitto: values, a hold that is read back, a fire that opens the doors', async () => {
  await operator.listen(['ahu-1/sat', 'd-12/locked'])
  await until('values of Modbus and of MQTT', () =>
    ['ahu-1/sat', 'd-12/locked'].every(
      ref => operator.values.get(ref)?.q === 'simulated' || operator.values.get(ref)?.q === 'good',
    ),
  )
  const until2100 = Date.parse('2026-11-21T21:00:00+08:00')
  await operator.order({ kind: 'hold', point: 'd-12/lock_cmd', value: false, level: 8, until: until2100 }, 'test')
  await until('the door to be unlocked', async () => (await stack.point('d-12', 'locked')) === false)
  await operator.order({ kind: 'release', point: 'd-12/lock_cmd', level: 8 }, 'test')
  await until('it to be locked again', async () => (await stack.point('d-12', 'locked')) === true)
  await stack.sim('POST', '/scenarios/fire-floor-12?followAfterS=0')
  await until('the doors to open', async () => (await stack.point('d-12', 'locked')) === false)
  await until('the ticket', async () => (await operator.get<unknown[]>('/cases?procedure=emergency&open=true')).body.length > 0)
})

it('a door’s account opens nothing but its own prefix, and a wrong password nothing at all', async () => {
  const as = (username: string, password: string) =>
    mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { username, password, clientId: `${username}-test`, reconnectPeriod: 0 })
  await expect(as('d-12', 'not this one')).rejects.toThrow()
  const door = await as('d-12', 'zhiban_d_12_mqtt_password-secret')
  const heard: string[] = []
  door.on('message', topic => heard.push(topic))
  await door.subscribeAsync('#')
  await door.publishAsync('zhiban/1/yunling/console/console-status', '{}', { qos: 1 })
  // Whatever the building says meanwhile is none of its business.
  await until('the building to have said something', async () => {
    await stack.sim('PUT', '/devices/ahu-1/points/sat', { value: 30 })
    return operator.values.get('ahu-1/sat')?.v !== undefined
  })
  expect(heard.filter(topic => topic.startsWith('zhiban/'))).toEqual([])
  expect(stack.log('edge-agent')).not.toContain('message rejected')
  await door.endAsync()
})

it('when it goes and comes again everything is told anew', async () => {
  const gone = new Promise(done => broker.once('exit', done))
  broker.kill('SIGKILL')
  await gone
  await until('the values to be stale', () => operator.values.get('ahu-1/sat')?.q === 'stale')
  broker = spawn(mosquitto, ['-c', join(folder, 'zhiban.conf')], { stdio: 'ignore' })
  await until('them to be fresh', () => ['good', 'simulated', 'manual'].includes(operator.values.get('ahu-1/sat')?.q ?? ''))
})

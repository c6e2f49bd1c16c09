import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Alarm } from '#api/models/live'
import { readPace, writePace } from '#program/paceFile'
import { caughtUp } from '../harness/disks.ts'
import { type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

let stack: Stack
let api: Person
beforeAll(async () => {
  stack = await startStack({ at: '2026-11-21T12:00:00+08:00' })
  api = await signIn(stack.url, 'engineer')
})
afterAll(() => stack?.stop())

const standing = async () => (await api.get<Alarm[]>('/alarms')).body.filter(a => a.returnedAt === null).map(a => a.key)
/** The operating system lets the agent write no byte to any file: its disk takes nothing. */
const limitFiles = (bytes: number | 'unlimited') =>
  execFileSync('prlimit', [`--fsize=${bytes}:unlimited`, '--pid', String(stack.pid('edge-agent'))])

it('an agent whose disk takes nothing says so, goes on controlling, and writes it all down when there is room', async () => {
  const belt = (value: boolean) => stack.sim('PUT', '/devices/ahu-1/points/belt_flt', { value })
  limitFiles(0)
  await belt(true)
  await until('the full disk to be alarmed', async () => (await standing()).includes('system/disk'), 40_000)
  await until('an alarm that is on no disk', async () => (await standing()).includes('ahu-1/belt'))
  await stack.sim('POST', '/scenarios/fire-floor-12?followAfterS=0')
  await until('the fire to stop its air handler', async () => (await stack.point('ahu-3', 'fan_cmd')) === false)
  await belt(false)
  expect(stack.alive('edge-agent')).toBe(true)

  limitFiles('unlimited')
  await until('the disk alarm to return', async () => !(await standing()).includes('system/disk'), 40_000)
  // The building goes on: both disks as they were when they agreed.
  const { journal, ingested, alarms, gaps } = await caughtUp(stack)
  expect(ingested).toEqual(ingested.map((_, i) => i + 1))
  // What the console holds already a full disk may let go.
  expect(journal.map(r => r.n)).toEqual(ingested.slice(ingested.length - journal.length))
  expect(gaps).toEqual([])
  for (const key of ['ahu-1/belt', 'fire-panel/l12_e3_fire', 'system/disk'])
    expect(
      alarms.filter(a => a.key === key),
      key,
    ).toHaveLength(1)
})

it('an agent whose clock differs from the console is alarmed, and right again the alarm returns', async () => {
  const right = stack.env['ZHIBAN_CLOCK_FILE'] ?? ''
  const pace = readPace(right)
  const astray = join(stack.data, 'astray.json')
  writePace(astray, { ...pace, sinceSimulated: pace.sinceSimulated + 600_000 })
  await stack.kill('edge-agent', 'SIGTERM')
  stack.env['ZHIBAN_CLOCK_FILE'] = astray
  await stack.start('edge-agent')
  stack.env['ZHIBAN_CLOCK_FILE'] = right
  await until('the alarm', async () => (await standing()).includes('clock/tower'), 40_000)
  await stack.kill('edge-agent', 'SIGTERM')
  await stack.start('edge-agent')
  await until('the alarm to return', async () => !(await standing()).includes('clock/tower'), 40_000)
})

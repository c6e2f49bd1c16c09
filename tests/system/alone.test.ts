import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CaseHead } from '#api/models/cases'
import type { Alarm } from '#api/models/live'
import { caughtUp, disks } from '../harness/disks.ts'
import { type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

const minute = 60_000
/** A second of the machine is a minute: what it stalls is not confirmed, and must not be most of the run. */
const slowly = 60
const doors = Array.from({ length: 12 }, (_, i) => `d-${i + 4}`)
let stack: Stack
let desk: Person
let engineer: Person
beforeAll(async () => {
  stack = await startStack({ at: '2026-11-20T19:05:00+08:00' })
  desk = await signIn(stack.url, 'frontdesk')
  engineer = await signIn(stack.url, 'engineer')
})
afterAll(() => stack?.stop())

const today = (hhmm: string) => Date.parse(`2026-11-20T${hhmm}:00+08:00`)
const soon = () => Math.ceil(stack.now() / minute + 5) * minute
const alarms = async () => (await engineer.get<Alarm[]>('/alarms')).body.filter(a => a.returnedAt === null)
const inForce = async () => (await disks(stack)).programme.get('in-force')
const runs = async (device: string) => (await stack.point(device, 'on_fb')) === true
/** Books overtime, accepts and signs it as the desk would, and waits until the agent has it on its disk. */
const book = async (zone: string, from: number, to: number): Promise<string> => {
  const times = { zone, from, to }
  const quote = await desk.get<{ fen: number }>(`/overtime/quote?zone=${zone}&from=${times.from}&to=${times.to}`)
  const form = { ...times, contact: '苏晴', phone: '138', quotedFen: quote.body.fen }
  const made = await desk.post<CaseHead>('/cases', { procedure: 'overtime', form })
  expect(made, JSON.stringify(made.body)).toMatchObject({ status: 200 })
  await desk.post(`/cases/${made.body.id}/acts/accept`, {})
  expect(await desk.post(`/cases/${made.body.id}/acts/sign`, { signature: '苏晴' })).toMatchObject({ status: 200 })
  await until('the booking at the agent', async () => (await inForce())?.bookings.some(b => b.id === made.body.id))
  return made.body.id
}
/** Looks at the building ten times a second until `stop`; what it saw of a point, in order, without repeats. */
const watch = (device: string, key: string) => {
  const seen: unknown[] = []
  let looking = false
  const timer = setInterval(() => {
    // One look at a time: two answers may come in the other order.
    if (looking) return
    looking = true
    stack
      .point(device, key)
      .then(v => v !== seen.at(-1) && seen.push(v))
      .catch(() => {})
      .finally(() => {
        looking = false
      })
  }, 100)
  return { seen, stop: () => clearInterval(timer) }
}

it('with the uplink gone a booking runs and stops and a fire acts; what stands now is told before the history, which arrives once, in order', async () => {
  const begins = soon()
  await book('f5-w', begins, begins + 20 * minute)
  await stack.pass(begins)
  await until('the booking to run', async () => (await runs('zc-5w')) && !(await runs('zc-8w')))
  await stack.kill('broker')
  // A history long enough that its end must wait: doors that say much.
  for (const door of doors) await stack.sim('POST', `/devices/${door}/events`, { event: 'card', detail: 'a visitor', times: 90 })
  const belt = async () => (await disks(stack)).standing.has('ahu-1/belt')
  await stack.sim('PUT', '/devices/ahu-1/points/belt_flt', { value: true })
  await until('an alarm that nobody sees', belt)
  await stack.sim('PUT', '/devices/ahu-1/points/belt_flt', { value: false })
  await until('its return', async () => !(await belt()))
  await stack.sim('POST', '/scenarios/fire-floor-12?followAfterS=0')
  await until('the fire to stop its air handler', async () => (await stack.point('ahu-3', 'fan_cmd')) === false)
  await until('the barrier to be raised', async () => (await stack.point('gate-in-a', 'raised')) === true, 20_000)
  await stack.pass(begins + 20 * minute, slowly)
  await until('the zone to stop', async () => !(await runs('zc-5w')))
  const alone = (await disks(stack)).journal.at(-1)?.n ?? 0

  await engineer.listen()
  const before = engineer.changes.length
  await stack.start('broker')
  await until('the fire on the screen', async () => (await alarms()).some(a => a.kind === 'fire'), 30_000)
  const { journal, ingested, gaps, quarantine } = await caughtUp(stack)
  const told = engineer.changes.slice(before)
  const fire = told.findIndex(c => c.kind === 'alarm' && c.alarm.kind === 'fire')
  const old = told.findIndex(c => c.kind === 'alarm' && c.alarm.key === 'ahu-1/belt')
  expect(fire).toBeGreaterThanOrEqual(0)
  expect(fire).toBeLessThan(old)
  expect(alone).toBeGreaterThan(1000)
  expect(ingested).toEqual(journal.map(r => r.n))
  expect(ingested).toEqual(ingested.map((_, i) => i + 1))
  expect([...gaps, ...quarantine]).toEqual([])
  // The run that began before and ended alone is one interval, and is charged.
  const line = await until(
    'the charge line',
    async () =>
      (await desk.get<{ zone: string; confirmedMinutes: number }[]>('/charges?month=2026-11')).body.find(l => l.zone === 'f5-w'),
    60_000,
  )
  expect(line.confirmedMinutes).toBeGreaterThan(8)
})

it('a revision in the middle of a run, and a restart in the middle of a booking, switch nothing', async () => {
  const from = soon()
  await book('f14-e', from, from + 12 * minute)
  await stack.pass(from)
  await until('the booking to run', () => runs('zc-14e'))
  const command = watch('zc-14e', 'on_cmd')
  const { revision = 0 } = (await inForce()) ?? {}
  await book('f14-e', from + 12 * minute, from + 20 * minute)
  expect((await inForce())?.revision).toBeGreaterThan(revision)
  await stack.kill('edge-agent')
  await stack.start('edge-agent')
  await stack.pass(from + 20 * minute, slowly)
  await until('the zone to stop after both', async () => !(await runs('zc-14e')))
  await until('the watch to have seen it too', () => command.seen.at(-1) === false)
  command.stop()
  expect(command.seen).toEqual([true, false])
  const stops = async () =>
    (await engineer.get<{ point: string; value: unknown; step: string }[]>('/commands?device=zc-14e')).body.filter(
      c => c.point === 'zc-14e/on_cmd' && c.value === false && c.step === 'confirmed',
    )
  await until('the stop to be confirmed', async () => (await stops()).length > 0)
  expect(await stops()).toHaveLength(1)
  // The seconds in which the agent was dead are not confirmed, and so not charged; the rest arrives with the end of the run.
  await until(
    'both charge lines with their minutes',
    async () => {
      const lines = (await desk.get<{ zone: string; confirmedMinutes: number }[]>('/charges?month=2026-11')).body
      const mine = lines.filter(l => l.zone === 'f14-e')
      return mine.length === 2 && mine.every(l => l.confirmedMinutes > 3)
    },
    60_000,
  )
})

it('a console restored from an old backup is told so, catches up with every record, and its programme replaces the newer one', async () => {
  await stack.kill('console', 'SIGTERM')
  const file = join(stack.data, 'console', 'books.db')
  copyFileSync(file, `${file}.backup`)
  await stack.start('console')
  desk = await signIn(stack.url, 'frontdesk')
  const lost = await book('f15-w', today('23:00') + 24 * 60 * minute, today('23:30') + 24 * 60 * minute)
  const newer = (await inForce())?.revision ?? 0
  await stack.sim('PUT', '/devices/ahu-2/points/belt_flt', { value: true })
  await until('the alarm in the books', async () => {
    engineer = await signIn(stack.url, 'engineer')
    return (await alarms()).some(a => a.key === 'ahu-2/belt')
  })
  await caughtUp(stack)
  await stack.kill('console', 'SIGTERM')
  for (const end of ['-wal', '-shm']) rmSync(file + end, { force: true })
  copyFileSync(`${file}.backup`, file)
  await stack.start('console')
  engineer = await signIn(stack.url, 'engineer')
  await until('a later revision than the lost one', async () => ((await inForce())?.revision ?? 0) > newer, 30_000)
  expect((await inForce())?.bookings.some(b => b.id === lost)).toBe(false)
  await until('it to be said', async () => (await engineer.get<Alarm[]>('/alarms')).body.some(a => a.key === 'books/older'))
  const { journal, ingested, alarms: inBooks } = await caughtUp(stack)
  expect(ingested).toEqual(journal.map(r => r.n))
  expect(inBooks.filter(a => a.key === 'ahu-2/belt')).toHaveLength(1)
})

import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CaseHead } from '#api/models/cases'
import type { Alarm, CommandView, HoldersView } from '#api/models/live'
import { caughtUp } from '../harness/disks.ts'
import { type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

let stack: Stack
let api: Person
beforeAll(async () => {
  stack = await startStack({ at: '2026-11-21T12:00:00+08:00' })
  api = await signIn(stack.url, 'operator')
})
afterAll(() => stack?.stop())

const standing = async () => (await api.get<Alarm[]>('/alarms')).body.filter(a => a.returnedAt === null && a.source === 'tower')
it('kill -9 of each program once: nothing lost, nothing doubled, nothing invented', async () => {
  const pin = (device: string, key: string, value: boolean) => stack.sim('PUT', `/devices/${device}/points/${key}`, { value })
  // What must survive: two standing alarms, a hold of a person, a latched fire.
  await pin('ahu-1', 'vfd_flt', true)
  await stack.sim('POST', '/scenarios/fire-floor-12?followAfterS=0')
  // What nobody has read yet takes no order.
  await api.listen(['zc-8w/temp_sp'])
  await until('the zone to be read', () => api.values.get('zc-8w/temp_sp')?.q === 'good')
  api.close()
  const until20 = Date.parse('2026-11-21T20:00:00+08:00')
  // A machine that stands still for the seconds of a read-back has not done it, says so, and is asked again.
  await until('the hold to be confirmed', async () => {
    const hold = await api.order({ kind: 'hold', point: 'zc-8w/temp_sp', value: 22, level: 8, until: until20 }, 'kills')
    const told = await until('the hold to be over or confirmed', async () => {
      const command = (await api.get<CommandView[]>('/commands?device=zc-8w')).body.find(c => c.id === hold)
      return command && !['sent', 'accepted', 'written'].includes(command.step) ? command : undefined
    })
    if (told.step !== 'confirmed') expect(told.reason).toBe('no-read-back')
    return told.step === 'confirmed'
  })
  await until('three alarms to stand', async () => (await standing()).length === 3)
  const before = (await standing()).map(a => a.id).toSorted()

  // The agent dies while an alarm is on its way, and another comes while it is dead.
  await pin('ahu-2', 'belt_flt', true)
  await stack.kill('edge-agent')
  await pin('ahu-3', 'frost', true)
  await pin('ahu-1', 'vfd_flt', false)
  await stack.start('edge-agent')
  await until(
    'what stands to be told',
    async () => {
      const keys = (await standing()).map(a => a.key)
      return keys.includes('ahu-2/belt') && keys.includes('ahu-3/frost') && !keys.includes('ahu-1/trip')
    },
    30_000,
  )
  await caughtUp(stack)

  // The console dies; alarms come and go meanwhile.
  await stack.kill('console')
  await pin('ahu-2', 'belt_flt', false)
  await pin('ahu-4', 'vfd_flt', true)
  await stack.start('console')
  api = await signIn(stack.url, 'operator')
  await until(
    'the console to catch up',
    async () => {
      const keys = (await standing()).map(a => a.key)
      return keys.includes('ahu-4/trip') && !keys.includes('ahu-2/belt')
    },
    30_000,
  )
  await caughtUp(stack)

  // The broker dies and forgets everything.
  await stack.kill('broker')
  await pin('ahu-5', 'vfd_flt', true)
  await stack.start('broker')
  await until('the alarm raised meanwhile', async () => (await standing()).some(a => a.key === 'ahu-5/trip'), 30_000)

  // The books: every number exactly once, without a hole, and every alarm once for each time it was raised.
  const { journal, ingested, alarms, gaps, quarantine } = await caughtUp(stack)
  expect(journal.map(r => r.n)).toEqual(Array.from({ length: journal.length }, (_, i) => i + 1))
  expect(ingested).toEqual(journal.map(r => r.n))
  expect(gaps).toEqual([])
  expect(quarantine).toEqual([])
  const raised = journal.map(r => r.body).filter(b => b.type === 'alarm-raised')
  const fromAgent = alarms.filter(a => raised.some(r => r.alarm.id === a.id))
  expect(fromAgent).toHaveLength(raised.length)
  for (const key of ['ahu-1/trip', 'ahu-2/belt', 'ahu-3/frost', 'ahu-4/trip', 'ahu-5/trip', 'fire-panel/l12_e3_fire'])
    expect(
      alarms.filter(a => a.key === key),
      key,
    ).toHaveLength(1)
  // Alarms that stood throughout keep their ids; one fire, one ticket.
  const now = (await standing()).map(a => a.id)
  expect(before.filter(id => now.includes(id))).toHaveLength(2)
  expect((await api.get<CaseHead[]>('/cases?procedure=emergency')).body.filter(c => c.form['kind'] === 'fire')).toHaveLength(1)

  // The arrays are as they were: the person's hold, and the latched fire.
  await api.listen()
  const holders = await until('the holders to be told', () => {
    const all = api.snapshot?.holders ?? []
    const of = (point: string): HoldersView | undefined => all.find(h => h.point === point)
    return of('zc-8w/temp_sp') && of('ahu-3/fan_cmd') ? { zone: of('zc-8w/temp_sp'), ahu: of('ahu-3/fan_cmd') } : undefined
  })
  expect(holders.zone?.array.holders.find(h => h.level === 8)).toMatchObject({ value: 22 })
  expect(holders.ahu?.array.holders.find(h => h.level === 2)).toMatchObject({ value: false, until: null })
  api.close()
})

it('a command that was repeated has one effect', async () => {
  const supervisor = await signIn(stack.url, 'supervisor')
  const rows = (await supervisor.get<{ id: string; steps: { step: string }[] }[]>('/commands?device=zc-8w')).body
  for (const r of rows) expect(r.steps.filter(s => s.step === 'accepted').length).toBeLessThanOrEqual(1)
})

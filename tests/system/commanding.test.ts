import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agentWith } from '#api/events'
import type { Alarm, CommandView } from '#api/models/live'
import { type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'

let stack: Stack
let api: Person
beforeAll(async () => {
  stack = await startStack({ at: '2026-11-20T12:00:00+08:00' })
  api = await signIn(stack.url, 'engineer')
  await api.listen()
})
afterAll(async () => {
  api?.close()
  await stack?.stop()
})
const commands = async (device: string) => (await api.get<CommandView[]>(`/commands?device=${device}`)).body
const alarms = async () => (await api.get<Alarm[]>('/alarms')).body.filter(a => a.returnedAt === null)
const holders = (point: string) => {
  const told = api.changes.flatMap(c => (c.kind === 'holders' && c.holders.point === point ? [c.holders] : []))
  return (told.at(-1) ?? api.snapshot?.holders.find(h => h.point === point))?.array.holders ?? []
}
const pin = (device: string, key: string, value: unknown) => stack.sim('PUT', `/devices/${device}/points/${key}`, { value })
const physical = (device: string, key: string, value: unknown, limitMs = 20_000) =>
  until(`${device}/${key} to be ${value}`, async () => (await stack.point(device, key)) === value, limitMs)

/** Each at a device of its own. */
describe.concurrent('one device', () => {
  it('a write that something else overwrote in the device is seen, reported and written again', async () => {
    await until('the zone to run', async () => (await stack.point('zc-9w', 'on_fb')) === true, 30_000)
    const seen = await until(
      'it to be reported',
      async () => {
        const told = (await commands('zc-9w')).filter(c => c.point === 'zc-9w/on_cmd').sort((a, b) => b.at - a.at)
        const found = told.find(c => c.reason === 'overwritten')
        // As at the controller's own panel: the value changes and is not held there. Before the agent has said what should
        // stand there, or has read it back, nothing is overwritten, so the hand comes again.
        const settled = told[0] === undefined || told[0].step === 'confirmed'
        if (!found && settled && (await stack.point('zc-9w', 'on_cmd')) === true) {
          await pin('zc-9w', 'on_cmd', false)
          await stack.sim('DELETE', '/devices/zc-9w/points/on_cmd')
        }
        return found
      },
      60_000,
    )
    expect(seen).toMatchObject({ point: 'zc-9w/on_cmd', value: true, read: false, step: 'superseded' })
    // The hand may have come a second time; what is switched back again and again is written every 15 s.
    await physical('zc-9w', 'on_cmd', true, 60_000)
    await until('the repeat to be confirmed', async () =>
      (await commands('zc-9w')).some(c => c.point === 'zc-9w/on_cmd' && c.step === 'confirmed' && c.at >= (seen?.at ?? 0)),
    )
  })

  it('an interlock of the site file holds what it protects on level 5, and lets go when its condition is met', async () => {
    await until('the air handler to run', async () => (await stack.point('ahu-2', 'fan_fb')) === true, 30_000)
    await stack.sim('POST', '/scenarios/ahu-trip')
    await until('the fan to be held', () => holders('ahu-2/fan_cmd').some(h => h.level === 5 && h.value === false))
    await until('the damper to be held shut', () => holders('ahu-2/oad_cmd').some(h => h.level === 5 && h.value === 0))
    await physical('ahu-2', 'fan_cmd', false)
    await physical('ahu-2', 'oad_cmd', 0)
    const refused = await api.post<{ id: string }>('/commands', {
      act: { kind: 'hold', point: 'ahu-2/fan_cmd', value: true, level: 8, until: Date.parse('2026-11-20T20:00:00+08:00') },
      reason: 'start it all the same',
    })
    await until('the operator to be outranked', async () =>
      (await commands('ahu-2')).some(c => c.id === refused.body.id && c.step === 'refused' && c.reason === 'outranked'),
    )
    await stack.sim('POST', '/scenarios/ahu-reset')
    await until('protection to let go', () => !holders('ahu-2/fan_cmd').some(h => h.level === 5))
    // It has just been stopped: it rests for its minimum time, then runs again, and only then the damper opens.
    await until('the fan to run again', async () => (await stack.point('ahu-2', 'fan_fb')) === true, 60_000)
    await until('the damper to be released', () => !holders('ahu-2/oad_cmd').some(h => h.level === 5))
  })

  it('a device whose clock is wrong is alarmed, with how much; right again, the alarm returns', async () => {
    const linkOf = (device: string) => {
      const told = api.changes.flatMap(c => (c.kind === 'agent' ? [c.agent] : []))
      return told.reduce(agentWith, api.snapshot?.agents[0])?.links[device]
    }
    await until('the drift to be told', () => typeof linkOf('d-5')?.driftMs === 'number')
    expect(Math.abs(linkOf('d-5')?.driftMs ?? Infinity)).toBeLessThan(10_000)
    await pin('d-5', 'clock', Math.floor(Date.parse('2026-11-20T11:00:00+08:00') / 1000))
    await until('the alarm', async () => (await alarms()).some(a => a.key === 'clock/d-5' && a.device === 'd-5'), 30_000)
    await until('how much to be told', () => (linkOf('d-5')?.driftMs ?? 0) < -3_000_000)
    await stack.sim('DELETE', '/devices/d-5/points/clock')
    await until('the alarm to return', async () => !(await alarms()).some(a => a.key === 'clock/d-5'), 30_000)
  })
})

it('with the field broker gone each MQTT action of a fire is journalled as missing at once and alarmed, and done when it is back', async () => {
  await stack.kill('field-broker')
  await until('the bus to be lost', async () => (await alarms()).some(a => a.key.startsWith('link/')), 30_000)
  await stack.sim('POST', '/scenarios/fire-floor-12?followAfterS=0')
  const late = await until(
    'the barrier and the door to be alarmed',
    async () => {
      const found = (await alarms()).filter(a => a.kind === 'linkage')
      return ['linkage/c12/gate-in-a', 'linkage/c12/door'].every(k => found.some(a => a.key === k)) ? found : undefined
    },
    60_000,
  )
  // On the fire's own ticket, not on a second one.
  const fire = await until('the fire with its ticket', async () =>
    (await alarms()).find(a => a.kind === 'fire' && a.ticket !== null),
  )
  // At once, by the agent's own clock.
  for (const a of late) expect(a.raisedAt - (fire?.raisedAt ?? 0)).toBeLessThan(10_000)
  await until('them to be on its ticket', async () => {
    const now = await alarms()
    return late.every(a => now.find(x => x.id === a.id)?.ticket === fire?.ticket)
  })
  type Ticket = { linkages: { linkage: string; missing: boolean; feedbackMs: number | null }[] }
  await until('the ticket to say so', async () =>
    (await api.get<Ticket>(`/cases/${fire?.ticket}`)).body.linkages.some(
      l => l.linkage === 'gate-in-a' && l.missing && l.feedbackMs === null,
    ),
  )
  await until('its command to have failed', async () =>
    (await commands('gate-in-a')).some(c => c.level === 2 && c.step === 'failed' && c.reason === 'link-lost'),
  )
  // The air handler is on Modbus: it stops all the same.
  await physical('ahu-3', 'fan_fb', false)

  await stack.start('field-broker')
  await physical('gate-in-a', 'raised', true, 40_000)
  await until('the linkage alarms to return', async () => !(await alarms()).some(a => a.kind === 'linkage'), 40_000)
})

it('a device with a heartbeat falls back by itself when the agent dies, and is brought back when it lives', async () => {
  const hold = await api.post<{ id: string }>('/commands', {
    act: { kind: 'hold', point: 'ahu-4/sat_sp', value: 19, level: 8, until: Date.parse('2026-11-20T20:00:00+08:00') },
    reason: 'heartbeat',
  })
  await until('the hold to be confirmed', async () =>
    (await commands('ahu-4')).some(c => c.id === hold.body.id && c.step === 'confirmed'),
  )
  const beats = Number(await stack.point('ahu-4', 'heartbeat'))
  await until('the heart to beat', async () => Number(await stack.point('ahu-4', 'heartbeat')) > beats)
  await stack.kill('edge-agent')
  await physical('ahu-4', 'unsupervised', true)
  await physical('ahu-4', 'sat_sp', 16)
  await stack.start('edge-agent')
  await physical('ahu-4', 'unsupervised', false)
  await physical('ahu-4', 'sat_sp', 19)
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BareAgent } from '../harness/bareAgent.ts'
import { Gateway } from '../harness/gateway.ts'
import { catalogue, smallTower } from '../harness/smallTower.ts'
import { until } from '../harness/wait.ts'

/** The real agent, its disk and its Modbus sockets, before a panel and a door that a test does with as it likes. */
let fire: Gateway
let doors: Gateway
let agent: BareAgent
const panel = () => fire.unit(1)
const door = () => doors.unit(2)
const detector = (loop: number, nth: number) => 100 + (loop - 1) * 10 + nth - 1
let ticking: NodeJS.Timeout

beforeEach(async () => {
  fire = await new Gateway().listen()
  doors = await new Gateway().listen()
  doors.unit(3)
  door().set('coil', 0, 1).set('discrete', 0, 1, 0)
  // A door whose bolt follows its command.
  ticking = setInterval(() => {
    door().set('discrete', 0, door().get('coil', 0))
    const now = Math.floor(Date.now() / 1000)
    panel().set('input', 40, now >>> 16, now & 0xffff)
  }, 20)
  agent = new BareAgent(smallTower({ panelPort: fire.port, doorPort: doors.port }), catalogue)
  await agent.start()
  await until('the door to be read', async () => door().reads.length > 3)
})
afterEach(async () => {
  clearInterval(ticking)
  await agent.end()
  await fire.close()
  await doors.close()
})

const latched = async () => (await agent.memory.all('latched')).has('c1')
const burn = () => panel().set('input', detector(1, 1), 1).set('input', detector(1, 2), 1).set('input', 0, 1)
const calm = () => panel().set('input', detector(1, 1), 0).set('input', detector(1, 2), 0).set('input', 0, 0)

describe('1: a fire is seen whatever stands beside it', () => {
  it('two detectors and the panel itself say 0x0021: alarms, the unknown bit as a fault of its word, the actions', async () => {
    for (const address of [0, detector(1, 1), detector(1, 2)]) panel().set('input', address, 0x0021)
    await until('the fire', () => agent.stands('panel/l1_w1_fire'))
    await until('the unknown bit to be told', () => agent.stands('bits/panel/input-100'))
    await until('the door to be released', () => door().get('coil', 0) === 0)
    expect(await latched()).toBe(true)
    calm()
    await until('the word to be right again', async () => !(await agent.stands('bits/panel/input-100')))
  })
  it('the panel says fire and no detector does: its own sum is an alarm; with a detector in fire it adds nothing', async () => {
    panel().set('input', 0, 1)
    expect(await until('the sum', () => agent.stands('panel/fire'))).toMatchObject({ level: 1, kind: 'fire' })
    panel().set('input', 0, 0)
    await until('its return', async () => !(await agent.stands('panel/fire')))
    panel().set('input', detector(2, 1), 1).set('input', 0, 1)
    await until('the detector', () => agent.stands('panel/l2_w1_fire'))
    await until('time for the sum', () => panel().reads.filter(r => r.at > performance.now() - 2500).length > 20)
    expect(await agent.stands('panel/fire')).toBeUndefined()
  })
  it('a word of all ones is no fire, and its block is lost within 10 s', async () => {
    panel().set('input', detector(3, 1), 0xffff)
    const begun = performance.now()
    const lost = await until('the part', async () =>
      [...(await agent.standing()).values()].find(a => a.key.startsWith('part/panel/')),
    )
    expect(performance.now() - begun).toBeLessThan(10_000)
    expect(lost).toMatchObject({ level: 2, kind: 'link', device: 'panel', point: 'panel/l3_w1_fire' })
    expect(await agent.stands('panel/l3_w1_fire')).toBeUndefined()
    panel().set('input', detector(3, 1), 0)
    await until('the part to be whole again', async () => !(await agent.stands(lost.key)))
  })
})

describe('2: a lost part is as loud as a lost whole', () => {
  it('an exception on one block: its own alarm of level 2, a standing fire in it unverified, nothing returned, the rest alive', async () => {
    panel().set('input', detector(12, 1), 1)
    await until('the fire', () => agent.stands('panel/l12_w1_fire'))
    panel().refused = [{ table: 'input', from: 200, to: 299, code: 4 }]
    const lost = await until('the part', async () =>
      [...(await agent.standing()).values()].find(a => a.key.startsWith('part/panel/')),
    )
    expect(lost).toMatchObject({ level: 2, kind: 'link' })
    expect(lost.name.en).toContain('exception 4')
    await until(
      'the fire to be unverified',
      async () => ((await agent.stands('panel/l12_w1_fire'))?.unverifiedSince ?? null) !== null,
    )
    // It goes out meanwhile: nobody can see that, so nothing returns.
    panel().set('input', detector(12, 1), 0)
    panel().set('input', detector(1, 1), 1)
    await until('a fire in what is left', () => agent.stands('panel/l1_w1_fire'))
    expect(await agent.stands('panel/l12_w1_fire')).toBeDefined()
    expect(await agent.stands('link/panel')).toBeUndefined()
    panel().refused = []
    await until('the part to come back', async () => !(await agent.stands(lost.key)))
    await until('the fire to return', async () => !(await agent.stands('panel/l12_w1_fire')))
  })
  it('a gateway that answers 0xFFFF everywhere: no fire, loud, and an answer that is all alike is suspected', async () => {
    panel().everywhere = 0xffff
    await until('a part', async () => [...(await agent.standing()).keys()].some(k => k.startsWith('part/panel/')))
    await until('the suspicion', () => agent.stands('suspect/panel'))
    expect([...(await agent.standing()).values()].filter(a => a.kind === 'fire')).toEqual([])
    panel().everywhere = undefined
    await until('everything to return', async () => (await agent.standing()).size === 0)
  })
  it('a quiet panel of zeros with a running clock is good', async () => {
    await until('some minutes of reading', () => panel().reads.length > 60)
    expect((await agent.standing()).size).toBe(0)
  })
  it('a panel that falls silent as a whole is one alarm, however many blocks it has', async () => {
    panel().silent = true
    await until('the link', () => agent.stands('link/panel'))
    await until('some tries more', async () => ((await agent.stands('link/panel'))?.raisedAt ?? 0) < Date.now() - 3000)
    expect([...(await agent.standing()).keys()]).toEqual(['link/panel'])
  })
})

describe('5, 6: a door at a fire', () => {
  it('5: while its own fire input is active it is never locked by us, and is locked again afterwards', async () => {
    door().set('discrete', 1, 1).set('coil', 0, 0)
    const before = door().writes.length
    await until('the door to be left alone', async () =>
      (await agent.journal()).some(r => r.type === 'command' && r.reason === 'fire-input'),
    )
    await until('more readings', () => door().reads.filter(r => r.at > performance.now() - 1500).length > 8)
    expect(door().writes.slice(before)).toEqual([])
    door().set('discrete', 1, 0)
    await until('the door to be locked', () => door().get('coil', 0) === 1)
  })
  it('6: a door that locks again in a latched fire is alarmed, until it stands open', async () => {
    burn()
    await until('the door to be released and seen so', async () =>
      (await agent.journal()).some(r => r.type === 'linkage' && r.phase === 'fed-back'),
    )
    clearInterval(ticking)
    door().set('discrete', 0, 1)
    await until('the relapse', () => agent.stands('linkage/c1/exit'))
    door().set('discrete', 0, 0)
    await until('its end', async () => !(await agent.stands('linkage/c1/exit')))
    const phases = (await agent.journal()).flatMap(r => (r.type === 'linkage' ? [r.phase] : []))
    expect(phases).toEqual(['triggered', 'started', 'fed-back', 'relapsed', 'restored'])
  })
})

describe('10, 14: restarts', () => {
  it('10: a compartment that the site file has lost while latched stays in sight, and its door is held', async () => {
    burn()
    await until('the fire to be latched', latched)
    await agent.stop()
    await agent.start(smallTower({ panelPort: fire.port, doorPort: doors.port, compartment: 'renamed' }))
    expect(await until('the alarm', () => agent.stands('orphan/c1'))).toMatchObject({ level: 2 })
    expect((await agent.holders('door/lock_cmd'))[0]).toMatchObject({ level: 2, value: false })
  })
  it('14: an ended hold is never written at a restart', async () => {
    await agent.stop()
    const until3s = Date.now() + 500
    const kept = { level: 8, value: false, causes: [{ id: 'p', what: { zh: 'p', en: 'p' } }], since: 0, until: until3s }
    const { openEdgeMemory } = await import('../../edge-agent/memory/edgeMemory.ts')
    const memory = await openEdgeMemory(`${agent.folder}/edge.db`)
    await memory.commit([{ keep: 'holder', key: 'door/lock_cmd', body: [kept] }])
    await memory.close()
    await until('its end to pass', () => Date.now() > until3s + 100)
    door().writes.length = 0
    const reads = door().reads.length
    await agent.start()
    await until('the door to be read and settled', () => door().reads.length > reads + 10)
    expect(door().writes.filter(w => w.word === 0)).toEqual([])
  })
})

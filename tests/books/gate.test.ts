import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GateView } from '#api/models/gate'
import { level } from '#contract/priority'
import { writeEntry } from '../../console/server/engine/registers/registerBook.ts'
import { closeEntries } from '../../console/server/engine/registers/registerLife.ts'
import { saveThing } from '../../console/server/engine/things/thingBook.ts'
import { plateOf } from '../../console/subjects/gatehouse/admission.ts'
import { passages, visitors } from '../../console/subjects/gatehouse/registers.ts'
import { gateRoutes } from '../../console/subjects/gatehouse/routes.ts'
import { gatehouse } from '../../console/subjects/gatehouse/subject.ts'
import { type Gate, openGate } from '../harness/gate.ts'
import { TriedSite, who } from '../unit/settings/site.ts'

/** The gate (R71, R72): what a pass opens and what it does not, and what becomes of a vehicle at a barrier. */
const [door, otherDoor, barrier] = ['d-5', 'd-6', 'gate-in-a']
const shutDoor = { lock_cmd: true, locked: true, open: false }
const downBarrier = { arm_cmd: false, raised: false }
let site: TriedSite
let gate: Gate
beforeEach(async () => {
  site = await TriedSite.open()
  gate = await openGate(site)
  gate.heard()
  for (const d of [door, otherDoor]) gate.tells(d, shutDoor)
  gate.tells(barrier, downBarrier)
})
afterEach(async () => {
  gate.close()
  await site.close()
})

const write = (register: string, form: Record<string, unknown>, corrects: string | null = null) =>
  site.as('guard', work => writeEntry(work, site.books.engine.around, { register, form, corrects }, who('guard')))
const view = () => site.ask('guard', () => gateRoutes(gate.desk), '/gate') as Promise<GateView>
const opened = () =>
  gate.sent.map(c => ('point' in c.act ? [c.act.kind, c.act.point, 'value' in c.act ? c.act.value : null] : []))

describe("R72: a visitor's pass", () => {
  const hours = (h: number) => site.now + h * 3_600_000
  const guest = () => ({
    ...{ contact: '刘洋', kind: 'guest', document: 'identity', shown: true, place: 'f5-w', host: '陈立' },
    ...{ pass: 'K-17', door, until: hours(2) },
  })
  const verdicts = async () => (await view()).visitors.flatMap(v => v.acts.map(a => a.verdict))

  it('opens its door for some seconds each time it is shown, and that stands with the visitor', async () => {
    const { number } = await write('visitors', guest())
    await gate.happens(door, 'card', 'K-17')
    await gate.happens(door, 'card', 'K-17')
    expect(opened()).toEqual(Array(2).fill(['let-pass', `${door}/lock_cmd`, false]))
    // The name stays in the entry, where it is erased.
    expect(gate.sent[0]).toMatchObject({ act: { seconds: 5 }, by: { what: { zh: number } } })
    expect(JSON.stringify(gate.sent)).not.toContain('刘洋')
    expect(await verdicts()).toEqual(['let-pass', 'let-pass'])
    await site.set('pass-door-opens-for', 8)
    await gate.happens(door, 'card', 'K-17')
    expect(gate.sent[2]).toMatchObject({ act: { seconds: 8 } })
  })

  it('is given for a door with a number and for today, after the document was looked at', async () => {
    await expect(write('visitors', { ...guest(), shown: false })).rejects.toMatchObject({ field: 'shown' })
    await expect(write('visitors', { ...guest(), pass: undefined })).rejects.toMatchObject({ field: 'pass' })
    await expect(write('visitors', { ...guest(), until: undefined })).rejects.toMatchObject({ field: 'until' })
    await expect(write('visitors', { ...guest(), until: hours(24) })).rejects.toMatchObject({ field: 'until' })
    await expect(write('visitors', { ...guest(), door: 'nowhere' })).rejects.toMatchObject({ field: 'door' })
    await write('visitors', guest())
    await expect(write('visitors', guest())).rejects.toMatchObject({ field: 'pass' })
  })

  it('opens nothing at another door, after its hours, when its news is old, or once it was taken back', async () => {
    const { id } = await write('visitors', guest())
    await gate.happens(otherDoor, 'card', 'K-17')
    await gate.happens(door, 'card', 'K-17', site.now - 11_000)
    site.now = hours(2) + 1
    gate.heard()
    await gate.happens(door, 'card', 'K-17')
    expect(await verdicts()).toEqual(['over', 'late', 'other-door'])
    const { id: longer } = await write('visitors', { ...guest(), until: hours(1) }, id)
    await gate.happens(door, 'card', 'K-17')
    expect(opened()).toHaveLength(1)
    await site.as('guard', work => closeEntries(work, visitors, { entries: [longer], said: {} }, who('guard')))
    await gate.happens(door, 'card', 'K-17')
    expect(opened()).toHaveLength(1)
    const acts = await site.db.selectFrom('gate_act').select(['entry', 'verdict']).orderBy('id').execute()
    expect(acts.at(-1)).toEqual({ entry: longer, verdict: 'returned' })
  })

  it('moves no door that a fire or a person holds, that stands open, or of which nobody knows how it stands', async () => {
    await write('visitors', guest())
    const point = `${door}/lock_cmd`
    gate.holds(point, level.fire, false)
    await gate.happens(door, 'card', 'K-17')
    gate.holds(point, level.operator, true)
    await gate.happens(door, 'card', 'K-17')
    gate.holds(point, level.schedule, true)
    gate.tells(door, { ...shutDoor, locked: false })
    await gate.happens(door, 'card', 'K-17')
    gate.heard({ online: false })
    await gate.happens(door, 'card', 'K-17')
    expect(await verdicts()).toEqual(['unverified', 'open', 'held', 'fire'])
    expect(gate.sent).toEqual([])
    gate.heard()
    gate.tells(door, shutDoor)
    await gate.happens(door, 'card', 'K-17')
    expect(gate.sent).toHaveLength(1)
  })

  it("is judged by the console's clock where the agent's goes wrong; a card that is nobody's pass is left to its controller", async () => {
    await write('visitors', guest())
    gate.heard({ wall: site.now - 60_000 })
    await gate.happens(door, 'card', 'K-17', site.now - 60_000)
    await gate.happens(door, 'card', '123')
    await gate.happens(door, 'card', '')
    expect(opened()).toHaveLength(1)
  })
})

describe('R71: a vehicle at a barrier', () => {
  const car = async () => {
    const around = site.books.engine.around
    const form = { plate: '沪A·12345', owner: '陈立' }
    await site.as('head', work =>
      saveThing(work, around, 'lane', { id: null, form: { name: '入口 A', barrier, way: 'in' } }, who('head')),
    )
    return site.as('head', work => saveThing(work, around, 'vehicle', { id: null, form }, who('head')))
  }
  const letPass = (id: string, outcome = 'confirmed') => {
    const route = gateRoutes(gate.desk).find(r => r.method === 'post')
    const asker = {
      user: { ...who('guard'), name: 'guard' },
      actor: { id: 'guard', display: 'guard', station: 't', proven: true },
    }
    return Promise.resolve(route?.handle({ params: { id }, body: { outcome }, who: asker } as never))
  }
  const rate = async () => {
    const stretch = { from: site.now - 86_400_000, to: site.now + 86_400_000 }
    const look = { ...site.books.engine.around, db: site.db, period: '2026-11', stretch }
    return (await gatehouse.evidence?.['owners-confirmed']?.count(look))?.figures
  }

  it('is written down as it is read, once; confirmed, its barrier goes up for some seconds, and its passage is what the barrier tells', async () => {
    const { id: vehicle } = await car()
    await gate.happens(barrier, 'plate', '沪A12345')
    await gate.happens(barrier, 'plate', '沪a 12345')
    const [waiting, ...more] = (await view()).waiting
    expect([waiting?.entry.form, more]).toEqual([{ way: 'in', barrier, told: site.now, vehicle, confirmed: false }, []])
    expect(await rate()).toMatchObject({ registered: 1, confirmed: 0, unconfirmed: 1 })
    await letPass(waiting?.entry.id ?? '')
    expect(opened()).toEqual([['let-pass', `${barrier}/arm_cmd`, true]])
    expect(gate.sent[0]).toMatchObject({ act: { seconds: 15 } })
    // It came down before the car moved.
    await letPass(waiting?.entry.id ?? '')
    expect(opened()).toHaveLength(2)
    await gate.happens(barrier, 'passed', '')
    await expect(letPass(waiting?.entry.id ?? '')).rejects.toMatchObject({ code: 'already-done' })
    const { waiting: none, passed } = await view()
    expect([none, passed[0]?.acts.map(a => a.verdict)]).toEqual([[], ['passed', 'let-pass', 'let-pass']])
    expect(await rate()).toEqual({ passages: 1, registered: 1, confirmed: 1, unconfirmed: 0 })
    // The same car comes again.
    site.now += 60_000
    await gate.happens(barrier, 'plate', '沪A12345')
    expect((await view()).waiting).toHaveLength(1)
  })

  it('that was let through and did not pass is gone after ten minutes: its barrier goes up for it no more', async () => {
    await gate.happens(barrier, 'plate', '浙B99999')
    const [car] = (await view()).waiting
    await letPass(car?.entry.id ?? '', 'asked')
    site.now += 600_001
    await expect(letPass(car?.entry.id ?? '', 'asked')).rejects.toMatchObject({ code: 'already-done' })
    expect(gate.sent).toHaveLength(1)
  })

  it('that came while the console was away has the time that its barrier told', async () => {
    await gate.happens(barrier, 'plate', '沪A12345', site.now - 1_800_000)
    expect((await view()).waiting).toMatchObject([{ entry: { at: site.now, form: { told: site.now - 1_800_000 } } }])
  })

  it('that its own barrier has let through still waits to be confirmed, and nothing is raised for it', async () => {
    await car()
    await gate.happens(barrier, 'passed', '沪A12345')
    const [waiting] = (await view()).waiting
    expect(waiting?.acts.map(a => a.verdict)).toEqual(['passed'])
    await letPass(waiting?.entry.id ?? '')
    expect([gate.sent, await rate()]).toEqual([[], { passages: 1, registered: 1, confirmed: 1, unconfirmed: 0 }])
  })

  it('that nobody knows is asked, or turned away, and counts in no rate of owners; the barrier of a fire is left alone', async () => {
    await gate.happens(barrier, 'plate', '浙B99999')
    const [asked] = (await view()).waiting
    expect(asked?.entry.form).toEqual({ barrier, told: site.now, plate: '浙B99999', confirmed: false })
    gate.holds(`${barrier}/arm_cmd`, level.fire, true)
    await letPass(asked?.entry.id ?? '', 'asked')
    expect([gate.sent, (await view()).passed[0]?.acts[0]?.verdict]).toEqual([[], 'fire'])
    await gate.happens(barrier, 'plate', '浙B11111')
    const [away] = (await view()).waiting
    await site.as('guard', work =>
      closeEntries(work, passages, { entries: [away?.entry.id ?? ''], said: { outcome: 'refused' } }, who('guard')),
    )
    await expect(letPass(away?.entry.id ?? '')).rejects.toMatchObject({ code: 'already-done' })
    expect(await rate()).toEqual({ passages: 1, registered: 0, confirmed: 0, unconfirmed: 0 })
    await gate.happens(barrier, 'plate', '浙B11111')
    expect((await view()).waiting).toHaveLength(1)
  })

  it('is none where what was read is no plate, or was told by a device that is gone', async () => {
    await gate.happens(barrier, 'plate', '')
    await gate.happens(barrier, 'plate', 'A'.repeat(60))
    await gate.happens('gone', 'plate', '沪A12345')
    expect((await view()).waiting).toEqual([])
  })

  it('has one plate, however it is written', () => {
    expect(['沪A·12345', ' 沪a 12345 ', '沪A-12345'].map(plateOf)).toEqual(Array(3).fill('沪A12345'))
  })
})

import { ulid } from 'ulid'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { realPace } from '#contract/pace'
import { realWallClock } from '#program/wallClock'
import { noteRun } from '../../console/server/agents/journal/runBook.ts'
import { system } from '../../console/server/books/audit.ts'
import { saveTenants } from '../../console/server/master/tenantFiles.ts'
import { openWallWatch } from '../../console/server/mirror/wallWatch.ts'
import { overtimeCharges } from '../../console/subjects/overtime/chargeLines.ts'
import { finishOvertime } from '../../console/subjects/overtime/endings.ts'
import { type ConsoleBooks, exampleTenant, hearAgents, leaseZone, openConsoleBooks } from '../harness/consoleBooks.ts'

/** Two tenants on one air handler (R41): each a zone, 120 yuan an hour. */
const [mine, theirs] = ['f12-e', 'f12-w']
const begin = Date.parse('2026-11-24T19:00:00+08:00')
const min = 60_000
let now = 0
let desk: ConsoleBooks

beforeEach(async () => {
  now = begin - 120 * min
  desk = await openConsoleBooks(() => now)
  await leaseZone(desk, mine)
  await desk.unit(system, async work => {
    const other = { ...exampleTenant(desk.directory.unitOfPlace(theirs) ?? ''), id: 'u', name: '第二公司', short: '第二' }
    await saveTenants(work, desk.directory, [other], new Map())
    await work.tx.insertInto('tariff_zone').values({ zone: theirs, tariff_id: 'p' }).execute()
  })
  hearAgents(desk, now)
})
afterEach(() => desk.close())

const shareBy = async (key: string) => {
  await desk.unit(system, work => desk.rules.set(work, 'overtime-shared-air', key, '-'))
  await desk.rules.reload(desk.books.read)
}
const book = (zone: string, from: number, to: number) =>
  desk.unit(system, async work => {
    const form = {
      zone,
      from: begin + from * min,
      to: begin + to * min,
      contact: '张伟',
      phone: '138',
      quotedFen: (to - from) * 200,
    }
    const { id } = await desk.engine.open(work, 'overtime', { form }, { roles: ['front-desk'] })
    for (const [verb, said] of [
      ['accept', {}],
      ['sign', { signature: '张伟' }],
    ] as const)
      await desk.engine.act(work, id, verb, { ...said }, { roles: ['front-desk'] })
    return id
  })
const ran = (zone: string, from: number, to: number) =>
  desk.unit(system, work => {
    const [start, end] = [begin + from * min, begin + to * min]
    const run = {
      type: 'run' as const,
      at: end,
      id: ulid(),
      zone,
      from: start,
      to: end,
      lastedMs: end - start,
      why: 'stopped' as const,
      evidence: [],
    }
    return noteRun(work, desk.site.agents[0]?.id ?? '', run, desk.reactions)
  })
const over = async (minute: number) => {
  now = begin + minute * min
  const wallWatch = openWallWatch(
    () => now,
    () => now,
    () => realPace,
  )
  await finishOvertime({ ...desk, clock: realWallClock, wallWatch }, now)
}
const lines = async () => {
  const rows = await desk.books.read.selectFrom('charge_line').selectAll().orderBy('zone').execute()
  return rows.map(r => ({ zone: r.zone, fen: r.fen, off: JSON.parse(r.missed_json), by: r.shared_by }))
}
const evening = async () => {
  await book(mine, 0, 120)
  await book(theirs, 60, 180)
  await ran(mine, 0, 120)
  await ran(theirs, 60, 180)
  await over(125)
}

it('each pays for himself where the site says nothing', async () => {
  await evening()
  await over(190)
  expect(await lines()).toEqual([
    { zone: mine, fen: 24_000, off: [], by: 'each' },
    { zone: theirs, fen: 24_000, off: [], by: 'each' },
  ])
})

it('the hour that two use together is paid once, as soon as both are known; the bill says what it would have been', async () => {
  await shareBy('equal')
  await evening()
  expect(await lines()).toMatchObject([{ zone: mine, fen: 24_000 }])
  await over(190)
  const off = [{ why: 'shared', minutes: 60, fen: 6000 }]
  expect(await lines()).toEqual([
    { zone: mine, fen: 18_000, off, by: 'equal' },
    { zone: theirs, fen: 18_000, off, by: 'equal' },
  ])
  const charges = await overtimeCharges(desk.books.read, '2026-11')
  expect(charges.map(c => [c.place, c.fen]).sort()).toEqual([
    [mine, -6000],
    [mine, 24_000],
    [theirs, -6000],
    [theirs, 24_000],
  ])
})

it('an evening stays shared as it was: another rule is for later ones, and a late record changes both', async () => {
  await shareBy('area')
  await book(mine, 0, 120)
  await book(theirs, 0, 120)
  await ran(mine, 0, 120)
  await over(125)
  expect(await lines()).toEqual([
    { zone: mine, fen: 24_000, off: [], by: 'area' },
    { zone: theirs, fen: 0, off: [{ why: 'unconfirmed', minutes: 120, fen: 24_000 }], by: 'area' },
  ])
  await shareBy('each')
  await ran(theirs, 0, 120)
  // Both zones of the floor are as large.
  expect(await lines()).toMatchObject([
    { fen: 12_000, by: 'area' },
    { fen: 12_000, by: 'area' },
  ])
  now = begin + 1440 * min
})

it('a zone on another air handler shares nothing', async () => {
  await shareBy('equal')
  const far = desk.site.zones.find(z => z.floor === 'f2')?.id ?? ''
  await desk.unit(system, async work => {
    const third = { ...exampleTenant(desk.directory.unitOfPlace(far) ?? ''), id: 'v', name: '第三公司', short: '第三' }
    await saveTenants(work, desk.directory, [third], new Map())
    await work.tx.insertInto('tariff_zone').values({ zone: far, tariff_id: 'p' }).execute()
  })
  await book(mine, 0, 60)
  await book(far, 0, 60)
  await ran(mine, 0, 60)
  await ran(far, 0, 60)
  await over(65)
  expect((await lines()).map(l => l.fen)).toEqual([12_000, 12_000])
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type JournalOf, journalBody } from '#contract/journal'
import type { Programme } from '#contract/programme'
import { openCalendar } from '#program/localCalendar'
import { type Effect, openEdgeMemory } from '../../edge-agent/memory/edgeMemory.ts'
import { JournalSender } from '../../edge-agent/uplink/journalSender.ts'
import { Core, miniSite } from '../harness/core.ts'
import { until } from '../harness/wait.ts'

const minute = 60_000
const hour = 60 * minute
const stepMs = 20_000
const what = { zh: '某', en: 'some' }

it('48 hours without an uplink: bookings run, a fire is answered, restarts lose nothing, and all of it arrives once, in order', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-alone-'))
  const memory = await openEdgeMemory(join(folder, 'edge.db'))
  const calendar = openCalendar('Asia/Shanghai')
  const site = miniSite()
  const start = calendar.instantOf('2026-11-20', 12 * 60)
  const at = (date: string, h: number) => calendar.instantOf(date, h * 60)
  const programme: Programme = {
    revision: 7,
    madeAt: start,
    timeZone: 'Asia/Shanghai',
    weekly: [{ id: 'hours', what, zones: ['a', 'b'], days: [1, 2, 3, 4, 5], from: 7 * 60, to: 19 * 60, preStartMin: 30 }],
    exceptions: [{ date: '2026-11-21', kind: 'workday', what }],
    bookings: [
      { id: 'x', what, zone: 'a', from: at('2026-11-20', 19), to: at('2026-11-20', 21), preStartMin: 0 },
      { id: 'y', what, zone: 'c', from: at('2026-11-20', 20), to: at('2026-11-21', 2), preStartMin: 0 },
      { id: 'z', what, zone: 'b', from: at('2026-11-21', 19), to: at('2026-11-21', 23), preStartMin: 0 },
    ],
  }
  const written: Promise<unknown>[] = []
  const toDisk = (effects: readonly Effect[]) => {
    written.push(memory.commit(JSON.parse(JSON.stringify(effects))))
  }
  let core = new Core({ site, calendar, wall: start, toDisk })
  core.commit(core.programme.receive(programme, start))
  const fireAt = at('2026-11-21', 10)
  const restarts = [at('2026-11-20', 20) + 7 * minute, fireAt + 5 * minute, at('2026-11-22', 3)]
  const end = start + 48 * hour
  for (let wall = start; wall <= end; wall += stepMs) {
    if (wall === fireAt) for (const w of ['l1_w1_fire', 'l1_cpw_fire']) core.reads('panel', w, true)
    if (restarts.some(r => r >= wall && r < wall + stepMs)) core = new Core({ site, calendar, wall, before: core })
    core.step(wall)
    core.follow()
  }
  await Promise.all(written)

  // ---- the uplink comes back
  const received: { n: number; body: unknown }[] = []
  const sender = new JournalSender(memory, async records => {
    received.push(...records)
    sender.onAck(records.at(-1)?.n ?? 0)
    return true
  })
  sender.onUp()
  await until('the whole journal to arrive', () => received.length >= memory.last, 20_000)
  sender.onDown()
  expect(received.map(r => r.n)).toEqual(Array.from({ length: memory.last }, (_, i) => i + 1))
  const records = received.map(r => journalBody.parse(r.body))
  expect(records.map(r => r.at)).toEqual(records.map(r => r.at).toSorted((x, y) => x - y))

  const stretches = (zone: string) =>
    records
      .filter((r): r is JournalOf<'run'> => r.type === 'run' && r.zone === zone && r.to !== null)
      .map(r => [r.from, r.to ?? 0] as const)
  const minutesRun = (zone: string, from: number, to: number) =>
    stretches(zone).reduce((sum, [f, t]) => sum + Math.max(0, Math.min(t, to) - Math.max(f, from)), 0) / minute
  const near = stepMs / minute + 0.01
  const ran = (zone: string, from: number, to: number, expected: number) =>
    expect(Math.abs(minutesRun(zone, from, to) - expected), `${zone} ${minutesRun(zone, from, to)}`).toBeLessThanOrEqual(near * 3)
  // Friday noon to 21:00 with the booking, across 19:00 and a restart in the middle of it.
  ran('a', start, at('2026-11-21', 0), 9 * 60)
  ran('b', start, at('2026-11-21', 0), 7 * 60)
  ran('c', start, end, 6 * 60)
  // Saturday is a make-up workday: pre-start at 6:30, the fire at 10:00 stops the air handler for good.
  ran('a', at('2026-11-21', 6), fireAt, 3.5 * 60)
  ran('a', fireAt, end, 0)
  ran('b', fireAt, end, 0)
  expect(core.fire.isLatched('comp')).toBe(true)
  const linkages = records.filter((r): r is JournalOf<'linkage'> => r.type === 'linkage')
  expect(linkages.map(l => l.phase)).toEqual(['triggered', 'started', 'fed-back'])
  expect(records.filter(r => r.type === 'compartment')).toHaveLength(1)
  await memory.close()
  rmSync(folder, { recursive: true, force: true })
}, 120_000)

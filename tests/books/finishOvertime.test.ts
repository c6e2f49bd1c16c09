import { ulid } from 'ulid'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { realPace } from '#contract/pace'
import { realWallClock } from '#program/wallClock'
import { openProgrammeBook } from '../../console/server/agents/programme/programmeBook.ts'
import { distrustMs } from '../../console/server/domain/clockSteps.ts'
import { openWallWatch } from '../../console/server/mirror/wallWatch.ts'
import { finishOvertime } from '../../console/subjects/overtime/endings.ts'
import { type ConsoleBooks, hearAgents, openConsoleBooks } from '../harness/consoleBooks.ts'

const begin = Date.parse('2026-11-24T19:00:00+08:00')
const min = 60_000
const id = ulid()
let mono = 0
let put = 0
const wall = () => begin + mono + put
let desk: ConsoleBooks

beforeEach(async () => {
  mono = 0
  put = 0
  desk = await openConsoleBooks(wall)
  const zone = desk.site.zones[0]?.id ?? ''
  const head = { id, procedure: 'overtime', version: 1, number: 'OT-20261124-0001', state: 'signed', place: zone, tenant: 't' }
  const rest = { department: null, handler: null, urgent: 0, revision: 0, due_at: null, warn_at: null, ended_at: null }
  const form_json = JSON.stringify({ zone, from: begin, to: begin + 60 * min })
  await desk.books.write(async tx => {
    await tx
      .insertInto('case_file')
      .values({ ...head, ...rest, owner: '李娜', opened_at: begin, changed_at: begin, form_json, facts_json: '{}' })
      .execute()
    await tx
      .insertInto('booking')
      .values({ id, case_id: id, zone, tenant: 't', from_at: begin, to_at: begin + 60 * min, live: 1, quoted_fen: 1 })
      .execute()
  })
  hearAgents(desk, wall())
})
afterEach(() => desk.close())
const state = async () => (await desk.books.read.selectFrom('case_file').select('state').executeTakeFirst())?.state

it('a clock that jumps 2 h ahead, 20 s into a booking of 60 min, ends no booking, and its air goes on; put right, it ends in its time', async () => {
  const wallWatch = openWallWatch(
    wall,
    () => mono,
    () => realPace,
  )
  const programme = await openProgrammeBook(desk.books, desk, wallWatch.steady)
  const booked = () => programme.current.bookings.map(b => b.id)
  const second = async () => {
    mono += 1000
    wallWatch.look()
    await finishOvertime({ ...desk, clock: realWallClock, wallWatch }, wall())
    await programme.renew()
  }
  mono = 19_000
  expect(booked()).toEqual([id])
  put = 120 * min
  for (let i = 0; i < 5; i++) await second()
  expect(await state()).toBe('signed')
  expect(booked()).toEqual([id])
  put = 0
  await second()
  expect(await state()).toBe('signed')
  expect(booked()).toEqual([id])
  mono = 59 * min
  await second()
  expect(await state()).toBe('signed')
  mono = 60 * min + 3000
  await second()
  expect(await state()).toBe('finished')
  await programme.renew()
  expect(booked()).toEqual([])
})

it('a step that nobody puts right is believed after 15 minutes', async () => {
  const wallWatch = openWallWatch(
    wall,
    () => mono,
    () => realPace,
  )
  put = 120 * min
  mono = 1000
  await finishOvertime({ ...desk, clock: realWallClock, wallWatch }, wall())
  expect(await state()).toBe('signed')
  mono += distrustMs
  await finishOvertime({ ...desk, clock: realWallClock, wallWatch }, wall())
  expect(await state()).toBe('finished')
})

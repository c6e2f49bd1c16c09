import { ulid } from 'ulid'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Role } from '#api/rights'
import { dropAddress, madeAt, makeAddress, ownerOf } from '../../console/server/auth/agendaAddress.ts'
import { agendaFile } from '../../console/server/export/agendaFile.ts'
import { agenda as bookings } from '../../console/subjects/overtime/bookings.ts'
import { agenda as shifts } from '../../console/subjects/roster/agenda.ts'
import { type ConsoleBooks, openConsoleBooks } from '../harness/consoleBooks.ts'

const start = Date.parse('2026-11-24T10:00:00+08:00')
const day = 86_400_000
let desk: ConsoleBooks
beforeEach(async () => {
  desk = await openConsoleBooks(() => start)
  await desk.books.write(async tx => {
    for (const [id, roles] of [
      ['guo', ['operator']],
      ['zhao', ['guard']],
    ] satisfies [string, Role[]][]) {
      const account = { id, name: id, display: id, post: 'none', roles_json: JSON.stringify(roles), password: '', active: 1 }
      await tx.insertInto('user_account').values(account).execute()
    }
  })
})
afterEach(() => desk.close())

const as = (id: string) => ({ id, display: id, station: 'test' })
const look = (id: string, roles: readonly Role[]) => ({
  ...{ db: desk.books.read, directory: desk.directory, rules: desk.rules, person: { id, roles } },
  ...{ from: start - day, to: start + 7 * day },
})
const roster = (state: string, date: string, shift: 'day' | 'evening' | 'night', person: string) =>
  desk.books.write(async tx => {
    const id = ulid()
    const file = {
      ...{ id, procedure: 'roster', version: 1, number: id, state, place: null, tenant: null, owner: '', owner_id: null },
      ...{ department: 'security', handler: null, handler_id: null, opened_at: 0, changed_at: 0, ended_at: null, urgent: 0 },
      ...{ form_json: '{}', facts_json: '{}', revision: 0 },
    }
    await tx
      .insertInto('case_file')
      .values(file as never)
      .execute()
    await tx.insertInto('roster_shift').values({ case_id: id, date, shift, person, person_id: person }).execute()
  })
const clock = (at: number) => new Date(at + 8 * 3_600_000).toISOString().slice(5, 16)

it('the shifts of one person, with the hours that the site gives them; the night ends in the morning', async () => {
  await roster('in-force', '2026-11-24', 'day', 'guo')
  await roster('in-force', '2026-11-25', 'night', 'guo')
  await roster('in-force', '2026-11-25', 'night', 'zhao')
  await roster('drafted', '2026-11-26', 'day', 'guo')
  const items = await shifts(look('guo', ['operator']))
  expect(items.map(i => `${clock(i.from)} ${clock(i.to)}`)).toEqual(['11-24T08:30 11-24T17:30', '11-25T21:00 11-26T08:30'])
})

it('bookings stand there for whoever may see them, and for nobody else', async () => {
  await desk.books.write(async tx => {
    const id = ulid()
    const file = {
      ...{
        id,
        procedure: 'overtime',
        version: 1,
        number: 'OT-1',
        state: 'signed',
        place: null,
        tenant: null,
        owner: '',
        owner_id: null,
      },
      ...{ department: null, handler: null, handler_id: null, opened_at: 0, changed_at: 0, ended_at: null, urgent: 0 },
      ...{ form_json: '{}', facts_json: '{}', revision: 0 },
    }
    await tx
      .insertInto('case_file')
      .values(file as never)
      .execute()
    const hours = { from_at: start + day, to_at: start + day + 3_600_000 }
    await tx
      .insertInto('booking')
      .values({ id, case_id: id, zone: 'f12-e', tenant: 'none', live: 1, quoted_fen: 0, ...hours } as never)
      .execute()
  })
  expect(await bookings(look('guo', ['operator']))).toMatchObject([{ where: '12F 东', from: start + day }])
  expect(await bookings(look('zhao', ['guard']))).toEqual([])
})

it('an address is its own, once; a new one ends the old, and whoever has left has none', async () => {
  const first = await desk.unit(as('guo'), makeAddress)
  expect(await ownerOf(desk.books.read, first)).toEqual({ id: 'guo', roles: ['operator'] })
  const second = await desk.unit(as('guo'), makeAddress)
  expect(await ownerOf(desk.books.read, first)).toBeUndefined()
  expect(await madeAt(desk.books.read, 'guo')).toBe(start)
  expect(JSON.stringify(await desk.books.read.selectFrom('agenda_address').selectAll().execute())).not.toContain(second)
  await desk.books.write(tx => tx.updateTable('user_account').set({ active: 0 }).where('id', '=', 'guo').execute())
  expect(await ownerOf(desk.books.read, second)).toBeUndefined()
  await desk.books.write(tx => tx.updateTable('user_account').set({ active: 1 }).where('id', '=', 'guo').execute())
  await desk.unit(as('guo'), dropAddress)
  expect(await ownerOf(desk.books.read, second)).toBeUndefined()
})

it('the file says when in universal time, keeps ids, and lets no text break out of its line', () => {
  const items = [{ id: 'a', from: start, to: start + 3_600_000, what: '值班，日班;\nEND:VEVENT', where: '12F 东' }]
  const file = agendaFile({ site: 'yunling', name: '云岭', at: start, items, word: said => String(said) })
  expect(file).toContain('UID:a@yunling')
  expect(file).toContain('DTSTART:20261124T020000Z')
  expect(file).toContain('DTEND:20261124T030000Z')
  expect(file.match(/^END:VEVENT/gm)).toHaveLength(1)
  expect(file.split('\r\n').every(line => Buffer.byteLength(line) <= 75)).toBe(true)
})

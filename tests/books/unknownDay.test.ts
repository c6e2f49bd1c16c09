import { afterEach, beforeEach, expect, it } from 'vitest'
import { type ConsoleBooks, leaseZone, openConsoleBooks } from '../harness/consoleBooks.ts'

const now = Date.parse('2026-12-20T10:00:00+08:00')
const from = Date.parse('2027-01-01T10:00:00+08:00')
let desk: ConsoleBooks
let zone: string

beforeEach(async () => {
  desk = await openConsoleBooks(() => now)
  zone = desk.site.units[0]?.zones[0] ?? ''
  await leaseZone(desk, zone)
})
afterEach(() => desk.close())

const book = () => {
  const form = { zone, from, to: from + 2 * 3_600_000, contact: '张伟', phone: '138', quotedFen: 0 }
  const actor = { id: 'u', display: '李娜', station: 'test' }
  return desk
    .unit(actor, work => desk.engine.open(work, 'overtime', { form }, { roles: ['front-desk'] }))
    .then(
      () => undefined,
      (e: { code: string; detail?: unknown }) => ({ code: e.code, detail: e.detail }),
    )
}
const load = async (date: string, kind: 'closed' | 'workday') => {
  const day = { date, kind, name_json: JSON.stringify({ zh: date, en: date }) }
  await desk.books.write(tx => tx.insertInto('calendar_day').values(day).execute())
  await desk.rules.reload(desk.books.read)
}

it('the hours of a day of which nobody knows whether it is a holiday are not refused as free: the day is said to be unknown', async () => {
  expect(await book()).toEqual({ code: 'day-unknown', detail: { date: '2027-01-01' } })
})

it('once its year is loaded the day decides: an ordinary day is free, a holiday has its price', async () => {
  await load('2027-02-06', 'closed')
  expect((await book())?.code).toBe('no-overtime')
  await load('2027-01-01', 'closed')
  expect(await book()).toEqual({ code: 'price-changed', detail: { fen: 24_000 } })
})

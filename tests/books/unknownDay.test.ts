import { afterEach, beforeEach, expect, it } from 'vitest'
import { type ConsoleBooks, openConsoleBooks } from '../harness/consoleBooks.ts'

const now = Date.parse('2026-12-20T10:00:00+08:00')
const from = Date.parse('2027-01-01T10:00:00+08:00')
let desk: ConsoleBooks
let zone: string

beforeEach(async () => {
  desk = await openConsoleBooks(() => now)
  zone = desk.site.units[0]?.zones[0] ?? ''
  const unit = desk.site.units[0]?.id ?? ''
  const price = { fen_per_hour: 12_000, rounding_minutes: 15, minimum_minutes: 60, valid_from: '2026-01-01', valid_to: null }
  await desk.books.write(async tx => {
    await tx.insertInto('tenant').values({ id: 't', name: 't', short: 't', contact: 'x', phone: '1' }).execute()
    await tx.insertInto('lease').values({ unit, tenant_id: 't' }).execute()
    await tx
      .insertInto('tariff')
      .values({ id: 's', name_json: '{"zh":"s","en":"s"}', ...price })
      .execute()
    await tx.insertInto('zone_tariff').values({ zone, tariff_id: 's' }).execute()
  })
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

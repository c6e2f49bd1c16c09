import { afterEach, beforeEach, expect, it } from 'vitest'
import type { TariffBody } from '#api/models/tariffs'
import { removeTariff, saveTariff, tariffList } from '../../console/subjects/overtime/prices.ts'
import { type ConsoleBooks, leaseZone, openConsoleBooks } from '../harness/consoleBooks.ts'

const hour = 3_600_000
/** A Friday. */
let now = Date.parse('2026-11-27T10:00:00+08:00')
const who = { id: 'u', display: '钱芳', station: 'test' }
let desk: ConsoleBooks
let zone: string
beforeEach(async () => {
  now = Date.parse('2026-11-27T10:00:00+08:00')
  desk = await openConsoleBooks(() => now)
  zone = desk.site.units[0]?.zones[0] ?? ''
})
afterEach(() => desk.close())

const price = (more: Partial<TariffBody> = {}): TariffBody => ({
  ...{ name: { zh: '超时空调', en: 'Overtime air' }, days: 'any', fenPerHour: 12_000, roundingMinutes: 15, minimumMinutes: 60 },
  ...{ from: '2026-11-27', to: null, zones: [zone] },
  ...more,
})
const save = (body: TariffBody, id: string | null = null) =>
  desk.unit(who, work => saveTariff(work, desk.directory, id, body)).catch(e => [e.code, e.field].join(' '))
const remove = (id: string) =>
  desk
    .unit(who, work => removeTariff(work, desk.directory, id))
    .then(
      () => 'done',
      e => e.code,
    )
const fen = async (day: string) =>
  (await desk.directory.tariffOf(desk.books.read, zone, Date.parse(`${day}T20:00:00+08:00`)))?.fenPerHour

it('of a day is the one for its kind, else the one for any; a holiday is one that the calendar closes', async () => {
  await save(price())
  await save(price({ days: 'weekend', fenPerHour: 15_000 }))
  await save(price({ days: 'holiday', fenPerHour: 20_000 }))
  const day = (date: string, kind: 'closed' | 'workday') =>
    desk.books.write(tx => tx.insertInto('calendar_day').values({ date, kind, name_json: '{}' }).execute())
  await day('2026-12-01', 'closed')
  await day('2026-12-05', 'workday')
  // Friday, Saturday, a closed Tuesday, a Saturday on which people work, and the day before any price.
  const days = ['2026-11-27', '2026-11-28', '2026-12-01', '2026-12-05', '2026-11-26']
  expect(await Promise.all(days.map(fen))).toEqual([12_000, 15_000, 20_000, 12_000, undefined])
  const { unpriced, tariffs } = await tariffList(desk.books.read, desk.directory, now)
  expect([unpriced.includes(zone), unpriced.length, tariffs.length]).toEqual([false, desk.site.zones.length - 1, 3])
})

const book = (day: string) => {
  const from = Date.parse(`${day}T20:00:00+08:00`)
  const form = { zone, from, to: from + 2 * hour, contact: '张伟', phone: '138', quotedFen: 24_000 }
  return desk.unit({ id: 'u', display: '李娜', station: 'test' }, work =>
    desk.engine.open(work, 'overtime', { form }, { roles: ['front-desk'] }),
  )
}

it('may be put right until somebody has booked at it; then it may only end, not before today, and the next begins after it', async () => {
  await leaseZone(desk, zone)
  expect(await save(price({ days: 'workday', from: '2026-11-30', fenPerHour: 130 }))).toMatch(/^\w{26}$/)
  const typo = (await tariffList(desk.books.read, desk.directory, now)).tariffs.find(t => t.fenPerHour === 130)?.id ?? ''
  expect(await save(price({ days: 'workday', from: '2026-11-30', fenPerHour: 12_000 }), typo)).toBe(typo)
  expect(await save(price({ days: 'workday', from: '2026-12-01', fenPerHour: 13_000 }))).toBe('priced-already zones')
  await book('2026-11-30')
  expect(await save(price({ days: 'workday', from: '2026-11-30', fenPerHour: 13_000 }), typo)).toBe('price-told ')
  expect(await save(price({ days: 'workday', from: '2026-11-30', to: '2026-11-26' }), typo)).toBe('end-in-the-past to')
  expect(await remove(typo)).toBe('price-told')
  expect(await save(price({ days: 'workday', from: '2026-11-30', to: '2026-12-01' }), typo)).toBe(typo)
  const next = await save(price({ days: 'workday', from: '2026-12-02', fenPerHour: 13_000 }))
  expect(await Promise.all(['2026-12-01', '2026-12-02', '2026-12-05'].map(fen))).toEqual([12_000, 13_000, 12_000])
  expect(await remove(next)).toBe('done')
  now = Date.parse('2026-12-04T10:00:00+08:00')
  // It is over: what was charged by it stays so.
  expect(await save(price({ days: 'workday', from: '2026-11-30', to: '2026-12-31' }), typo)).toBe('end-in-the-past to')
})

it('that somebody was told for what he has booked is not changed under him', async () => {
  await leaseZone(desk, zone)
  const file = await book('2026-11-28')
  const old = (await tariffList(desk.books.read, desk.directory, now)).tariffs[0]
  const { id = '', told: _, ...asTold } = old ?? { ...price(), id: '', told: true }
  expect(await save({ ...asTold, to: '2026-11-27' }, id)).toBe('booked-at-price from')
  expect(await save(price({ days: 'weekend', fenPerHour: 15_000 }))).toBe('booked-at-price from')
  expect(await fen('2026-11-28')).toBe(12_000)
  // From the day after the booking it may be another one.
  expect(await save({ ...asTold, to: '2026-11-28' }, id)).toBe(id)
  expect(await save(price({ from: '2026-11-29', fenPerHour: 15_000 }))).toMatch(/^\w{26}$/)
  expect(file.number).toMatch(/\d/)
})

it('is not set backwards, nor for a zone that the site does not have', async () => {
  expect(await save(price({ to: '2026-11-01' }))).toBe('dates-backwards to')
  expect(await save(price({ zones: [zone, 'nowhere'] }))).toBe('unknown-zone zones')
})

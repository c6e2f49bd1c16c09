import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TariffBody } from '#api/models/tariffs'
import { plainXlsx } from '../../console/server/export/xlsx.ts'
import { openImport } from '../../console/server/master/imports.ts'
import { openPrices } from '../../console/subjects/overtime/priceSheet.ts'
import { removeTariff, saveTariffs, tariffList } from '../../console/subjects/overtime/prices.ts'
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
  desk
    .unit(who, work => saveTariffs(work, desk.directory, [{ id, body }]))
    .then(
      ([saved = '']) => saved,
      e => [e.code, e.field].join(' '),
    )
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

const book = (day: string, quotedFen = 24_000) => {
  const from = Date.parse(`${day}T20:00:00+08:00`)
  const form = { zone, from, to: from + 2 * hour, contact: '张伟', phone: '138', quotedFen }
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

describe('a table of prices', () => {
  const head = ['名称', '哪些日子', '每小时（元）', '计时单位（分钟）', '最少计费（分钟）', '起', '止', '区域']
  const line = (...more: [days: string, yuan: string, from: string, to?: string, zones?: string]) => {
    const [days, yuan, from, to = '', zones = ''] = more
    return ['超时空调', days, yuan, '15', '60', from, to, zones]
  }
  const take = async (lines: string[][], digest?: string) =>
    openImport(desk, 'prices', openPrices).take(
      { ...who, proven: true },
      { bytes: await plainXlsx([head, ...lines]), language: 'zh', digest },
    )
  const store = async (lines: string[][]) => take(lines, (await take(lines)).preview.digest)
  const problems = async (lines: string[][]) =>
    (await take(lines)).preview.rows.flatMap(r => r.problems.map(p => `${r.line} ${p.column} ${p.code} ${p.about}`))
  const nameOf = (id: string) => desk.directory.placeName(id).zh

  it('prices every zone in a line without zones, comes out as it came in, and changes nothing when it comes again', async () => {
    const lines = [line('', '120', '2026-11-27'), line('周末', '1,150.5', '2026/12/1', '2026/12/31', nameOf(zone))]
    expect((await take(lines)).preview.counts).toMatchObject({ new: 2, wrong: 0 })
    expect((await store(lines)).stored).toBe(true)
    const { tariffs, unpriced } = await tariffList(desk.books.read, desk.directory, now)
    expect(unpriced).toEqual([])
    expect(tariffs.map(t => [t.days, t.fenPerHour, t.to, t.zones.length])).toEqual([
      ['any', 12_000, null, desk.site.zones.length],
      ['weekend', 115_050, '2026-12-31', 1],
    ])
    expect((await take(lines)).preview.counts).toMatchObject({ new: 0, changed: 0, same: 2, elsewhere: 0 })
    const out = await openPrices(desk.books.read, 'zh', { directory: desk.directory, at: now })
    expect(out.lines.map(l => [l['perHour'], l['zones']])).toEqual([
      ['120.00', '全部区域'],
      ['1150.50', nameOf(zone)],
    ])
  })

  it('comes back as it went out: names with any signs, several of one name in different zones', async () => {
    const [, other = ''] = desk.site.units.map(u => u.zones[0] ?? '')
    await save(price({ name: { zh: '超时空调（示例）', en: 'x' }, zones: [zone] }))
    await save(price({ name: { zh: '超时空调（示例）', en: 'x' }, zones: [other], fenPerHour: 15_000 }))
    const { kind, lines } = await openPrices(desk.books.read, 'zh', { directory: desk.directory, at: now })
    const bytes = await plainXlsx([kind.columns.map(c => c.name.zh), ...lines.map(l => kind.columns.map(c => l[c.key] ?? ''))])
    const { preview } = await openImport(desk, 'prices', openPrices).take(who, { bytes, language: 'zh', digest: undefined })
    expect(preview.counts).toMatchObject({ same: 2, new: 0, changed: 0, wrong: 0, elsewhere: 0 })
    // One line of two: the other is not meant.
    const one = ['超时空调（示例）', '每天', '160', '15', '60', '2026-11-27', '', nameOf(other)]
    await store([one])
    const { tariffs } = await tariffList(desk.books.read, desk.directory, now)
    expect(tariffs.map(t => [t.zones, t.fenPerHour]).sort()).toEqual(
      [
        [[zone], 12_000],
        [[other], 16_000],
      ].sort(),
    )
  })

  it('is every error at once by line and column: amounts, minutes, days, zones, two prices for one day', async () => {
    await store([line('', '100', '2026-01-01', '2026-06-30', nameOf(zone))])
    const bad = line('节日', '12.345', '2026-12-01')
    expect(
      await problems([
        bad,
        ['价', '', '0', 'x', '2000', '2026-12-01', '', '屋顶'],
        line('', '120', '2026-12-02', '2026-12-01', nameOf(zone)),
        line('周末', '120', '2026-12-01'),
        line('周末', '130', '2026-12-31', '', nameOf(zone)),
        line('', '110', '2026-06-30'),
      ]),
    ).toEqual([
      '2 days not-a-choice 每天 / 工作日 / 周末 / 节假日',
      '2 perHour not-a-price ',
      '3 perHour not-a-price ',
      '3 rounding not-minutes ',
      '3 minimum not-minutes ',
      '3 zones unknown-zone 屋顶',
      '4 to dates-backwards ',
      '5 zones priced-already 6',
      '6 zones priced-already 5',
      '7 zones priced-already 超时空调',
    ])
  })

  it('ends one price and begins the next in one go; of what somebody was told only the end moves; nothing without a proof', async () => {
    await leaseZone(desk, zone)
    await book('2026-11-28')
    const told = (yuan: string, to = '') => ['示例', '', yuan, '15', '60', '2026-01-01', to, nameOf(zone)]
    expect(await problems([told('130')])).toEqual(['2 perHour price-told '])
    expect(await problems([told('120', '2026-11-26')])).toEqual(['2 to end-in-the-past '])
    const rise = [told('120', '2026-11-30'), line('', '150', '2026-12-01')]
    const { preview } = await take(rise)
    expect(preview.counts).toMatchObject({ new: 1, changed: 1, wrong: 0 })
    const unproven = openImport(desk, 'prices', openPrices).take(who, {
      ...{ bytes: await plainXlsx([head, ...rise]), language: 'zh', digest: preview.digest },
    })
    expect(await unproven.catch(e => e.code)).toBe('prove-again')
    await store(rise)
    expect(await Promise.all(['2026-11-30', '2026-12-01'].map(fen))).toEqual([12_000, 15_000])
    // Whoever has booked into the new price is charged what he was told, whatever a table says.
    await book('2026-12-05', 30_000)
    const early = [line('', '150', '2026-12-01', '2026-12-03')]
    expect(await store(early).catch(e => [e.code, e.field])).toEqual(['booked-at-price', 'from'])
    expect(await fen('2026-12-05')).toBe(15_000)
  })
})

import { ulid } from 'ulid'
import { Refusal } from '#api/errors'
import type { TariffBody, TariffList, TariffView } from '#api/models/tariffs'
import { audit } from '../../server/books/audit.ts'
import type { BooksReader } from '../../server/books/books.ts'
import { writeHistory } from '../../server/books/history.ts'
import { inParts } from '../../server/books/inParts.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import { wordsIn } from '../../server/books/words.ts'
import { isBackwards } from '../../server/domain/dateRanges.ts'
import type { Directory } from '../../server/site/directory.ts'
import { clashOf, keepsWord, type Price } from './arithmetic/priceRules.ts'
import { eveningDate, eveningsOf } from './evenings.ts'

/** Prices of the overtime air, by zones, dates and kinds of day. One that somebody has been told stays; only its end is set. */

export const tariffRecord = (id: string) => `tariff/${id}`

export const tariffsIn = async (db: BooksReader, directory: Directory): Promise<TariffView[]> => {
  const rows = await db.selectFrom('tariff').selectAll().orderBy('valid_from').orderBy('id').execute()
  const zones = await db.selectFrom('tariff_zone').selectAll().orderBy('zone').execute()
  return Promise.all(
    rows.map(async r => {
      const range = { from: r.valid_from, to: r.valid_to }
      const own = zones.filter(z => z.tariff_id === r.id).map(z => z.zone)
      return {
        id: r.id,
        name: wordsIn(r.name_json),
        days: r.days,
        fenPerHour: r.fen_per_hour,
        roundingMinutes: r.rounding_minutes,
        minimumMinutes: r.minimum_minutes,
        ...range,
        zones: own,
        told: await hasBooking(db, directory, own, range),
      }
    }),
  )
}

/** Whether anything has been booked in these zones on these days: then the price was told, whatever became of the booking. */
const hasBooking = async (
  db: BooksReader,
  { calendar }: Directory,
  zones: readonly string[],
  range: { from: string; to: string | null },
) => {
  const found = await db
    .selectFrom('booking')
    .select('case_id')
    .where('zone', 'in', [...zones])
    .where('to_at', '>', calendar.instantOf(range.from, 0))
    .$if(range.to !== null, q => q.where('from_at', '<', calendar.instantOf(calendar.plusDays(range.to ?? '', 2), 0)))
    .limit(1)
    .execute()
  return found.length > 0
}

export const tariffList = async (db: BooksReader, directory: Directory, now: number): Promise<TariffList> => {
  const tariffs = await tariffsIn(db, directory)
  const unpriced: string[] = []
  for (const z of directory.site.zones) if (!(await directory.tariffOf(db, z.id, now))) unpriced.push(z.id)
  return { tariffs, unpriced }
}

const bodyOf = ({ told: _, ...t }: TariffView): Price => t

/** `was`: as it stood before; zones that the site has lost since may stay in it. */
const mustStandAlone = (directory: Directory, price: Price, was: Price | null, others: readonly Price[]) => {
  const unknown = price.zones.find(z => !directory.zoneExists(z) && !was?.zones.includes(z))
  if (unknown !== undefined) throw new Refusal('unknown-zone', 'zones', { which: [unknown] })
  if (isBackwards(price)) throw new Refusal('dates-backwards', 'to')
  const clash = clashOf(price, others)
  if (clash) throw new Refusal('priced-already', 'zones', { which: [directory.placeName(clash.zone), clash.other.name] })
}

/** What has been booked in some zones and is not charged yet, with the price that holds for each of its evenings. */
const bookedPrices = async (work: Work, directory: Directory, zones: readonly string[]) => {
  const rows = await work.tx
    .selectFrom('booking')
    .innerJoin('case_file', 'case_file.id', 'booking.case_id')
    .leftJoin('charge_line', 'charge_line.booking', 'booking.id')
    .select(['case_file.number', 'booking.zone', 'booking.from_at as from', 'booking.to_at as to'])
    .where('booking.live', '=', 1)
    .where('booking.zone', 'in', [...zones])
    .where('charge_line.id', 'is', null)
    .execute()
  return Promise.all(
    rows.map(async b => {
      const evenings = await eveningsOf(work.tx, directory, b.zone, b)
      const prices = evenings?.map(({ tariff: t }) => [t.fenPerHour, t.roundingMinutes, t.minimumMinutes].join(' '))
      return { number: b.number, date: eveningDate(directory, b.from), prices: prices?.join() }
    }),
  )
}

/** Changes prices; refused as a whole where somebody who has been told a price for what he has booked would be charged another one. */
const keepingWord = async (work: Work, directory: Directory, zones: readonly string[], act: () => Promise<void>) => {
  const before = await bookedPrices(work, directory, zones)
  await act()
  work.touched.site = true
  const after = await bookedPrices(work, directory, zones)
  const broken = before.find((b, i) => b.prices !== after[i]?.prices)
  if (broken) throw new Refusal('booked-at-price', 'from', { number: broken.number, date: broken.date })
}

export type PriceToSave = { id: string | null; body: TariffBody }

/** Saves prices, new ones (`id` null) and changed ones, all of them or none; answers with their ids. */
export const saveTariffs = async (work: Work, directory: Directory, list: readonly PriceToSave[]): Promise<string[]> => {
  const today = directory.calendar.dateOf(work.at)
  const stored = new Map((await tariffsIn(work.tx, directory)).map(t => [t.id, t]))
  const saved = list.map(({ id, body }) => {
    const was = id === null ? null : stored.get(id)
    if (was === undefined) throw new Refusal('unknown-tariff', 'id')
    return { was, is: { ...body, zones: [...new Set(body.zones)].sort(), id: id ?? ulid().toLowerCase() } }
  })
  const after = new Map<string, Price>([...stored].map(([id, t]) => [id, bodyOf(t)]))
  for (const { is } of saved) after.set(is.id, is)
  for (const { was, is } of saved) {
    const broken = was?.told ? keepsWord(bodyOf(was), is, today) : null
    if (broken) throw new Refusal(broken, broken === 'end-in-the-past' ? 'to' : undefined)
    mustStandAlone(directory, is, was, [...after.values()])
  }
  const zones = new Set(saved.flatMap(({ was, is }) => [...is.zones, ...(was?.zones ?? [])]))
  await keepingWord(work, directory, [...zones], async () => {
    for (const { is } of saved) await storeTariff(work, is)
  })
  for (const { was, is } of saved) {
    const detail = was ? { was: bodyOf(was), is } : { is }
    await writeHistory(work, { record: tariffRecord(is.id), verb: was ? 'change' : 'add', detail })
    await audit(work.tx, work.at, work.actor, was ? 'tariff-changed' : 'tariff-added', is.id, { name: is.name })
  }
  return saved.map(({ is }) => is.id)
}

const storeTariff = async ({ tx }: Work, is: Price) => {
  const row = {
    name_json: JSON.stringify(is.name),
    days: is.days,
    fen_per_hour: is.fenPerHour,
    rounding_minutes: is.roundingMinutes,
    minimum_minutes: is.minimumMinutes,
    valid_from: is.from,
    valid_to: is.to,
  }
  await tx
    .insertInto('tariff')
    .values({ id: is.id, ...row })
    .onConflict(c => c.column('id').doUpdateSet(row))
    .execute()
  await tx.deleteFrom('tariff_zone').where('tariff_id', '=', is.id).execute()
  for (const zones of inParts(is.zones))
    await tx
      .insertInto('tariff_zone')
      .values(zones.map(zone => ({ zone, tariff_id: is.id })))
      .execute()
}

/** One that nobody was told is as if it had never been; its history stays. */
export const removeTariff = async (work: Work, directory: Directory, id: string): Promise<void> => {
  const was = (await tariffsIn(work.tx, directory)).find(t => t.id === id)
  if (!was) throw new Refusal('unknown-tariff', 'id')
  if (was.told) throw new Refusal('price-told')
  await keepingWord(work, directory, was.zones, async () => {
    await work.tx.deleteFrom('tariff_zone').where('tariff_id', '=', id).execute()
    await work.tx.deleteFrom('tariff').where('id', '=', id).execute()
  })
  await writeHistory(work, { record: tariffRecord(id), verb: 'remove', detail: { was: bodyOf(was) } })
  await audit(work.tx, work.at, work.actor, 'tariff-removed', id, { name: was.name })
}

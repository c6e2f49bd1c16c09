import type { TariffDays } from '#api/models/tariffs'
import type { ThingName } from '#api/models/things'
import { minuteOfClock } from '#contract/clockText'
import type { Words } from '#contract/names'
import type { Compartment, Site } from '#contract/site'
import type { SiteCalendar } from '#program/localCalendar'
import type { BooksReader } from '../books/books.ts'
import { wordsIn } from '../books/words.ts'
import type { Stretch } from '../domain/intervals.ts'
import { tenanciesOn } from './tenancies.ts'
import type { OwnUnit } from './units.ts'

/** C40: unit, rounding and minimum are settings; the manual gives no amounts. */
export type Tariff = { fenPerHour: number; roundingMinutes: number; minimumMinutes: number }
export type PricedTariff = Tariff & { id: string; name: Words }

type Unit = OwnUnit & { zones: readonly string[] }

/** What the site file and the database say about places, tenants, hours and prices. */
export class Directory {
  readonly site: Site
  readonly calendar: SiteCalendar
  readonly centre: { from: number; to: number }
  #places: ReadonlyMap<string, { name: Words }> = new Map()
  /** By its own id and by those of its zones. */
  #unitOf: ReadonlyMap<string, string> = new Map()
  #units: readonly Unit[] = []
  #things: ReadonlyMap<string, ThingName> = new Map()

  constructor(site: Site, calendar: SiteCalendar) {
    this.site = site
    this.calendar = calendar
    this.learnUnits([])
    this.centre = { from: minuteOfClock(site.centreHours.from), to: minuteOfClock(site.centreHours.to) }
  }

  /** Which units the desk keeps beside those of the site file; where both have one of an id, the file's is meant. */
  learnUnits(own: readonly OwnUnit[]): void {
    const { zones, units, compartments, floors, devices } = this.site
    const floorOf = new Map(zones.map(z => [z.id, z.floor]))
    const known = new Set(units.map(u => u.id))
    this.#units = [
      ...units.map(u => ({ ...u, floor: floorOf.get(u.zones[0] ?? '') ?? null })),
      ...own.filter(u => !known.has(u.id)).map(u => ({ ...u, zones: [] })),
    ]
    const inOrder = [...zones, ...this.#units, ...compartments, ...floors, ...devices].toReversed()
    this.#places = new Map(inOrder.map(x => [x.id, x]))
    this.#unitOf = new Map(this.#units.toReversed().flatMap(u => [...u.zones, u.id].map(id => [id, u.id] as const)))
  }

  learnThings(all: readonly ThingName[]): void {
    this.#things = new Map(all.map(t => [t.id, t]))
  }

  /** The site's own things, by what they are called. */
  get things(): ThingName[] {
    return [...this.#things.values()]
  }

  thingName(id: string): string {
    return this.#things.get(id)?.name ?? id
  }

  /** Of the site file, then those that the desk keeps. */
  get units(): readonly Unit[] {
    return this.#units
  }

  placeName(place: string | null): Words {
    return this.#place(place)?.name ?? (place === null ? this.site.name : { zh: place, en: place })
  }

  knowsPlace(place: string): boolean {
    return this.#place(place) !== undefined
  }

  #place(id: string | null) {
    return id === null ? undefined : this.#places.get(id)
  }

  compartmentOf(place: string | null): Compartment | undefined {
    return this.site.compartments.find(c => c.id === place || (place !== null && c.zones.includes(place)))
  }

  zoneExists(zone: string): boolean {
    return this.site.zones.some(z => z.id === zone)
  }

  unitOfPlace(place: string | null): string | undefined {
    return place === null ? undefined : this.#unitOf.get(place)
  }

  /** The time that a form is about: what it has booked, or else when it was opened. */
  timeOf(form: Record<string, unknown>, openedAt: number): number {
    return typeof form['from'] === 'number' ? form['from'] : openedAt
  }

  /** Who sits there on the day of an instant: whoever rents it, or else whoever owns it. */
  async tenantOfPlace(
    db: BooksReader,
    place: string | null,
    at: number,
  ): Promise<{ id: string; name: string; short: string } | undefined> {
    const unit = this.unitOfPlace(place)
    if (!unit) return undefined
    const rows = await tenanciesOn(db, this.calendar.dateOf(at))
      .innerJoin('tenant', 'tenant.id', 'tenancy.tenant_id')
      .select(['tenant.id', 'tenant.name', 'tenant.short', 'tenancy.kind'])
      .where('tenancy.unit', '=', unit)
      .execute()
    const sits = rows.find(r => r.kind === 'lease') ?? rows[0]
    return sits && { id: sits.id, name: sits.name, short: sits.short }
  }

  /** The price of an hour in a zone on the day of an instant: that of its kind of day, or else the one for any. */
  async tariffOf(db: BooksReader, zone: string, at: number): Promise<PricedTariff | undefined> {
    const date = this.calendar.dateOf(at)
    const days = await this.#daysOf(db, date)
    const rows = await db
      .selectFrom('tariff_zone')
      .innerJoin('tariff', 'tariff.id', 'tariff_zone.tariff_id')
      .selectAll('tariff')
      .where('tariff_zone.zone', '=', zone)
      .where('tariff.days', 'in', [days, 'any'])
      .where('tariff.valid_from', '<=', date)
      .where(e => e.or([e('tariff.valid_to', 'is', null), e('tariff.valid_to', '>=', date)]))
      .execute()
    const row = rows.find(r => r.days === days) ?? rows[0]
    return (
      row && {
        id: row.id,
        name: wordsIn(row.name_json),
        fenPerHour: row.fen_per_hour,
        roundingMinutes: row.rounding_minutes,
        minimumMinutes: row.minimum_minutes,
      }
    )
  }

  async #daysOf(db: BooksReader, date: string): Promise<Exclude<TariffDays, 'any'>> {
    const day = await db.selectFrom('calendar_day').select('kind').where('date', '=', date).executeTakeFirst()
    if (day) return day.kind === 'closed' ? 'holiday' : 'workday'
    return this.calendar.weekdayOf(date) >= 6 ? 'weekend' : 'workday'
  }

  /** The centre's own hours that touch a stretch: free of charge (R41); none on closed days, weekends as C33 is set. */
  async centreHours(db: BooksReader, s: Stretch): Promise<Stretch[]> {
    const days = await db.selectFrom('calendar_day').select(['date', 'kind']).execute()
    const kindOf = new Map(days.map(d => [d.date, d.kind]))
    const found: Stretch[] = []
    const last = this.calendar.dateOf(s.to)
    for (let date = this.calendar.dateOf(s.from); date <= last; date = this.calendar.plusDays(date, 1)) {
      const kind = kindOf.get(date)
      const weekend = this.calendar.weekdayOf(date) >= 6 && kind !== 'workday'
      if (kind === 'closed' || (weekend && this.site.centreHours.weekend === 'overtime')) continue
      found.push({ from: this.calendar.instantOf(date, this.centre.from), to: this.calendar.instantOf(date, this.centre.to) })
    }
    return found
  }
}

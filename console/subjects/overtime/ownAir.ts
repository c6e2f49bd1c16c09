import { type BookingFacts, bookingPhase, type Chain, readBackOf } from '#api/bookingPhase'
import type { OwnAir, OwnEvening } from '#api/models/ownAir'
import { keysByRole, type PointRole } from '#contract/pointRoles'
import { isTrusted } from '#contract/quality'
import type { LinkedContact } from '../../server/auth/customerLinks.ts'
import type { BooksReader } from '../../server/books/books.ts'
import type { Desk } from '../../server/desk/desk.ts'
import { deskTelephone } from '../../server/site/settings.ts'
import { billNow } from './billNow.ts'
import { bookingFacts, sightOf, zoneChains } from './bookingFacts.ts'
import { chargeLinesOf } from './chargeLines.ts'
import { overtime } from './definition.ts'
import { eveningDate } from './evenings.ts'
import { overtimeByLink } from './settings.ts'

/** Of what is over so many lines are shown, and of what is ahead so many evenings. */
const mostShown = 20

/** The zones that he has today. */
const zonesOf = async (db: BooksReader, { directory }: Desk, tenant: string, at: number) => {
  const found = []
  for (const z of directory.site.zones) if ((await directory.tenantOfPlace(db, z.id, at))?.id === tenant) found.push(z)
  return found
}

/** Zones and evenings of his tenant's bookings that are not over. */
const openRowsOf = (db: BooksReader, tenant: string, at: number) =>
  db
    .selectFrom('booking')
    .innerJoin('case_file', 'case_file.id', 'booking.case_id')
    .selectAll('booking')
    .select(['number', 'state', 'facts_json', 'form_json'])
    .where('booking.tenant', '=', tenant)
    .where('procedure', '=', overtime.id)
    .where('live', '=', 1)
    .where('booking.ended_at', 'is', null)
    .where('case_file.ended_at', 'is', null)
    .where('to_at', '>', at)
    .orderBy('from_at')
    .orderBy('booking.id')
    .execute()
type Row = Awaited<ReturnType<typeof openRowsOf>>[number] & BookingFacts

/** Worst first: what lags most is what the evening is said to be. */
const worst = ['not-started', 'interrupted', 'starting', 'stopping', 'quoted', 'accepted', 'booked', 'running'] as const

const eveningOf = async (desk: Desk, chains: ReadonlyMap<string, Chain>, rows: Row[], at: number): Promise<OwnEvening> => {
  const { directory, mirror } = desk
  const seen = rows.map(r => {
    const read = readBackOf(chains.get(r.zone) ?? [], sightOf(mirror))
    return { phase: bookingPhase(r, read.running, at), not: read.running ? null : read }
  })
  const lagging = [...seen].sort((a, b) => worst.indexOf(a.phase as 'booked') - worst.indexOf(b.phase as 'booked'))[0]
  const not = lagging && ['not-started', 'interrupted', 'starting'].includes(lagging.phase) ? lagging.not : null
  const [first] = rows as [Row]
  const repeats = JSON.parse(first.form_json).until !== undefined
  const begun = first.from_at <= at
  const signed = first.state === 'signed'
  const bills = begun ? await Promise.all(rows.map(r => billNow(desk.books.read, directory, r, at))) : []
  return {
    ...{ id: first.case_id, evening: repeats ? directory.calendar.dateOf(first.from_at) : null, number: first.number },
    ...{ from: first.from_at, to: Math.max(...rows.map(r => r.to_at)), zones: rows.map(r => r.zone) },
    ...{ phase: lagging?.phase ?? 'booked', why: not?.why ?? null, device: not?.device ?? null },
    confirmedAt: rows.every(r => r.confirmedAt !== null) ? Math.max(...rows.map(r => r.confirmedAt ?? 0)) : null,
    fen: rows.reduce((sum, r) => sum + r.quoted_fen, 0),
    now: begun ? { minutes: Math.min(...bills.map(b => b.minutes)), fen: bills.reduce((sum, b) => sum + b.fen, 0) } : null,
    may: signed ? ['extend', ...(begun ? ['stop' as const] : repeats ? [] : ['withdraw' as const])] : [],
  }
}

/** Why he does not order by himself: the site wants it at the desk, or his tenant has not named him for it; null where he does. */
export const mayNotOrder = ({ rules }: Pick<Desk, 'rules'>, his: LinkedContact): OwnAir['mayNot'] =>
  rules.value(overtimeByLink) !== true ? 'not-here' : his.mayOrder ? null : 'not-named'

/** What runs for his tenant, what is booked and what was charged, as far as it is known. */
export const ownAirOf = async (desk: Desk, his: LinkedContact): Promise<OwnAir> => {
  const { directory, mirror, profiles } = desk
  const db = desk.books.read
  const at = desk.wall()
  const [zones, open, past, tenant] = await Promise.all([
    zonesOf(db, desk, his.tenant, at),
    openRowsOf(db, his.tenant, at),
    chargeLinesOf(db, his.tenant, mostShown),
    db.selectFrom('tenant').select('short').where('id', '=', his.tenant).executeTakeFirst(),
  ])
  const rows: Row[] = await bookingFacts(db, desk.rules, open, at)
  const chains = zoneChains(directory.site, profiles)
  const keys = [...new Set(rows.map(r => `${r.case_id} ${eveningDate(directory, r.from_at)}`))].slice(0, mostShown)
  const evenings: OwnEvening[] = []
  for (const key of keys)
    evenings.push(
      await eveningOf(
        desk,
        chains,
        rows.filter(r => `${r.case_id} ${eveningDate(directory, r.from_at)}` === key),
        at,
      ),
    )
  const reading = (device: string, role: PointRole) => {
    const profile = profiles.get(directory.site.devices.find(d => d.id === device)?.profile ?? '')
    const key = profile && keysByRole(profile).get(role)
    const value = key === undefined ? undefined : mirror.value(`${device}/${key}`)
    return isTrusted(value) && typeof value.v === 'number' ? { v: value.v, at: value.t } : null
  }
  return {
    ...{ site: directory.site.name, timeZone: directory.site.timeZone, tenant: tenant?.short ?? '', contact: his.name, at },
    ...{ telephone: String(desk.rules.value(deskTelephone) ?? ''), mayNot: mayNotOrder(desk, his) },
    zones: zones.map(z => ({
      ...{ id: z.id, name: z.name },
      ...{ room: reading(z.controller, 'room-temperature'), set: reading(z.controller, 'effective-set-point') },
    })),
    evenings,
    past: past.map(l => ({
      ...{ id: l.id, zone: directory.placeName(l.zone), from: l.from, to: l.to, fen: l.fen, note: l.note },
      missed: l.missed.map(m => ({ why: m.why, fen: m.fen })),
    })),
  }
}

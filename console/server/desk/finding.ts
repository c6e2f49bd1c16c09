import type { User } from '#api/models/people'
import type { Caller, Found } from '#api/models/registers'
import type { TenantFile } from '#api/models/tenants'
import { hasRole } from '#api/rights'
import { lastOfTenant } from '../engine/cases/caseList.ts'
import { headOf } from '../engine/cases/caseRows.ts'
import { entryOf } from '../engine/registers/registerBook.ts'
import { findTenants, tenantFilesIn } from '../master/tenantFiles.ts'
import { search } from '../search/searchBook.ts'
import { keyCustomers } from '../site/settings.ts'
import { listed } from '../site/siteRules.ts'
import type { Desk } from './desk.ts'

const lastMatters = 5
const mostCallers = 8

/** Cases and lines of registers that these words find, as far as somebody sees them. */
export const find = async (desk: Desk, user: User, q: string, limit: number): Promise<Found[]> => {
  const db = desk.books.read
  const { manual } = desk.engine
  const kinds = [...desk.engine.visibleTo(user), ...manual.registers.filter(p => hasRole(user.roles, p.sees)).map(p => p.id)]
  const hits = await search(db, q, kinds, desk.engine.keptFrom(db, user), limit)
  const ids = hits.map(h => h.record)
  if (ids.length === 0) return []
  const [cases, entries] = await Promise.all([
    db.selectFrom('case_file').selectAll().where('id', 'in', ids).execute(),
    db.selectFrom('register_entry').selectAll().where('id', 'in', ids).execute(),
  ])
  /** The key under which a case says what it is about; entries of registers have their matter. */
  const aboutKey = (kind: string) =>
    desk.engine.all().find(p => p.id === kind)?.about ?? manual.registers.find(r => r.id === kind)?.about ?? 'matter'
  const named = (kind: string, value: unknown) =>
    manual.registers.find(r => r.id === kind)?.fields.find(f => f.key === aboutKey(kind))?.kind === 'thing'
      ? desk.directory.thingName(String(value))
      : value
  return hits.map(h => {
    const row = cases.find(c => c.id === h.record)
    const entry = entries.find(e => e.id === h.record)
    const head = row && desk.engine.shownTo(user, headOf(row))
    const form = head?.form ?? (entry ? entryOf(entry).form : {})
    return {
      ...h,
      about: named(h.kind, form[aboutKey(h.kind)] ?? null),
      place: head?.place ?? null,
      tenant: head?.tenant ?? null,
      state: head?.state ?? null,
    }
  })
}

/** Who may be calling, by name, pinyin or number, with his last matters (R1, R3-R7). */
export const callersFor = async (desk: Desk, user: User, q: string): Promise<Caller[]> => {
  const db = desk.books.read
  const key = listed(String(desk.rules.value(keyCustomers) ?? ''))
  const ids = await findTenants(db, q, desk.engine.keptFrom(db, user), mostCallers)
  const date = desk.directory.calendar.dateOf(desk.wall())
  return Promise.all(
    (await tenantFilesIn(db, ids)).map(async file => {
      const here = file.tenancies.filter(t => (t.from ?? date) <= date && (t.to ?? date) >= date).map(t => t.unit)
      const units = desk.directory.units.filter(u => here.includes(u.id))
      const zones = units.flatMap(u => u.zones)
      const places = units.flatMap(u => (u.zones.length > 0 ? u.zones : [u.id]))
      const last = await lastOfTenant(desk.engine, db, user, file.id, lastMatters)
      const known = file.key || key.some(k => [file.name, file.short].includes(k))
      return { tenant: callerOf(file), zones, places, last, key: known, restriction: file.restriction, contacts: file.contacts }
    }),
  )
}

const callerOf = ({ id, name, short, contacts }: TenantFile) => ({
  ...{ id, name, short },
  ...{ contact: contacts[0]?.name ?? '', phone: contacts[0]?.phone ?? '' },
})

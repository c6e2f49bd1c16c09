import type { User } from '#api/models/people'
import type { Caller, Found } from '#api/models/registers'
import { hasRole } from '#api/rights'
import { lastOfTenant } from '../engine/cases/caseList.ts'
import { headOf } from '../engine/cases/caseRows.ts'
import { entryOf } from '../engine/registers/registerBook.ts'
import { search } from '../search/searchBook.ts'
import { searchTextOf, wordsOf } from '../search/searchText.ts'
import { keyCustomers } from '../site/settings.ts'
import { listed } from '../site/siteRules.ts'
import { leasesIn, tenantsIn } from '../site/tenants.ts'
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
  const aboutKey = (kind: string) => desk.engine.all().find(p => p.id === kind)?.about ?? 'matter'
  return hits.map(h => {
    const row = cases.find(c => c.id === h.record)
    const entry = entries.find(e => e.id === h.record)
    const head = row && desk.engine.shownTo(user, headOf(row))
    const form = head?.form ?? (entry ? entryOf(entry).form : {})
    return {
      ...h,
      about: form[aboutKey(h.kind)] ?? null,
      place: head?.place ?? null,
      tenant: head?.tenant ?? null,
      state: head?.state ?? null,
    }
  })
}

/** Who may be calling, by name, pinyin or number, with his last matters (R1, R3-R7). */
export const callersFor = async (desk: Desk, user: User, q: string): Promise<Caller[]> => {
  const db = desk.books.read
  const words = wordsOf(q)
  const key = listed(String(desk.rules.value(keyCustomers) ?? ''))
  const [tenants, leases] = await Promise.all([tenantsIn(db), leasesIn(db)])
  const fits = tenants
    .filter(t => {
      const text = searchTextOf([t.name, t.short, t.contact, t.phone])
      return words.every(w => text.includes(w))
    })
    .slice(0, mostCallers)
  return Promise.all(
    fits.map(async tenant => {
      const units = leases.filter(l => l.tenant_id === tenant.id).map(l => l.unit)
      const zones = desk.directory.site.units.filter(u => units.includes(u.id)).flatMap(u => u.zones)
      const last = await lastOfTenant(desk.engine, db, user, tenant.id, lastMatters)
      return { tenant, zones, last, key: key.some(k => [tenant.name, tenant.short].includes(k)) }
    }),
  )
}

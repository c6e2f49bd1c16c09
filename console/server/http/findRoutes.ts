import { Refusal } from '#api/errors'
import type { Found } from '#api/models/registers'
import { hasRole, type Role } from '#api/rights'
import type { Route } from '#program/httpApi'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'
import { headOf } from '../engine/cases/caseRows.ts'
import { checkFigures } from '../engine/registers/checks.ts'
import { entriesOf, entryKnown, entryOf, numbersOf, registerOf, signEntry, writeEntry } from '../engine/registers/registerBook.ts'
import { registerTable } from '../export/registerTable.ts'
import { sendSheet } from '../export/sendSheet.ts'
import { search } from '../search/searchBook.ts'
import { searchTextOf, wordsOf } from '../search/searchText.ts'
import { keyCustomers } from '../site/settings.ts'
import { listed } from '../site/siteRules.ts'
import { fieldOf } from './procedureView.ts'

const lastMatters = 5
const mostCallers = 8
const mostOfAMonth = 5000

/** Finding again: search over everything, the registers, and who is calling (R1, R3-R7). */
export const findRoutes = (desk: Desk): Route<Asker>[] => {
  const db = desk.books.read
  const { manual } = desk.engine
  const seesRegister = (who: Asker, id: string) => {
    if (!hasRole(who.user.roles, registerOf(manual, id).sees)) throw new Refusal('not-your-role')
  }
  const kindsFor = (who: Asker) => [
    ...desk.engine.visibleTo(who.user),
    ...manual.registers.filter(p => hasRole(who.user.roles, p.sees)).map(p => p.id),
  ]
  /** The key under which a case says what it is about; entries of registers have their matter. */
  const aboutKey = (kind: string) => desk.engine.all().find(p => p.id === kind)?.about ?? 'matter'
  /** All of a month, newest first. */
  const entriesOfMonth = (register: string, asked: string, who: Asker) => {
    const { calendar } = desk.rules
    const firstOf = (m: string) => calendar.local.instantOf(`${m}-01`, 0)
    const stretch = { from: firstOf(asked), to: firstOf(calendar.monthAfter(asked)) }
    return entriesOf(db, registerOf(manual, register), {
      ...stretch,
      limit: mostOfAMonth,
      kept: desk.engine.keptFrom(db, who.user),
    })
  }
  return [
    deskRoute('GET /search', async ({ query, who }) => {
      const hits = await search(db, query.q, kindsFor(who), desk.engine.keptFrom(db, who.user), query.limit)
      const ids = hits.map(h => h.record)
      if (ids.length === 0) return []
      const [cases, entries] = await Promise.all([
        db.selectFrom('case_file').selectAll().where('id', 'in', ids).execute(),
        db.selectFrom('register_entry').selectAll().where('id', 'in', ids).execute(),
      ])
      return hits.map((h): Found => {
        const row = cases.find(c => c.id === h.record)
        const entry = entries.find(e => e.id === h.record)
        const head = row && desk.engine.shownTo(who.user, headOf(row))
        const form = head?.form ?? (entry ? entryOf(entry).form : {})
        return {
          ...h,
          about: form[aboutKey(h.kind)] ?? null,
          place: head?.place ?? null,
          tenant: head?.tenant ?? null,
          state: head?.state ?? null,
        }
      })
    }),
    deskRoute('GET /callers', async ({ query, who }) => {
      const words = wordsOf(query.q)
      const key = listed(String(desk.rules.value(keyCustomers) ?? ''))
      const [tenants, leases] = await Promise.all([
        db.selectFrom('tenant').selectAll().orderBy('short').execute(),
        db.selectFrom('lease').selectAll().execute(),
      ])
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
          const rows = await db
            .selectFrom('case_file')
            .selectAll()
            .where('tenant', '=', tenant.id)
            .where('procedure', 'in', desk.engine.visibleTo(who.user))
            .where('case_file.id', 'not in', desk.engine.keptFrom(db, who.user))
            .orderBy('opened_at', 'desc')
            .limit(lastMatters)
            .execute()
          const last = rows.map(row => desk.engine.shownTo(who.user, headOf(row)))
          return { tenant, zones, last, key: key.some(k => [tenant.name, tenant.short].includes(k)) }
        }),
      )
    }),
    deskRoute('GET /registers', ({ who }) => {
      const may = (roles: readonly Role[]) => hasRole(who.user.roles, roles)
      return manual.registers
        .filter(r => may(r.sees))
        .map(r => ({
          id: r.id,
          name: r.name,
          source: r.source,
          fields: r.fields.map(fieldOf),
          ofCalls: r.ofCalls === true,
          mayWrite: may(r.writes),
          mayRead: may(r.reads),
          readBySomebody: r.reads.length > 0,
          mayCheck: may(r.checks),
          checkedBySomebody: r.checks.length > 0,
        }))
    }),
    deskRoute('GET /registers/:register/entries', ({ params, query, who }) => {
      seesRegister(who, params.register)
      if (query.month) return entriesOfMonth(params.register, query.month, who)
      return entriesOf(db, registerOf(manual, params.register), {
        limit: query.limit,
        kept: desk.engine.keptFrom(db, who.user),
      })
    }),
    deskRoute('GET /registers/:register/sheet.:kind', async ({ params, query, who, response }) => {
      seesRegister(who, params.register)
      const entries = (await entriesOfMonth(params.register, query.month, who)).toReversed()
      const corrected = await numbersOf(
        db,
        entries.flatMap(e => e.corrects ?? []),
      )
      const table = registerTable(registerOf(manual, params.register), entries, corrected, desk.directory, query.language)
      const name = `${params.register}-${query.month}`
      await sendSheet(response, params.kind, name, { ...table, title: `${table.title} ${query.month}` })
    }),
    deskRoute('POST /registers/:register/entries', ({ params, body, who }) =>
      desk.unit(who.actor, async work => {
        if (body.caseId !== null) await desk.engine.seen(work.tx, body.caseId, who.user, 'caseId')
        if (body.corrects !== null) await entryKnown(work.tx, body.corrects, desk.engine.keptFrom(work.tx, who.user))
        return writeEntry(work, desk.engine.around, { register: params.register, ...body }, who.user)
      }),
    ),
    deskRoute('POST /registers/:register/entries/:id/:as', ({ params, who }) =>
      desk.unit(who.actor, async work => {
        await entryKnown(work.tx, params.id, desk.engine.keptFrom(work.tx, who.user))
        await signEntry(work, manual, params.id, params.as, who.user)
      }),
    ),
    deskRoute('GET /registers/:register/checks', ({ params, who }) => {
      seesRegister(who, params.register)
      const { local } = desk.rules.calendar
      const now = desk.wall()
      const first = `${local.dateOf(now).slice(0, 7)}-01`
      return checkFigures(db, registerOf(manual, params.register), { from: local.instantOf(first, 0), to: now + 1 }, desk.rules)
    }),
  ]
}

import { Refusal } from '#api/errors'
import { numbersShownTo } from '#api/masking'
import { hasRole, type Role } from '#api/rights'
import type { Route } from '#program/httpApi'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'
import { callersFor, find } from '../desk/finding.ts'
import { checkFigures } from '../engine/registers/checks.ts'
import {
  entriesOf,
  entryKnown,
  entryShownTo,
  numbersOf,
  registerOf,
  signEntry,
  writeEntry,
} from '../engine/registers/registerBook.ts'
import { closeEntries, meetEntry } from '../engine/registers/registerLife.ts'
import { registerTable } from '../export/registerTable.ts'
import { sendSheet } from '../export/sendSheet.ts'
import { fieldOf } from './procedureView.ts'

const mostOfAMonth = 5000

/** Finding again: search over everything, the registers, and who is calling (R1, R3-R7). */
export const findRoutes = (desk: Desk): Route<Asker>[] => {
  const db = desk.books.read
  const { manual } = desk.engine
  const seesRegister = (who: Asker, id: string) => {
    if (!hasRole(who.user.roles, registerOf(manual, id).sees)) throw new Refusal('not-your-role')
  }
  /** All of a month, newest first. */
  const entriesOfMonth = async (id: string, asked: string, who: Asker) => {
    const register = registerOf(manual, id)
    const { calendar } = desk.rules
    const firstOf = (m: string) => calendar.local.instantOf(`${m}-01`, 0)
    const stretch = { from: firstOf(asked), to: firstOf(calendar.monthAfter(asked)) }
    const kept = desk.engine.keptFrom(db, who.user)
    const found = await entriesOf(db, register, { ...stretch, limit: mostOfAMonth, kept })
    return found.map(e => entryShownTo(register, who.user, e))
  }
  return [
    deskRoute('GET /search', ({ query, who }) => find(desk, who.user, query.q, query.limit)),
    deskRoute('GET /callers', ({ query, who }) => callersFor(desk, who.user, query.q)),
    deskRoute('GET /registers', ({ who }) => {
      const may = (roles: readonly Role[]) => hasRole(who.user.roles, roles)
      return manual.registers
        .filter(r => may(r.sees))
        .map(r => ({
          id: r.id,
          name: r.name,
          purpose: r.purpose,
          source: r.source,
          fields: r.fields.filter(f => !f.sees || may(f.sees)).map(fieldOf),
          ofCalls: r.ofCalls === true,
          leadsTo: (r.leadsTo ?? []).map(service => manual.rendering(service).id),
          mayWrite: may(r.writes),
          mayRead: may(r.reads),
          readBySomebody: r.reads.length > 0,
          mayCheck: may(r.checks),
          checkedBySomebody: r.checks.length > 0,
          life: r.life
            ? {
                ...{ open: r.life.open, closed: r.life.closed, label: r.life.closes.label },
                dueField: typeof r.life.due === 'object' ? r.life.due.field : null,
                ...{ asks: (r.life.closes.asks ?? []).map(fieldOf), mayClose: may(r.life.closes.by) },
                ...{ meets: r.life.meets?.label ?? null, mayMeet: may(r.life.meets?.by ?? []) },
              }
            : null,
        }))
    }),
    deskRoute('GET /registers/:register/entries', async ({ params, query, who }) => {
      seesRegister(who, params.register)
      const register = registerOf(manual, params.register)
      if (query.month) return entriesOfMonth(params.register, query.month, who)
      const found = await entriesOf(db, register, { limit: query.limit, kept: desk.engine.keptFrom(db, who.user) })
      return found.map(e => entryShownTo(register, who.user, e))
    }),
    deskRoute('GET /registers/:register/sheet.:kind', async ({ params, query, who, response }) => {
      seesRegister(who, params.register)
      const entries = numbersShownTo(who.user, await entriesOfMonth(params.register, query.month, who)).toReversed()
      const corrected = await numbersOf(
        db,
        entries.flatMap(e => e.corrects ?? []),
      )
      const register = registerOf(manual, params.register)
      const fields = register.fields.filter(f => !f.sees || hasRole(who.user.roles, f.sees))
      const table = registerTable({ ...register, fields }, entries, corrected, desk.directory, query.language)
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
    deskRoute('POST /registers/:register/closings', ({ params, body, who }) =>
      desk.unit(who.actor, async work => {
        const kept = desk.engine.keptFrom(work.tx, who.user)
        for (const id of body.entries) await entryKnown(work.tx, id, kept)
        await closeEntries(work, registerOf(manual, params.register), body, who.user)
      }),
    ),
    deskRoute('POST /registers/:register/entries/:id/:as', ({ params, who }) =>
      desk.unit(who.actor, async work => {
        await entryKnown(work.tx, params.id, desk.engine.keptFrom(work.tx, who.user))
        if (params.as === 'meet') await meetEntry(work, registerOf(manual, params.register), params.id, who.user)
        else await signEntry(work, manual, params.id, params.as, who.user)
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

import { Refusal } from '#api/errors'
import type { User } from '#api/models/people'
import { hasRole } from '#api/rights'
import { textIn } from '#api/words/text'
import type { Route } from '#program/httpApi'
import { audit } from '../books/audit.ts'
import { caseViews } from '../desk/caseViews.ts'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'
import { behindFigure, caseFigures } from '../engine/cases/caseFigures.ts'
import { listCases, nextCopy } from '../engine/cases/caseList.ts'
import { correctCase } from '../engine/cases/corrections.ts'
import { actOnLine, addLine } from '../engine/cases/lineBook.ts'
import { openFrom } from '../engine/cases/links.ts'
import { openedBefore } from '../engine/cases/openedBefore.ts'
import { reservationsIn } from '../engine/cases/reservations.ts'
import { entryKnown, registerOfCalls, writeEntry } from '../engine/registers/registerBook.ts'
import { entryLedTo } from '../engine/registers/registerLife.ts'
import { noteSent } from '../engine/sentForms.ts'
import { caseTable } from '../export/caseTable.ts'
import { sendSheet } from '../export/sendSheet.ts'
import { procedureViewOf } from './procedureView.ts'

/** A year and a day. */
const mostCountedDays = 366
/** No page shows more reservations at once. */
const mostShownMs = 7 * 86_400_000

/** Cases of every procedure through the same few operations; what is allowed stands in the definitions. */
export const caseRoutes = (desk: Desk): Route<Asker>[] => {
  const { maySee, full } = caseViews(desk)
  const seen = (id: string, user: User) => desk.engine.seen(desk.books.read, id, user)
  const counted = (user: User, q: { procedure: string; from: string; to: string }) => {
    maySee(user, q.procedure)
    if (q.to < q.from) throw new Refusal('ends-before-start', 'to')
    if (q.to > desk.directory.calendar.plusDays(q.from, mostCountedDays)) throw new Refusal('too-long', 'to')
  }
  return [
    deskRoute('GET /procedures', ({ who }) =>
      desk.engine.manual.kinds
        .flatMap(k => k.versions)
        .filter(p => hasRole(who.user.roles, p.sees))
        .map(p => procedureViewOf(p, desk.engine.manual, who.user.roles, desk.rules.kind)),
    ),
    deskRoute('GET /cases', ({ query, who }) => {
      maySee(who.user, query.procedure)
      return listCases(desk.engine, desk.books.read, who.user, query)
    }),
    deskRoute('GET /cases.:kind', async ({ params, query, who, response }) => {
      maySee(who.user, query.procedure)
      const procedure = desk.engine.procedure(query.procedure)
      const { columns, rows } = await caseTable(desk, procedure, who.user, query)
      const name = `${procedure.id}-${query.from}-${query.to}`
      const title = `${textIn(query.language, procedure.name)} ${query.from} – ${query.to}`
      await sendSheet(response, params.kind, name, { title, columns, rows })
    }),
    deskRoute('GET /cases/:id', ({ params, who }) => full(params.id, who.user)),
    deskRoute('GET /case-figures', ({ query, who }) => {
      counted(who.user, query)
      return caseFigures(desk.engine, desk.books.read, who.user, query)
    }),
    deskRoute('GET /case-figures/records', ({ query, who }) => {
      counted(who.user, query)
      return behindFigure(desk.engine, desk.books.read, who.user, query)
    }),
    deskRoute('GET /reservations', ({ query, who }) => {
      if (query.to <= query.from) throw new Refusal('ends-before-start', 'to')
      if (query.to - query.from > mostShownMs) throw new Refusal('too-long', 'to')
      return reservationsIn(desk.engine, desk.books.read, who.user, query)
    }),
    deskRoute('POST /cases', async ({ body, who }) => {
      const { user, actor } = who
      const { from, fromEntry, procedure, entry, sentAs, ...input } = body
      const head = await desk.unit(actor, async work => {
        const before = sentAs === null ? undefined : await openedBefore(work, sentAs, procedure, input)
        if (before) return before
        const opened =
          from === null
            ? await desk.engine.open(work, procedure, input, user)
            : await openFrom(desk.engine, work, from, procedure, input, user)
        if (fromEntry !== null) {
          await entryKnown(work.tx, fromEntry, desk.engine.keptFrom(work.tx, user))
          await entryLedTo(work, desk.engine.manual, fromEntry, opened)
        }
        if (sentAs !== null) await noteSent(work, sentAs, opened.id, input)
        if (entry) {
          const form = { ...entry.form, outcome: opened.number }
          const register = entry.register ?? registerOfCalls(desk.engine.manual).id
          await writeEntry(work, desk.engine.around, { register, form, caseId: opened.id }, user)
        }
        return opened
      })
      return full(head.id, user)
    }),
    deskRoute('POST /cases/:id/acts/:verb', async ({ params, body, who }) => {
      const { user, actor } = who
      await seen(params.id, user)
      await desk.unit(actor, work => desk.engine.act(work, params.id, params.verb, body, user))
      return full(params.id, user)
    }),
    deskRoute('POST /cases/:id/lines/:list', async ({ params, body, who }) => {
      const { user, actor } = who
      await desk.unit(actor, async work => {
        const head = await desk.engine.seen(work.tx, params.id, user)
        await addLine(desk.engine, work, head, { list: params.list, form: body.form }, user)
      })
      return full(params.id, user)
    }),
    deskRoute('POST /cases/:id/lines/:line/acts/:verb', async ({ params, body, who }) => {
      const { user, actor } = who
      await desk.unit(actor, async work => {
        const head = await desk.engine.seen(work.tx, params.id, user)
        await actOnLine(desk.engine, work, head, { line: params.line, verb: params.verb, ...body }, user)
      })
      return full(params.id, user)
    }),
    deskRoute('POST /cases/:id/corrections', async ({ params, body, who }) => {
      const { user, actor } = who
      await seen(params.id, user)
      await desk.unit(actor, work => correctCase(desk.engine, work, params.id, body, user))
      return full(params.id, user)
    }),
    deskRoute('POST /cases/:id/notes', async ({ params, body, who }) => {
      const { user, actor } = who
      await seen(params.id, user)
      await desk.unit(actor, async work => {
        await desk.engine.remark(work, params.id, 'note', body.note)
        await audit(work.tx, work.at, actor, 'case-note', params.id)
      })
    }),
    deskRoute('POST /cases/:id/prints', async ({ params, who }) => {
      const { user, actor } = who
      await seen(params.id, user)
      return desk.unit(actor, async work => {
        const copy = await nextCopy(work, params.id)
        await desk.engine.remark(work, params.id, 'print', '', { copy })
        await audit(work.tx, work.at, actor, 'print', params.id, { copy })
        return { copy }
      })
    }),
  ]
}

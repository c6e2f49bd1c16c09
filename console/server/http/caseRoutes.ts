import { z } from 'zod'
import { caseFull, caseHead, procedureView } from '#api/models/cases'
import type { User } from '#api/models/people'
import { hasRole } from '#api/rights'
import type { Route } from '#program/httpApi'
import { audit } from '../books/audit.ts'
import { caseViews } from '../desk/caseViews.ts'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'
import { headOf } from '../engine/cases/caseRows.ts'
import { correctCase } from '../engine/cases/corrections.ts'
import { openFrom } from '../engine/cases/links.ts'
import { noteSent, openedBefore } from '../engine/cases/sentForms.ts'
import { registerOfCalls, writeEntry } from '../engine/registers/registerBook.ts'
import { caseTable } from '../export/caseTable.ts'
import { sendSheet } from '../export/sendSheet.ts'
import { procedureViewOf } from './procedureView.ts'

const byId = z.object({ id: z.string().max(40) })

/** Cases of every procedure through the same few operations; what is allowed stands in the definitions. */
export const caseRoutes = (desk: Desk): Route<Asker>[] => {
  const { maySee, full } = caseViews(desk)
  const seen = (id: string, user: User) => desk.engine.seen(desk.books.read, id, user)
  return [
    deskRoute({
      method: 'get',
      path: '/procedures',
      summary: 'The procedures of this desk as data, with the versions under which cases may still be open',
      answer: z.array(procedureView),
      handle: ({ who }) =>
        desk.engine.manual.kinds
          .flatMap(k => k.versions)
          .filter(p => hasRole(who.user.roles, p.sees))
          .map(p => procedureViewOf(p, desk.engine.manual, who.user.roles, desk.rules.kind)),
    }),
    deskRoute({
      method: 'get',
      path: '/cases',
      summary: 'Cases of a procedure, newest first',
      query: z.object({
        procedure: z.string().max(40),
        open: z.enum(['true', 'false']).optional(),
        limit: z.coerce.number().int().min(1).max(500).default(200),
        /** The last one of the page before. */
        before: z.string().max(40).optional(),
      }),
      answer: z.array(caseHead),
      async handle({ query, who }) {
        maySee(who.user, query.procedure)
        const db = desk.books.read
        let q = db
          .selectFrom('case_file')
          .selectAll()
          .where('procedure', '=', query.procedure)
          .where('case_file.id', 'not in', desk.engine.keptFrom(db, who.user))
        if (query.open) q = q.where('ended_at', query.open === 'true' ? 'is' : 'is not', null)
        if (query.before) {
          const { openedAt, id } = await seen(query.before, who.user)
          q = q.where(e => e(e.refTuple('opened_at', 'id'), '<', e.tuple(openedAt, id)))
        }
        return (await q.orderBy('opened_at', 'desc').orderBy('id', 'desc').limit(query.limit).execute()).map(row =>
          desk.engine.shownTo(who.user, headOf(row)),
        )
      },
    }),
    deskRoute({
      method: 'get',
      path: '/cases.:kind',
      summary: 'The cases of a procedure for a spreadsheet, as this person may see them; formulas cannot hide in it',
      params: z.object({ kind: z.enum(['csv', 'xlsx']) }),
      query: z.object({
        procedure: z.string().max(40),
        from: z.iso.date(),
        to: z.iso.date(),
        language: z.enum(['zh', 'en']).default('zh'),
      }),
      async handle({ params, query, who, response }) {
        maySee(who.user, query.procedure)
        const procedure = desk.engine.procedure(query.procedure)
        const { columns, rows } = await caseTable(desk, procedure, who.user, query)
        const name = `${procedure.id}-${query.from}-${query.to}`
        const title = `${procedure.name[query.language]} ${query.from} – ${query.to}`
        await sendSheet(response, params.kind, name, { title, columns, rows })
      },
    }),
    deskRoute({
      method: 'get',
      path: '/cases/:id',
      summary: 'One case with its history, steps, alarms and links',
      params: byId,
      answer: caseFull,
      handle: ({ params, who }) => full(params.id, who.user),
    }),
    deskRoute({
      method: 'post',
      path: '/cases',
      summary: 'Opens a case by hand',
      body: z.strictObject({
        procedure: z.string().max(40),
        form: z.record(z.string(), z.unknown()),
        urgent: z.boolean().default(false),
        /** The case that led to this one. */
        from: z.string().max(40).nullable().default(null),
        /** A name of the sender's making: sent twice, it is one case. */
        sentAs: z.ulid().nullable().default(null),
        /** What goes into a register with it, in the same transaction: where none is named, the call of which it came. */
        entry: z
          .strictObject({ register: z.string().max(40).optional(), form: z.record(z.string().max(40), z.unknown()) })
          .nullable()
          .default(null),
      }),
      answer: caseFull,
      async handle({ body, who }) {
        const { user, actor } = who
        const { from, procedure, entry, sentAs, ...input } = body
        const head = await desk.unit(actor, async work => {
          const before = sentAs === null ? undefined : await openedBefore(work, sentAs, procedure, input)
          if (before) return before
          const opened =
            from === null
              ? await desk.engine.open(work, procedure, input, user)
              : await openFrom(desk.engine, work, from, procedure, input, user)
          if (sentAs !== null) await noteSent(work, sentAs, opened.id, input)
          if (entry) {
            const form = { ...entry.form, outcome: opened.number }
            const register = entry.register ?? registerOfCalls(desk.engine.manual).id
            await writeEntry(work, desk.engine.around, { register, form, caseId: opened.id }, user)
          }
          return opened
        })
        return full(head.id, user)
      },
    }),
    deskRoute({
      method: 'post',
      path: '/cases/:id/acts/:verb',
      summary: 'Carries out one step of the procedure',
      params: z.object({ id: z.string().max(40), verb: z.string().max(40) }),
      body: z.record(z.string().max(40), z.unknown()),
      answer: caseFull,
      async handle({ params, body, who }) {
        const { user, actor } = who
        await seen(params.id, user)
        await desk.unit(actor, work => desk.engine.act(work, params.id, params.verb, body, user))
        return full(params.id, user)
      },
    }),
    deskRoute({
      method: 'post',
      path: '/cases/:id/corrections',
      summary: 'Corrects the form, with a reason; 409 with what changed meanwhile when it is not the newest that was seen',
      params: byId,
      body: z.strictObject({
        form: z.record(z.string().max(40), z.unknown()),
        urgent: z.boolean().optional(),
        reason: z.string().trim().min(1).max(500),
        revision: z.number().int().nonnegative(),
      }),
      answer: caseFull,
      async handle({ params, body, who }) {
        const { user, actor } = who
        await seen(params.id, user)
        await desk.unit(actor, work => correctCase(desk.engine, work, params.id, body, user))
        return full(params.id, user)
      },
    }),
    deskRoute({
      method: 'post',
      path: '/cases/:id/notes',
      summary: 'Writes a note',
      params: byId,
      body: z.strictObject({ note: z.string().trim().min(1).max(1000) }),
      async handle({ params, body, who }) {
        const { user, actor } = who
        await seen(params.id, user)
        await desk.unit(actor, async work => {
          await desk.engine.remark(work, params.id, 'note', body.note)
          await audit(work.tx, work.at, actor, 'case-note', params.id)
        })
      },
    }),
    deskRoute({
      method: 'post',
      path: '/cases/:id/prints',
      summary: 'Notes that the form was printed; from the second time on it is a reprint (补打)',
      params: byId,
      answer: z.object({ copy: z.number() }),
      async handle({ params, who }) {
        const { user, actor } = who
        await seen(params.id, user)
        return desk.unit(actor, async work => {
          const row = await work.tx
            .selectFrom('history')
            .select(e => e.fn.countAll().as('n'))
            .where('record', '=', params.id)
            .where('verb', '=', 'print')
            .executeTakeFirst()
          const copy = Number(row?.n ?? 0) + 1
          await desk.engine.remark(work, params.id, 'print', '', { copy })
          await audit(work.tx, work.at, actor, 'print', params.id, { copy })
          return { copy }
        })
      },
    }),
  ]
}

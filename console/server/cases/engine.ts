import { ulid } from 'ulid'
import { z } from 'zod'
import type { CaseHead } from '#api/models'
import type { Role } from '#api/rights'
import { ApiError } from '#program/httpApi'
import type { Causes, Procedure, Transition } from '../../procedures/definition.ts'
import { audit } from '../books/audit.ts'
import type { BooksReader } from '../books/books.ts'
import type { Work } from '../books/unitOfWork.ts'
import { headOf } from './caseRows.ts'
import { causes } from './causes.ts'
import type { Directory } from './directory.ts'
import { type Blocked, needs } from './needs.ts'

type Doer = { roles: readonly Role[] } | 'system'
export type ActInput = { reason?: string | undefined; signature?: string | undefined }

const refuse = (b: Blocked, status = 409) => new ApiError(status, b.code, b.field, b.detail)

/** The fields of a form as one schema; unknown fields are an error that names them. */
export const formSchema = (procedure: Procedure) =>
  z.strictObject(Object.fromEntries(procedure.fields.map(f => [f.key, f.schema])) as Record<string, z.ZodType>)

/**
 * The case engine (design §6): something that happened and must end. It knows numbers, forms, transitions, history and
 * links; all that is particular stands in the definitions. A case keeps the version under which it was opened.
 */
export class CaseEngine {
  readonly #procedures: ReadonlyMap<string, Procedure>
  readonly #directory: Directory

  constructor(procedures: readonly Procedure[], directory: Directory) {
    this.#procedures = new Map(procedures.map(p => [p.id, p]))
    this.#directory = directory
  }

  procedure(id: string): Procedure {
    const found = this.#procedures.get(id)
    if (!found) throw new ApiError(404, 'unknown-procedure', 'procedure')
    return found
  }

  all() {
    return [...this.#procedures.values()]
  }

  async open(
    work: Work,
    procedureId: string,
    input: { form: Record<string, unknown>; place?: string | null; urgent?: boolean },
    doer: Doer,
  ): Promise<CaseHead> {
    const procedure = this.procedure(procedureId)
    if (doer !== 'system' && !procedure.opens.some(r => doer.roles.includes(r))) throw new ApiError(403, 'not-your-role')
    const parsed = formSchema(procedure).safeParse(input.form)
    if (!parsed.success) throw invalidForm(parsed.error)
    const form = parsed.data as Record<string, unknown>
    const place = input.place !== undefined ? input.place : (procedure.placeOf?.(form) ?? null)
    const id = ulid()
    const look = { db: work.tx, at: work.at, directory: this.#directory, head: { id, place, form } }
    for (const need of procedure.opening?.needs ?? []) {
      const blocked = await needs[need](look)
      if (blocked) throw refuse(blocked)
    }
    const tenant = await this.#directory.tenantOfPlace(work.tx, place)
    const row = {
      id,
      procedure: procedure.id,
      version: procedure.version,
      number: await this.#number(work, procedure),
      state: procedure.initial,
      place,
      tenant: tenant?.id ?? null,
      owner: work.actor.display,
      opened_at: work.at,
      changed_at: work.at,
      ended_at: null,
      urgent: input.urgent ? 1 : 0,
      form_json: JSON.stringify(form),
      facts_json: '{}',
    }
    await work.tx.insertInto('case_file').values(row).execute()
    await this.#event(work, id, 'open', null, procedure.initial, '', {})
    await audit(work.tx, work.at, work.actor, `${procedure.id}-open`, row.number)
    const head = headOf(row)
    for (const cause of procedure.opening?.causes ?? []) await this.#bring(work, head, cause)
    work.touched.cases.add(id)
    return head
  }

  /** Carries out one transition with everything it needs and causes, in the caller's transaction. */
  async act(work: Work, caseId: string, verb: string, input: ActInput, doer: Doer): Promise<CaseHead> {
    return this.actOn(work, await this.head(work.tx, caseId), verb, input, doer)
  }

  /** The same for a case whose head has just been read in this transaction. */
  async actOn(work: Work, head: CaseHead, verb: string, input: ActInput, doer: Doer): Promise<CaseHead> {
    const procedure = this.procedure(head.procedure)
    const t = procedure.transitions.find(x => x.verb === verb && x.from.includes(head.state))
    if (!t) {
      const known = procedure.transitions.some(x => x.verb === verb)
      throw known
        ? new ApiError(409, 'not-in-this-state', 'state', { state: head.state })
        : new ApiError(404, 'unknown-verb', 'verb')
    }
    const role = this.#blockedByRole(t, doer)
    if (role) throw refuse(role, 403)
    const said = t.input === 'signature' ? input.signature?.trim() : input.reason?.trim()
    if (t.input && !said) throw new ApiError(400, `${t.input}-required`, t.input)
    const blocked = await this.#blockedByNeeds(work.tx, work.at, head, t)
    if (blocked) throw refuse(blocked)
    const facts: Record<string, unknown> = {
      ...head.facts,
      [verb]: { at: work.at, by: work.actor.display, ...(said ? { said } : {}) },
    }
    const ends = procedure.states[t.to]?.ends === true
    const next: CaseHead = { ...head, state: t.to, facts, changedAt: work.at, endedAt: ends ? work.at : null }
    await work.tx
      .updateTable('case_file')
      .set({ state: t.to, facts_json: JSON.stringify(facts), changed_at: work.at, ended_at: next.endedAt })
      .where('id', '=', head.id)
      .execute()
    await this.#event(work, head.id, verb, head.state, t.to, said ?? '', {})
    await audit(work.tx, work.at, work.actor, `${procedure.id}-${verb}`, head.number, said ? { said } : {})
    for (const cause of t.causes ?? []) await this.#bring(work, next, cause)
    work.touched.cases.add(head.id)
    return next
  }

  /** A line of history that changes no state: a note, a print, an alarm that joined. */
  async remark(work: Work, caseId: string, verb: string, note: string, detail: Record<string, unknown> = {}): Promise<void> {
    await this.#event(work, caseId, verb, null, null, note, detail)
    await work.tx.updateTable('case_file').set({ changed_at: work.at }).where('id', '=', caseId).execute()
    work.touched.cases.add(caseId)
  }

  async head(db: BooksReader, caseId: string): Promise<CaseHead> {
    const row = await db.selectFrom('case_file').selectAll().where('id', '=', caseId).executeTakeFirst()
    if (!row) throw new ApiError(404, 'unknown-case', 'id')
    return headOf(row)
  }

  /** What could be done next, each with the code of what blocks it or null. */
  async verbs(
    db: BooksReader,
    at: number,
    head: CaseHead,
    doer: { roles: readonly Role[] },
  ): Promise<Record<string, string | null>> {
    const found: Record<string, string | null> = {}
    for (const t of this.procedure(head.procedure).transitions) {
      if (!t.from.includes(head.state) || t.by.every(r => r === 'system')) continue
      const blocked = this.#blockedByRole(t, doer) ?? (await this.#blockedByNeeds(db, at, head, t))
      found[t.verb] = blocked?.code ?? null
    }
    return found
  }

  #blockedByRole(t: Transition, doer: Doer): Blocked | null {
    const may = doer === 'system' ? t.by.includes('system') : t.by.some(r => r !== 'system' && doer.roles.includes(r))
    return may ? null : { code: 'not-your-role' }
  }

  async #blockedByNeeds(db: BooksReader, at: number, head: CaseHead, t: Transition): Promise<Blocked | null> {
    for (const need of t.needs ?? []) {
      const blocked = await needs[need]({ db, at, directory: this.#directory, head })
      if (blocked) return blocked
    }
    return null
  }

  async #bring(work: Work, head: CaseHead, cause: Causes) {
    if (typeof cause === 'string') return causes[cause](work, head, this.#directory)
    if ('acts' in cause) return this.#actOnLinked(work, head, cause.acts, cause.on)
    const tenant = await this.#directory.tenantOfPlace(work.tx, head.place)
    const form = cause.form({
      number: head.number,
      place: head.place,
      tenant: head.tenant,
      form: head.form,
      words: { place: this.#directory.placeName(head.place), tenant: tenant?.name ?? '', times: this.#times(head.form) },
    })
    const opened = await this.open(work, cause.opens, { form, place: head.place }, 'system')
    await work.tx.insertInto('case_link').values({ from_case: head.id, to_case: opened.id, relation: cause.relation }).execute()
  }

  /** Carries a verb to the linked cases that can still take it; those that have ended stay as they ended. */
  async #actOnLinked(work: Work, head: CaseHead, verb: string, relation: string) {
    const linked = work.tx
      .selectFrom('case_link')
      .select('to_case')
      .where('from_case', '=', head.id)
      .where('relation', '=', relation)
    for (const { to_case } of await linked.execute()) {
      const other = await this.head(work.tx, to_case)
      if (this.procedure(other.procedure).transitions.some(t => t.verb === verb && t.from.includes(other.state)))
        await this.act(work, to_case, verb, {}, 'system')
    }
  }

  #times(form: Record<string, unknown>): string {
    const { from, to } = form as { from?: number; to?: number }
    if (typeof from !== 'number' || typeof to !== 'number') return ''
    const clock = (at: number) => {
      const p = this.#directory.calendar.partsOf(at)
      return `${p.date} ${String(p.hour).padStart(2, '0')}:${String(p.minute).padStart(2, '0')}`
    }
    return `${clock(from)} – ${clock(to)}`
  }

  /** Gap-free per procedure and year: the counter moves in the transaction that uses the number. */
  async #number(work: Work, procedure: Procedure): Promise<string> {
    const date = this.#directory.calendar.dateOf(work.at)
    const period = date.slice(0, 4)
    const row = await work.tx
      .insertInto('counter')
      .values({ procedure: procedure.id, period, n: 1 })
      .onConflict(c => c.columns(['procedure', 'period']).doUpdateSet(e => ({ n: e('counter.n', '+', 1) })))
      .returning('n')
      .executeTakeFirstOrThrow()
    return `${procedure.prefix}-${date.replaceAll('-', '')}-${String(row.n).padStart(4, '0')}`
  }

  async #event(
    work: Work,
    caseId: string,
    verb: string,
    from: string | null,
    to: string | null,
    note: string,
    detail: Record<string, unknown>,
  ) {
    await work.tx
      .insertInto('case_event')
      .values(e => ({
        case_id: caseId,
        n: e
          .selectFrom('case_event')
          .select(x => x(x.fn.coalesce(x.fn.max('n'), x.lit(0)), '+', 1).as('n'))
          .where('case_id', '=', caseId),
        at: work.at,
        by_user: work.actor.display,
        verb,
        from_state: from,
        to_state: to,
        note,
        detail_json: JSON.stringify(detail),
      }))
      .execute()
  }
}

const invalidForm = (error: z.ZodError) => {
  const problems = error.issues.map(i => ({
    field: i.path.join('.') || (i.code === 'unrecognized_keys' ? i.keys.join(',') : 'form'),
    message: i.message,
  }))
  return new ApiError(400, 'invalid', problems[0]?.field, { problems })
}

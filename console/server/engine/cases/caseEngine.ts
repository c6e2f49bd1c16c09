import { ulid } from 'ulid'
import { holds } from '#api/conditions'
import { Refusal } from '#api/errors'
import type { CaseHead } from '#api/models/cases'
import { hasRole, type Role } from '#api/rights'
import { accountIdOf, audit } from '../../books/audit.ts'
import type { BooksReader } from '../../books/books.ts'
import { writeHistory } from '../../books/history.ts'
import { accountOf, type Someone } from '../../books/persons.ts'
import type { Work } from '../../books/unitOfWork.ts'
import type { LiveState } from '../../mirror/liveState.ts'
import type { Directory } from '../../site/directory.ts'
import type { SiteRules } from '../../site/siteRules.ts'
import { asked } from '../asked.ts'
import type { Blocked, Doer } from '../blocked.ts'
import type { Around, Manual } from '../chapter.ts'
import { type Causes, isByPeople, type Procedure, type Transition } from '../definition.ts'
import { keepDrawings } from '../drawings.ts'
import type { Field } from '../field.ts'
import { checkedCase } from '../formSchema.ts'
import { named } from '../needs.ts'
import { nextNumber } from '../numbers.ts'
import { refusal } from '../refusal.ts'
import type { Service, Services } from '../services.ts'
import { bringAbout } from './bringAbout.ts'
import { eventOf, headOf } from './caseRows.ts'
import { Deadlines } from './deadlines.ts'
import { indexCase } from './findable.ts'
import { changedKeys, keepForm, keepRules, reserve, wakesAt } from './formHeld.ts'
import { columnsOfHands, handsAfter, tellHands } from './hands.ts'
import { giveLines, goOnAfter, unsettled } from './lineBook.ts'
import { casesAbout, casesNaming, hasDone, isAbout, isNamed, keepAlike, notePeople } from './people.ts'
import { eventShownTo, headShownTo } from './shown.ts'

/** What was said with an act, as its transition asks; `revision` is the one that the doer has seen. */
export type ActInput = Record<string, unknown>

const nothingAsked: readonly Field[] = []

/**
 * The case engine (design §6): something that happened and must end. It knows numbers, forms, transitions, history and
 * links; all that is particular stands in the manual. A case ends under the version of its definition under which it was opened.
 */
export class CaseEngine {
  readonly manual: Manual
  readonly directory: Directory
  readonly deadlines: Deadlines
  readonly around: Around

  constructor(manual: Manual, directory: Directory, rules: SiteRules, live: LiveState) {
    this.manual = manual
    this.directory = directory
    this.around = { directory, live, rules, manual }
    this.deadlines = new Deadlines(rules, head => this.procedureOf(head))
  }

  /** The definition in force. */
  procedure(id: string): Procedure {
    const found = this.manual.procedure(id)
    if (!found) throw new Refusal('unknown-procedure', 'procedure')
    return found
  }

  /** The definition that a case runs under. */
  procedureOf(head: Pick<CaseHead, 'procedure' | 'version'>): Procedure {
    const found = this.manual.procedure(head.procedure, head.version)
    if (!found) throw new Refusal('unknown-procedure', 'procedure')
    return found
  }

  all() {
    return this.manual.procedures
  }

  /** The procedures whose cases somebody may see, for queries that must not be cut off by those of others. */
  visibleTo(who: { roles: readonly Role[] }): string[] {
    return this.all()
      .filter(p => hasRole(who.roles, p.sees))
      .map(p => p.id)
  }

  /** Ids of the cases that are kept from somebody, whatever his roles: those about him, and private ones of others. */
  keptFrom(db: BooksReader, who: Someone & { roles: readonly Role[] }) {
    const privates = this.all().filter(p => p.privateTo && !hasRole(who.roles, p.privateTo.besides))
    const about = casesAbout(db, who)
    if (privates.length === 0) return about
    const ids = privates.map(p => p.id)
    const others = db.selectFrom('case_file').select('case_file.id').where('procedure', 'in', ids)
    return about.unionAll(others.where('case_file.id', 'not in', casesNaming(db, who)))
  }

  /** Whether a case is kept from somebody: for him there is no such case. */
  async isKeptFrom(db: BooksReader, head: CaseHead, who: Someone & { roles: readonly Role[] }): Promise<boolean> {
    if (await isAbout(db, head.id, who)) return true
    const own = this.procedureOf(head).privateTo
    if (!own || hasRole(who.roles, own.besides)) return false
    return !(await isNamed(db, head.id, String(head.form[own.field]), who))
  }

  /** A case as far as this person may know of it. */
  async seen(db: BooksReader, caseId: string, who: Someone & { roles: readonly Role[] }, field = 'id'): Promise<CaseHead> {
    const head = await this.head(db, caseId, field)
    if (await this.isKeptFrom(db, head, who)) throw new Refusal('unknown-case', field)
    if (!hasRole(who.roles, this.procedureOf(head).sees)) throw new Refusal('not-your-role')
    return head
  }

  /** A case as this person may see it. */
  shownTo(who: { roles: readonly Role[] }, head: CaseHead): CaseHead {
    return headShownTo(this.procedureOf(head), who, head)
  }

  /** Throws, naming them, where cases are open under a version of which nobody has kept the definition. */
  async refuseUnknownVersions(db: BooksReader): Promise<void> {
    const open = await db
      .selectFrom('case_file')
      .select(['procedure', 'version', e => e.fn.min('number').as('number')])
      .where('ended_at', 'is', null)
      .groupBy(['procedure', 'version'])
      .execute()
    const unknown = open.find(o => this.manual.procedure(o.procedure, o.version)?.version !== o.version)
    if (unknown)
      throw new Error(
        `${unknown.number} is open under version ${unknown.version} of '${unknown.procedure}', which this release does not know: ` +
          'end it under the release that opened it, or put that version back into its subject',
      )
  }

  /** An open case that comes before everything else; undefined where there is none. */
  async firstOpen(db: BooksReader): Promise<{ number: string } | undefined> {
    const first = this.all().filter(p => p.first)
    const open = db.selectFrom('case_file').select('number').where('ended_at', 'is', null)
    const ids = first.map(p => p.id)
    return ids.length === 0 ? undefined : open.where('procedure', 'in', ids).executeTakeFirst()
  }

  /** After somebody new has been named as the one that a case is about, or something has been opened because of it. */
  keepAlike(work: Work, from: string) {
    return keepAlike(work, from, id => this.procedure(id).privateTo !== undefined)
  }

  async open(
    work: Work,
    procedureId: string,
    input: { form: Record<string, unknown>; place?: string | null; urgent?: boolean },
    doer: Doer,
  ): Promise<CaseHead> {
    const procedure = this.procedure(procedureId)
    if (doer !== 'system' && !mayTake(doer, procedure.opens)) throw new Refusal('not-your-role')
    const form = checkedCase(procedure, input.form, work.at)
    await keepForm(work.tx, this.around, procedure, form, work.at)
    const place = input.place !== undefined ? input.place : (procedure.placeOf?.(form) ?? null)
    const id = ulid()
    const owner = { owner: work.actor.display, ownerId: accountIdOf(work.actor) }
    const unborn = { id, procedure: procedure.id, version: procedure.version, place, form, facts: {}, ...owner }
    const blocked = await this.#blockedByNeeds(work.tx, work.at, unborn, procedure.opening, { by: work.actor, doer, said: form })
    if (blocked) throw refusal(blocked)
    const tenant = await this.directory.tenantOfPlace(work.tx, place, this.directory.timeOf(form, work.at))
    const handler = procedure.handlerOf?.(form) ?? null
    const row = {
      id,
      procedure: procedure.id,
      version: procedure.version,
      number: await nextNumber(work, this.directory, procedure),
      state: procedure.initial,
      place,
      tenant: tenant?.id ?? null,
      owner: owner.owner,
      owner_id: owner.ownerId,
      department: procedure.departmentOf?.(form) ?? null,
      handler,
      handler_id: handler === null ? null : await accountOf(work.tx, handler, 'handler'),
      opened_at: work.at,
      changed_at: work.at,
      ended_at: null,
      urgent: input.urgent ? 1 : 0,
      form_json: JSON.stringify(form),
      facts_json: '{}',
      revision: 0,
      due_at: null,
      warn_at: null,
      wakes_at: wakesAt(procedure, this.directory, procedure.initial, form),
    }
    await work.tx.insertInto('case_file').values(row).execute()
    await notePeople(work, id, procedure.fields, form)
    await writeHistory(work, { record: id, verb: 'open', to: procedure.initial, detail: { form } }, true)
    await audit(work.tx, work.at, work.actor, 'case-opened', row.number, { procedure: procedure.id })
    const head = headOf(row)
    await giveLines(work, procedure, head)
    await reserve(work, procedure, head)
    await this.deadlines.onOpened(work, procedure, head)
    await indexCase(work, this.directory, procedure, head, tenant?.name)
    await tellHands(work, null, head)
    for (const cause of procedure.opening?.causes ?? []) await this.bring(work, head, cause)
    work.touched.cases.add(id)
    const done = procedure.opening?.done
    if (done && form[done.field] !== undefined) return this.actOn(work, head, done.verb, { [done.field]: form[done.field] }, doer)
    return head
  }

  /** Opens, as the console itself, a case of whichever procedure renders a service. */
  ask<S extends Service>(work: Work, service: S, form: Services[S], where: { place: string | null; urgent: boolean }) {
    return this.open(work, this.manual.rendering(service).id, { form: form as Record<string, unknown>, ...where }, 'system')
  }

  /** Carries out one transition with everything it needs and causes, in the caller's transaction. */
  async act(work: Work, caseId: string, verb: string, input: ActInput, doer: Doer): Promise<CaseHead> {
    return this.actOn(work, await this.head(work.tx, caseId), verb, input, doer)
  }

  /** The same for a case whose head has just been read in this transaction. */
  async actOn(work: Work, head: CaseHead, verb: string, input: ActInput, doer: Doer): Promise<CaseHead> {
    const procedure = this.procedureOf(head)
    const t = transitionOf(procedure, head, verb)
    if (!t) {
      const known = procedure.transitions.some(x => x.verb === verb)
      throw known ? new Refusal('not-in-this-state', 'state', { state: head.state }) : new Refusal('unknown-verb', 'verb')
    }
    const role = this.#blockedByRole(t, doer)
    if (role) throw refusal(role)
    const { revision, ...rest } = input
    if (revision !== undefined) await this.sameRevision(work, head, Number(revision), doer)
    const given = asked(t.asks, rest, work.actor)
    const blocked = await this.#blockedByNeeds(work.tx, work.at, head, t, { by: work.actor, doer, said: given })
    if (blocked) throw refusal(blocked)
    const said = await keepDrawings(work, [head.id], t.asks, given)
    const form = formAfter(t, head.form, said)
    keepRules(t.rules, this.around, { ...form, ...said }, work.at)
    const set = changedKeys(procedure, head.form, form)
    if (set.length > 0) await keepForm(work.tx, this.around, procedure, form, work.at, head.form)
    if (t.proves && !work.actor.proven) throw new Refusal('prove-again')
    const { id: byId, display: by } = work.actor
    const facts: Record<string, unknown> = { ...head.facts, [verb]: { at: work.at, by, byId, ...said } }
    const ends = procedure.states[t.to]?.ends === true
    if (await notePeople(work, head.id, t.asks ?? nothingAsked, said)) await this.keepAlike(work, head.id)
    const hands = await handsAfter(work, t, head, said)
    const next: CaseHead = {
      ...head,
      ...hands,
      state: t.to,
      form,
      facts,
      changedAt: work.at,
      endedAt: ends ? work.at : null,
      revision: head.revision + 1,
    }
    await work.tx
      .updateTable('case_file')
      .set({
        state: t.to,
        ...columnsOfHands(hands),
        wakes_at: wakesAt(procedure, this.directory, t.to, form),
        form_json: JSON.stringify(form),
        facts_json: JSON.stringify(facts),
        changed_at: work.at,
        ended_at: next.endedAt,
        revision: next.revision,
      })
      .where('id', '=', head.id)
      .execute()
    // Where only some may see it, or it is a customer's name, it stands in what was said alone.
    const open = (key: string) => (t.asks?.some(f => f.key === key && (f.sees || f.personal)) ? undefined : said[key])
    const note = String(open('reason') ?? open('signature') ?? open('result') ?? '')
    const was = Object.fromEntries(set.map(k => [k, { before: head.form[k] ?? null, after: form[k] ?? null }]))
    const detail = set.length > 0 ? { ...said, set: was } : said
    await writeHistory(work, { record: head.id, verb, from: head.state, to: t.to, note, detail })
    // What was said stands in the history of the case, for those who see the case.
    await audit(work.tx, work.at, work.actor, 'case-step', head.number, { procedure: procedure.id, verb })
    await reserve(work, procedure, next)
    if (set.length > 0) {
      await giveLines(work, procedure, next)
      await this.deadlines.onCorrected(work, procedure, head, next)
    }
    await this.deadlines.onActed(work, procedure, next, verb, said)
    await tellHands(work, head, next)
    for (const cause of t.causes ?? []) await this.bring(work, next, cause)
    if (ends) await goOnAfter(this, work, next)
    work.touched.cases.add(head.id)
    return next
  }

  /** Refuses with what happened meanwhile, as the doer may see it, when he has not seen the newest revision. */
  async sameRevision(work: Work, head: CaseHead, seen: number, doer: Doer) {
    if (seen === head.revision) return
    if (!Number.isInteger(seen) || seen < 0 || seen > head.revision) throw new Refusal('invalid', 'revision')
    const since = await work.tx
      .selectFrom('history')
      .selectAll()
      .where('record', '=', head.id)
      .orderBy('n', 'desc')
      .limit(Math.max(1, Math.min(20, head.revision - seen)))
      .execute()
    throw new Refusal('changed-meanwhile', 'revision', {
      since: since.map(e => {
        if (typeof doer === 'string') return eventOf(e)
        return eventShownTo(this.procedureOf(head), doer, eventOf(e))
      }),
    })
  }

  /** Carries out a verb as the console itself where the case can take it now; where it needs something first, a person will. */
  async actIfFree(work: Work, caseId: string, verb: string): Promise<void> {
    const head = await this.head(work.tx, caseId)
    const t = transitionOf(this.procedureOf(head), head, verb)
    if (!t || (await this.#blockedByNeeds(work.tx, work.at, head, t, { by: work.actor, doer: 'system', said: {} }))) return
    await this.actOn(work, head, verb, {}, 'system')
  }

  /** A line of history that changes no state: a note, a print, an alarm that joined. */
  async remark(work: Work, caseId: string, verb: string, note: string, detail: Record<string, unknown> = {}): Promise<void> {
    await writeHistory(work, { record: caseId, verb, note, detail })
    await work.tx.updateTable('case_file').set({ changed_at: work.at }).where('id', '=', caseId).execute()
    work.touched.cases.add(caseId)
  }

  async head(db: BooksReader, caseId: string, field = 'id'): Promise<CaseHead> {
    const row = await db.selectFrom('case_file').selectAll().where('id', '=', caseId).executeTakeFirst()
    if (!row) throw new Refusal('unknown-case', field)
    return headOf(row)
  }

  /** What could be done next, each with the code of what blocks it or null. */
  async verbs(
    db: BooksReader,
    at: number,
    head: CaseHead,
    doer: Someone & { roles: readonly Role[] },
  ): Promise<Record<string, string | null>> {
    const found: Record<string, string | null> = {}
    for (const t of this.procedureOf(head).transitions) {
      if (!t.from.includes(head.state) || !isByPeople(t) || !holds(t.when, head.form)) continue
      const blocked =
        this.#blockedByRole(t, doer) ?? (await this.#blockedByNeeds(db, at, head, t, { by: doer, doer, said: undefined }))
      found[t.verb] = blocked?.code ?? null
    }
    return found
  }

  #blockedByRole(t: Transition, doer: Doer): Blocked | null {
    return mayTake(doer, t.by) ? null : { code: 'not-your-role' }
  }

  async #blockedByNeeds(
    db: BooksReader,
    at: number,
    head: Pick<CaseHead, 'id' | 'procedure' | 'version' | 'place' | 'form' | 'facts' | 'owner' | 'ownerId'>,
    step: Pick<Transition, 'needs' | 'settled' | 'notBy'> | undefined,
    asked: { by: Someone; doer: Doer; said: Record<string, unknown> | undefined },
  ): Promise<Blocked | null> {
    const open = await unsettled(db, this.procedureOf(head), head.id, step?.settled ?? [])
    if (open.length > 0) return { code: 'lines-open', detail: named(open) }
    if (step?.notBy?.some(verb => hasDone(head.facts, verb, asked.by))) return { code: 'same-hands' }
    const needs = this.manual.kind(head.procedure)?.needs ?? {}
    for (const name of step?.needs ?? []) {
      const blocked = await needs[name]?.({ ...this.around, db, at, head, ...asked })
      if (blocked) return blocked
    }
    return null
  }

  /** Carries out one cause of a step or an opening. */
  bring(work: Work, head: CaseHead, cause: Causes): Promise<void> {
    return bringAbout(this, work, head, cause)
  }
}

const mayTake = (doer: Doer, by: Transition['by']): boolean =>
  typeof doer === 'string' ? by.includes(doer) : hasRole(doer.roles, by)

/** The form as a step leaves it: with what it was told to set. */
const formAfter = (t: Transition, form: Record<string, unknown>, said: Record<string, unknown>): Record<string, unknown> => {
  const set = (t.sets ?? []).map(s => (typeof s === 'string' ? [s, said[s]] : [s.field, s.to]))
  return { ...form, ...Object.fromEntries(set.filter(([, value]) => value !== undefined)) }
}

const transitionOf = (procedure: Procedure, head: CaseHead, verb: string): Transition | undefined =>
  procedure.transitions.find(t => t.verb === verb && t.from.includes(head.state) && holds(t.when, head.form))

import type { Updateable } from 'kysely'
import { Refusal } from '#api/errors'
import type { CaseHead } from '#api/models/cases'
import type { User } from '#api/models/people'
import { inAll, say, type Text, textIn, together } from '#api/words/text'
import type { JournalOf } from '#contract/journal'
import type { Words } from '#contract/names'
import { isSimulatedDevice, type Plan } from '#contract/site'
import type { Fact } from '../../server/agents/alarms/fact.ts'
import { accountIdOf, system } from '../../server/books/audit.ts'
import type { BooksReader, BooksStore } from '../../server/books/books.ts'
import { tell } from '../../server/books/notices.ts'
import type { Books } from '../../server/books/schema.ts'
import type { UnitOfWork, Work } from '../../server/books/unitOfWork.ts'
import { wordsIn } from '../../server/books/words.ts'
import type { Desk as WholeDesk } from '../../server/desk/desk.ts'
import type { CaseEngine } from '../../server/engine/cases/caseEngine.ts'
import { headOf } from '../../server/engine/cases/caseRows.ts'
import { caseOf } from '../../server/engine/cases/casesIn.ts'
import type { Directory } from '../../server/site/directory.ts'
import { beginCall } from './callOuts.ts'
import { emergency } from './definition.ts'
import { type AnswersAs, answersAs, leadsNow } from './leading.ts'
import { goesOnAs } from './merging.ts'
import { raiseReported } from './reportedAlarms.ts'
import { postsIn } from './rows.ts'
import { lead, type PlanPost, tellOfTicket } from './telling.ts'

/** What tickets stand on. `realTime` brings a demo's clock back to real time and says from when on that holds. */
type Desk = Pick<WholeDesk, 'engine' | 'directory' | 'present' | 'realTime'>
type Drill = 'shadow' | 'simulators'
type CompartmentPhase = JournalOf<'compartment'>['phase']

/**
 * Alarms of level 1 and 2 open emergency tickets, one open ticket per kind and place: every further device and every
 * repeat is appended (design §5). Return to normal asks for "verify and close", it never closes.
 */
export class Emergencies {
  readonly #engine: CaseEngine
  readonly #directory: Directory
  readonly #around: Parameters<typeof tellOfTicket>[1]
  readonly #realTime: (at: number) => number

  constructor({ engine, directory, present, realTime }: Desk) {
    this.#engine = engine
    this.#directory = directory
    this.#around = { directory, manual: engine.manual, present }
    this.#realTime = realTime
  }

  /** Links a new alarm to its ticket, opening one when there is none. Returns the ticket's id. */
  async onRaised(work: Work, alarm: Fact): Promise<string | null> {
    if (alarm.level > 2) return null
    const place = this.#directory.compartmentOf(alarm.place)?.id ?? alarm.place
    // A linkage that fails is part of the fire that called for it.
    const kind = alarm.kind === 'linkage' ? 'fire' : alarm.kind
    const head = (await this.#ticketOf(work, kind, place, alarm.device)) ?? (await this.#openNew(work, { ...alarm, kind }, place))
    await this.#engine.remark(work, head.id, 'alarm', '', { name: alarm.name, at: alarm.raisedAt, alarm: alarm.id })
    if (head.state === 'verify') await this.#engine.actOn(work, head, 'again', {}, 'system')
    return head.id
  }

  /** R62 (2c 1.6): what somebody sees or is told, without any alarm; a ticket of the same kind and place takes it up. */
  async onReported(work: Work, report: { kind: string; place: string | null; what: string; drill?: Drill }): Promise<string> {
    const place = this.#directory.compartmentOf(report.place)?.id ?? report.place
    const plan = this.#directory.site.plans.find(p => p.kind === report.kind)
    // Two matters of no kind and no place have nothing in common.
    const nothing = report.kind === 'other' && place === null
    const same = nothing ? undefined : await this.#openTicket(work, report.kind, place, report.drill)
    // That it is one stands in its title, and so in every message and list.
    const what = report.drill ? together(say.desk.drillMark, report.what) : report.what
    const level = plan?.level ?? 2
    const head = same ?? (await this.#openNew(work, { kind: report.kind, level, name: what, drill: report.drill }, place))
    await this.#engine.remark(work, head.id, 'note', textIn('zh', what))
    if (work.actor.locked) await this.#askWho(work, head.id)
    if (head.state === 'verify') await this.#engine.actOn(work, head, 'again', {}, 'system')
    const name = together(say.desk.reported, say.marks.says, what)
    await raiseReported(work, { ticket: head.id, level, name, place })
    const text = together(head.number, ' ', name)
    await tell(work, { to: ['supervisor', 'manager'], record: head.id, kind: 'major', text })
    return head.id
  }

  /** An alarm of a case has returned: when it was the last one of a ticket, that asks for "verify and close". */
  async onReturned(work: Work, ticket: string) {
    const left = await work.tx
      .selectFrom('alarm')
      .select('id')
      .where('ticket', '=', ticket)
      .where('returned_at', 'is', null)
      .executeTakeFirst()
    const head = await this.#engine.head(work.tx, ticket)
    if (!left && head.procedure === emergency.id && head.state === 'active')
      await this.#engine.act(work, ticket, 'returned', {}, 'system')
  }

  /** What the agent did about a compartment, onto the ticket of its fire; what a person has started has one, alarm or no alarm. */
  async onCompartment(work: Work, compartment: string, verb: CompartmentPhase, detail: Record<string, unknown>) {
    const ticket =
      (await this.#fireTicket(work, compartment)) ?? (verb === 'by-hand' ? await this.#openFire(work, compartment) : null)
    if (ticket) await this.#engine.remark(work, ticket.id, verb, '', detail)
  }

  #openFire(work: Work, compartment: string): Promise<CaseHead> {
    const level = this.#directory.site.plans.find(p => p.kind === 'fire')?.level ?? 1
    return this.#openNew(work, { kind: 'fire', level, name: say.desk.startedByHand }, compartment)
  }

  async touchTicketOf(work: Work, compartment: string) {
    const ticket = await this.#fireTicket(work, compartment)
    if (!ticket) return
    await work.tx.updateTable('case_file').set({ changed_at: work.at }).where('id', '=', ticket.id).execute()
    work.touched.cases.add(ticket.id)
  }

  /** The open ticket that takes an alarm up: a real one, or the drill against the simulators where only they can have raised it. */
  async #ticketOf(work: Work, kind: string, place: string | null, device: string | null): Promise<CaseHead | undefined> {
    const real = await this.#openTicket(work, kind, place)
    if (real || !this.#isSimulated(place, device)) return real
    return this.#openTicket(work, kind, place, 'simulators')
  }

  #fireTicket(work: Work, compartment: string): Promise<CaseHead | undefined> {
    return this.#ticketOf(work, 'fire', compartment, null)
  }

  /** Whether the simulators stand in for the device, or, of a compartment, for its panel: then nothing real is behind its alarms. */
  #isSimulated(place: string | null, device: string | null): boolean {
    const { site } = this.#directory
    const panel = site.compartments.find(c => c.id === place)?.panel
    const behind = [panel, device].flatMap(id => site.devices.find(d => d.id === id) ?? [])
    return behind.length > 0 && behind.every(d => isSimulatedDevice(site, d))
  }

  async #openTicket(work: Work, kind: string, place: string | null, drill?: Drill): Promise<CaseHead | undefined> {
    const rows = await work.tx
      .selectFrom('case_file')
      .selectAll()
      .where('procedure', '=', emergency.id)
      .where(e => e.or([e('ended_at', 'is', null), e('state', '=', 'merged')]))
      .where('place', place === null ? 'is' : '=', place)
      .orderBy('opened_at', 'desc')
      .execute()
    const fits = rows.map(headOf).filter(head => {
      const { form } = caseOf(emergency, head)
      return form.kind === kind && form.drill === drill
    })
    const open = fits.find(head => head.endedAt === null)
    if (open) return open
    // What was merged goes on elsewhere, and so does what is raised there again.
    for (const head of fits) {
      const goesOn = await goesOnAs(work.tx, head.id)
      if (goesOn) return goesOn
    }
    return undefined
  }

  async #openNew(
    work: Work,
    alarm: Pick<Fact, 'name'> & { kind: string; level: number; drill?: Drill | undefined },
    place: string | null,
  ): Promise<CaseHead> {
    const plan = this.#directory.site.plans.find(p => p.kind === alarm.kind)
    const begins = this.#realTime(work.at)
    const head = await this.#engine.open(
      work,
      emergency.id,
      {
        form: { kind: alarm.kind, level: alarm.level, title: alarm.name, ...(alarm.drill ? { drill: alarm.drill } : {}) },
        place,
        urgent: true,
      },
      'system',
    )
    if (plan) await this.#addSteps(work, head.id, plan, begins)
    await this.#tellOpened(work, head, alarm, plan)
    await beginCall(work, head.id, alarm.level, this.#directory.site.calls)
    return head
  }

  async #addSteps(work: Work, ticket: string, plan: Plan, begins: number) {
    for (const [i, step] of plan.steps.entries())
      await this.#addStep(work, ticket, i + 1, step, step.after === undefined ? begins : null)
  }

  /** Whoever was at a locked station has not shown who he is: the ticket is not closed before that is written down. */
  async #askWho(work: Work, ticket: string) {
    const last = await work.tx
      .selectFrom('case_step')
      .select(e => e.fn.max('n').as('n'))
      .where('case_id', '=', ticket)
      .executeTakeFirst()
    const step = { text: inAll(say.desk.whoReported(work.actor.display)), owner: lead.name, posts: [lead.id] }
    await this.#addStep(work, ticket, Number(last?.n ?? 0) + 1, step, this.#realTime(work.at))
  }

  async #addStep(work: Work, ticket: string, n: number, step: Plan['steps'][number], starts: number | null) {
    await work.tx
      .insertInto('case_step')
      .values({
        case_id: ticket,
        n,
        text_json: JSON.stringify(step.text),
        owner_json: JSON.stringify(step.owner),
        source: step.source ?? null,
        within_s: step.withinS ?? null,
        after_n: step.after ?? null,
        started_at: starts,
        due_at: starts !== null && step.withinS !== undefined ? starts + step.withinS * 1000 : null,
        done_at: null,
        done_by: null,
        by_lead: 0,
        overdue_at: null,
        aside_at: null,
        aside_by: null,
        aside_why: null,
        posts_json: JSON.stringify(step.posts ?? []),
      })
      .execute()
  }

  /** Whom the plan gives something to do is told that it is needed, and whoever leads the shift. */
  async #tellOpened(work: Work, head: CaseHead, alarm: { level: number; name: Text }, plan: Plan | undefined) {
    const place = this.#directory.placeName(head.place)
    const text = say.desk.called(head.number, alarm.level, alarm.name, place)
    const posts = (plan?.steps ?? []).flatMap(s => postsOf(s.owner, s.posts ?? []))
    const said = await tellOfTicket(work, this.#around, head, { step: null, kind: 'emergency', text, posts })
    await this.#engine.remark(work, head.id, 'told', '', said)
  }

  /** A step whose clock has run out: its post and whoever leads the shift are told; the record says who that was. */
  async stepOverdue(work: Work, step: { case_id: string; n: number }) {
    const row = await work.tx
      .updateTable('case_step')
      .set({ overdue_at: work.at })
      .where('case_id', '=', step.case_id)
      .where('n', '=', step.n)
      .returning(['text_json', 'owner_json', 'posts_json'])
      .executeTakeFirstOrThrow()
    const head = await this.#engine.head(work.tx, step.case_id)
    const late = wordsIn(row.text_json)
    const plainly = say.desk.stepLate(head.number, step.n, late)
    const text = caseOf(emergency, head).form.drill ? together(say.desk.drillMark, plainly) : plainly
    const posts = postsOf(wordsIn(row.owner_json), postsIn(row))
    const said = await tellOfTicket(work, this.#around, head, { step: step.n, kind: 'step-overdue', text, posts })
    await this.#engine.remark(work, head.id, 'step-overdue', '', { n: step.n, ...said })
  }

  /** As what somebody answers for a step; it is refused where it is neither his nor he the lead. */
  async answersAs(work: Work, ticket: string, n: number, user: Pick<User, 'id' | 'postId' | 'roles'>): Promise<AnswersAs> {
    const step = await work.tx
      .selectFrom('case_step')
      .select('posts_json')
      .where('case_id', '=', ticket)
      .where('n', '=', n)
      .executeTakeFirst()
    if (!step) throw new Refusal('unknown-step', 'n')
    const leading = await leadsNow(work.tx, work.at, this.#engine.manual, this.#around.present())
    const as = answersAs(
      postsIn(step),
      user,
      leading.map(p => p.id),
    )
    if (as === null) throw new Refusal('not-your-step', 'n')
    return as
  }

  /** Ticks a step. False when it has been answered already. */
  async tick(work: Work, ticket: string, n: number, as: AnswersAs): Promise<boolean> {
    const by = { done_by: work.actor.display, done_by_id: accountIdOf(work.actor), by_lead: as === 'lead' ? 1 : 0 }
    if (!(await this.#answer(work, ticket, n, { done_at: work.at, ...by }))) return false
    await this.#engine.remark(work, ticket, 'step-done', '', as === 'lead' ? { n, as } : { n })
    return true
  }

  /** A step that this case does not need, with the reason of whoever says so. */
  async setAside(work: Work, ticket: string, n: number, why: string): Promise<boolean> {
    const aside = { aside_at: work.at, aside_by: work.actor.display, aside_by_id: accountIdOf(work.actor), aside_why: why }
    if (!(await this.#answer(work, ticket, n, aside))) return false
    await this.#engine.remark(work, ticket, 'step-aside', why, { n })
    return true
  }

  /** What was ticked or set aside is to be done after all; its clock goes on from where it began, and what waited for it waits again. */
  async takeBack(work: Work, ticket: string, n: number, why: string): Promise<boolean> {
    const nothing = {
      done_at: null,
      done_by: null,
      done_by_id: null,
      by_lead: 0,
      aside_at: null,
      aside_by: null,
      aside_by_id: null,
      aside_why: null,
    }
    const steps = () => work.tx.updateTable('case_step').where('case_id', '=', ticket)
    const taken = await steps()
      .set(nothing)
      .where('n', '=', n)
      .where(e => e.or([e('done_at', 'is not', null), e('aside_at', 'is not', null)]))
      .returning('n')
      .executeTakeFirst()
    if (!taken) return false
    await steps()
      .set({ started_at: null, due_at: null, overdue_at: null })
      .where('after_n', '=', n)
      .where('done_at', 'is', null)
      .where('aside_at', 'is', null)
      .execute()
    await this.#engine.remark(work, ticket, 'step-taken-back', why, { n })
    return true
  }

  /** Steps that wait for an answered one start their clocks now (R67: one minute from being told). */
  async #answer(work: Work, ticket: string, n: number, set: Updateable<Books['case_step']>): Promise<boolean> {
    const answered = await work.tx
      .updateTable('case_step')
      .set(set)
      .where('case_id', '=', ticket)
      .where('n', '=', n)
      .where('done_at', 'is', null)
      .where('aside_at', 'is', null)
      .returning('n')
      .executeTakeFirst()
    if (!answered) return false
    const waiting = await work.tx
      .selectFrom('case_step')
      .select(['n', 'within_s'])
      .where('case_id', '=', ticket)
      .where('after_n', '=', n)
      .where('started_at', 'is', null)
      .execute()
    for (const w of waiting)
      await work.tx
        .updateTable('case_step')
        .set({ started_at: work.at, due_at: w.within_s === null ? null : work.at + w.within_s * 1000 })
        .where('case_id', '=', ticket)
        .where('n', '=', w.n)
        .execute()
    return true
  }
}

/** The posts of a step; where the plan names none, the words of its owner, whom nobody can be told for. */
const postsOf = (owner: Words, posts: readonly string[]): PlanPost[] =>
  (posts.length > 0 ? posts : ['']).map(id => (id === lead.id ? lead : { id, name: owner }))

const lateSteps = (db: BooksReader, at: number) =>
  db
    .selectFrom('case_step')
    .innerJoin('case_file', 'case_file.id', 'case_step.case_id')
    .select(['case_step.case_id', 'case_step.n'])
    .where('case_step.due_at', '<', at)
    .where('case_step.done_at', 'is', null)
    .where('case_step.aside_at', 'is', null)
    .where('case_step.overdue_at', 'is', null)
    .where('case_file.ended_at', 'is', null)
    .execute()

/** Steps whose clock has run out unanswered: noted once, and told to those whom they concern. */
export const noteOverdueSteps = async (books: BooksStore, unit: UnitOfWork, emergencies: Emergencies, now: number) => {
  // Looked for every second beside the writer, who may have an alarm in hand.
  if ((await lateSteps(books.read, now)).length === 0) return
  await unit(system, async work => {
    for (const s of await lateSteps(work.tx, work.at)) await emergencies.stepOverdue(work, s)
  })
}

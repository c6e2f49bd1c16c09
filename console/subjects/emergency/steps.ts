import type { Updateable } from 'kysely'
import { Refusal } from '#api/errors'
import type { User } from '#api/models/people'
import { inAll, say } from '#api/words/text'
import type { Words } from '#contract/names'
import type { Plan } from '#contract/site'
import { accountIdOf, system } from '../../server/books/audit.ts'
import type { BooksReader, BooksStore } from '../../server/books/books.ts'
import type { Books } from '../../server/books/schema.ts'
import type { UnitOfWork, Work } from '../../server/books/unitOfWork.ts'
import { wordsIn } from '../../server/books/words.ts'
import type { CaseEngine } from '../../server/engine/cases/caseEngine.ts'
import { type AnswersAs, answersAs, leadsNow } from './leading.ts'
import { kept, postsIn } from './rows.ts'
import { lead, type PlanPost, type TellAround, tellOfTicket, toldBy } from './telling.ts'

/** The number of the step that comes after the last of a ticket. */
export const nextStep = async (work: Work, ticket: string): Promise<number> => {
  const last = await work.tx
    .selectFrom('case_step')
    .select(e => e.fn.max('n').as('n'))
    .where('case_id', '=', ticket)
    .executeTakeFirst()
  return Number(last?.n ?? 0) + 1
}

/** The steps of a ticket's plan: who answers for each, and whose clock has run out. */
export class TicketSteps {
  readonly #engine: CaseEngine
  readonly #around: TellAround
  readonly #realTime: (at: number) => number

  constructor(engine: CaseEngine, around: TellAround, realTime: (at: number) => number) {
    this.#engine = engine
    this.#around = around
    this.#realTime = realTime
  }

  async addAll(work: Work, ticket: string, plan: Plan, begins: number) {
    for (const [i, step] of plan.steps.entries())
      await this.#add(work, ticket, i + 1, step, step.after === undefined ? begins : null)
  }

  /** Whoever was at a locked station has not shown who he is: the ticket is not closed before that is written down. */
  async askWho(work: Work, ticket: string) {
    const step = { text: inAll(say.desk.whoReported(work.actor.display)), owner: lead.name, posts: [lead.id] }
    await this.#add(work, ticket, await nextStep(work, ticket), step, this.#realTime(work.at))
  }

  async #add(work: Work, ticket: string, n: number, step: Plan['steps'][number], starts: number | null) {
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

  /** A step whose clock has run out: its post and whoever leads the shift are told; the record says who that was. */
  async overdue(work: Work, step: { case_id: string; n: number }) {
    const row = await work.tx
      .updateTable('case_step')
      .set({ overdue_at: work.at })
      .where('case_id', '=', step.case_id)
      .where('n', '=', step.n)
      .returning(['text_json', 'owner_json', 'posts_json'])
      .executeTakeFirstOrThrow()
    const head = await this.#engine.head(work.tx, step.case_id)
    const late = wordsIn(row.text_json)
    const text = toldBy(head, say.desk.stepLate(head.number, step.n, late))
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
    const as = answersAs(postsIn(step), user, leading)
    if (as === null) throw new Refusal('not-your-step', 'n')
    return as
  }

  /** Ticks a step. False when it has been answered already. */
  async tick(work: Work, ticket: string, n: number, as: AnswersAs): Promise<boolean> {
    const by = { done_by: work.actor.display, done_by_id: accountIdOf(work.actor), by_lead: kept[as] }
    if (!(await this.#answer(work, ticket, n, { done_at: work.at, ...by }))) return false
    await this.#engine.remark(work, ticket, 'step-done', '', as === 'own' ? { n } : { n, as })
    return true
  }

  /** A step that this case does not need, with the reason of whoever says so. */
  async setAside(work: Work, ticket: string, n: number, why: string, as: AnswersAs = 'own'): Promise<boolean> {
    const aside = { aside_at: work.at, aside_by: work.actor.display, aside_by_id: accountIdOf(work.actor), aside_why: why }
    if (!(await this.#answer(work, ticket, n, aside))) return false
    await this.#engine.remark(work, ticket, 'step-aside', why, as === 'own' ? { n } : { n, as })
    return true
  }

  /** What was ticked or set aside is to be done after all; its clock goes on from where it began, and what waited for it waits again. */
  async takeBack(work: Work, ticket: string, n: number, why: string, as: AnswersAs = 'own'): Promise<boolean> {
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
    await this.#engine.remark(work, ticket, 'step-taken-back', why, as === 'own' ? { n } : { n, as })
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
export const postsOf = (owner: Words, posts: readonly string[]): PlanPost[] =>
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
export const noteOverdueSteps = async (books: BooksStore, unit: UnitOfWork, steps: TicketSteps, now: number) => {
  // Looked for every second beside the writer, who may have an alarm in hand.
  if ((await lateSteps(books.read, now)).length === 0) return
  await unit(system, async work => {
    for (const s of await lateSteps(work.tx, work.at)) await steps.overdue(work, s)
  })
}

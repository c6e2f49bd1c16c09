import type { Selectable } from 'kysely'
import { holds } from '#api/conditions'
import type { CaseHead } from '#api/models/cases'
import type { Role } from '#api/rights'
import { say, together } from '#api/words/text'
import { system } from '../../books/audit.ts'
import type { BooksStore } from '../../books/books.ts'
import { writeHistory } from '../../books/history.ts'
import { tell } from '../../books/notices.ts'
import type { Books } from '../../books/schema.ts'
import type { UnitOfWork, Work } from '../../books/unitOfWork.ts'
import {
  type Count,
  countAlways,
  type DeadlineEvent,
  nextEventAt,
  pauseClock,
  type Running,
  resumeClock,
  startClock,
  stepClock,
} from '../../domain/deadlineClock.ts'
import { escalateAfter, serviceTo, warnShare } from '../../site/settings.ts'
import type { SiteRules } from '../../site/siteRules.ts'
import { type Deadline, type Procedure, receivedAt } from '../definition.ts'
import { headOf } from './caseRows.ts'

type Row = Selectable<Books['case_deadline']>

const runningOf = (r: Row): Running => ({
  startedAt: r.started_at,
  warnAt: r.warn_at,
  limitAt: r.limit_at,
  escalateAt: r.escalate_at,
  pausedAt: r.paused_at,
  approachingAt: r.approaching_at,
  missedAt: r.missed_at,
  escalatedAt: r.escalated_at,
})
const columnsOf = (d: Running) => ({
  started_at: d.startedAt,
  warn_at: d.warnAt,
  limit_at: d.limitAt,
  escalate_at: d.escalateAt,
  paused_at: d.pausedAt,
  approaching_at: d.approachingAt,
  missed_at: d.missedAt,
  escalated_at: d.escalatedAt,
  next_at: nextEventAt(d),
})

/** A promise is not kept by putting it off, but by another one in its place. */
const isMet = (d: Deadline, verb: string, said: Record<string, unknown>) =>
  d.metBy.some(m => (typeof m === 'string' ? m === verb : m.verb === verb && said[m.saying] !== undefined))

/** The form with what else a condition may ask for. */
export const facing = (head: CaseHead) => ({ ...head.form, urgent: head.urgent })

/**
 * The clocks of cases. When each starts, stands still and is met stands in the definition; its times are worked out once,
 * when it starts, so that neither a restart nor a later change of a setting moves what was promised.
 */
export class Deadlines {
  readonly #rules: SiteRules
  readonly #procedureOf: (head: CaseHead) => Procedure

  constructor(rules: SiteRules, procedureOf: (head: CaseHead) => Procedure) {
    this.#rules = rules
    this.#procedureOf = procedureOf
  }

  async onOpened(work: Work, procedure: Procedure, head: CaseHead): Promise<void> {
    let some = false
    for (const d of procedure.deadlines ?? [])
      if (d.starts === 'open' && (await this.#start(work, head, d, head.form, receivedAt(procedure, head.form) ?? work.at)))
        some = true
    if (some) await this.#noteFirst(work, head.id)
  }

  async onActed(work: Work, procedure: Procedure, head: CaseHead, verb: string, said: Record<string, unknown>): Promise<void> {
    if (!procedure.deadlines) return
    const rows = await work.tx
      .selectFrom('case_deadline')
      .selectAll()
      .where('case_id', '=', head.id)
      .where('met_at', 'is', null)
      .execute()
    for (const d of procedure.deadlines) {
      const row = rows.find(r => r.key === d.key)
      if (row && isMet(d, verb, said)) await this.#meet(work, row)
      // What was not done when the case ended is not met; it only has nothing more to say.
      else if (row && head.endedAt !== null) await this.#save(work, row, { next_at: null })
      else if (row) await this.#pauseOrResume(work, row, d, head)
      if (d.starts !== 'open' && d.starts.verbs.includes(verb)) await this.#start(work, head, d, said)
    }
    await this.#noteFirst(work, head.id)
  }

  /** A correction starts the clocks that hold now and did not before, and drops those that no longer do; what was met stays. */
  async onCorrected(work: Work, procedure: Procedure, before: CaseHead, head: CaseHead): Promise<void> {
    const rows = await work.tx.selectFrom('case_deadline').selectAll().where('case_id', '=', head.id).execute()
    // Where a receipt counts, it counts for what a correction starts as well.
    const from = procedure.receivedAt === undefined ? work.at : (receivedAt(procedure, head.form) ?? head.openedAt)
    for (const d of procedure.deadlines ?? []) {
      if (rows.some(r => r.key === d.key && r.met_at !== null)) continue
      const promised = 'agreed' in d.limit ? d.limit.agreed : 'before' in d.limit ? d.limit.before : undefined
      const moved =
        (promised !== undefined && before.form[promised] !== head.form[promised]) ||
        receivedAt(procedure, before.form) !== receivedAt(procedure, head.form)
      const [did, does] = [holds(d.when, facing(before)), holds(d.when, facing(head))]
      if (did && !does) await this.#drop(work, head.id, d.key)
      else if (d.starts === 'open' && does && (!did || moved) && !(await this.#start(work, head, d, head.form, from)))
        await this.#drop(work, head.id, d.key)
    }
    if (procedure.deadlines) await this.#noteFirst(work, head.id)
  }

  #drop(work: Work, caseId: string, key: string) {
    return work.tx.deleteFrom('case_deadline').where('case_id', '=', caseId).where('key', '=', key).execute()
  }

  /** True when the clock runs now. */
  async #start(work: Work, head: CaseHead, d: Deadline, said: Record<string, unknown>, from = work.at): Promise<boolean> {
    if (!holds(d.when, facing(head))) return false
    const { limitMs, count } = this.#limitOf(head, d, said, from)
    // No number, no deadline: a manual that gives none is not read as if it did.
    if (limitMs === null || !Number.isFinite(limitMs)) return false
    const running = startClock(from, count, {
      limitMs: Math.max(0, limitMs),
      targetMs: d.target ? this.#rules.ms(d.target) : null,
      warnShare: (this.#rules.number(warnShare) ?? 100) / 100,
      escalateMs: this.#rules.ms(escalateAfter) ?? 0,
    })
    const stands = d.pausedIn?.includes(head.state) ?? false
    const row = { ...columnsOf(stands ? pauseClock(running, work.at) : running), met_at: null }
    await work.tx
      .insertInto('case_deadline')
      .values({ case_id: head.id, key: d.key, ...row })
      .onConflict(c => c.columns(['case_id', 'key']).doUpdateSet(row))
      .execute()
    return true
  }

  /** A moment, or the close of service of a date. */
  #endOf(value: unknown): number | null {
    if (typeof value === 'number') return value
    const { local } = this.#rules.calendar
    return typeof value === 'string' && value !== '' ? local.instantOf(value, this.#rules.minuteOfDay(serviceTo)) : null
  }

  /** How long from its start; null where the site or the form says nothing. What ends at a moment of its own runs by the clock. */
  #limitOf(head: CaseHead, d: Deadline, said: Record<string, unknown>, from: number): { limitMs: number | null; count: Count } {
    const { limit } = d
    if ('agreed' in limit) return { limitMs: Number(said[limit.agreed]) - from, count: this.#rules.count(d.counts) }
    if ('before' in limit) {
      const [moment, by] = [this.#endOf(head.form[limit.before]), this.#rules.ms(limit.by)]
      return { limitMs: moment === null || by === null ? null : moment - by - from, count: countAlways }
    }
    return { limitMs: this.#rules.ms(limit), count: this.#rules.count(d.counts) }
  }

  /** Onto the case itself, for lists that are sorted by it. */
  async #noteFirst(work: Work, caseId: string) {
    const first = (column: 'limit_at' | 'warn_at') =>
      work.tx
        .selectFrom('case_deadline')
        .select(e => e.fn.min(column).as('at'))
        .where('case_id', '=', caseId)
        .where('met_at', 'is', null)
        .where('paused_at', 'is', null)
    await work.tx
      .updateTable('case_file')
      .set({ due_at: first('limit_at'), warn_at: first('warn_at') })
      .where('id', '=', caseId)
      .execute()
  }

  async #meet(work: Work, row: Row) {
    await this.#save(work, row, { met_at: work.at, next_at: null })
  }

  async #pauseOrResume(work: Work, row: Row, d: Deadline, head: CaseHead) {
    const stands = d.pausedIn?.includes(head.state) ?? false
    if (stands === (row.paused_at !== null)) return
    const now = runningOf(row)
    const next = stands ? pauseClock(now, work.at) : resumeClock(now, work.at, this.#rules.count(d.counts))
    await this.#save(work, row, columnsOf(next))
  }

  #save(work: Work, row: Row, change: Partial<Row>) {
    return work.tx
      .updateTable('case_deadline')
      .set(change)
      .where('case_id', '=', row.case_id)
      .where('key', '=', row.key)
      .execute()
  }

  /** Says what has become near, missed or escalated, each once, to the people whom the definition names. */
  async step(books: BooksStore, unit: UnitOfWork, now: number): Promise<void> {
    const due = (db: BooksStore['read'] | Work['tx'], at: number) =>
      db.selectFrom('case_deadline').selectAll().where('next_at', '<=', at).orderBy('next_at').limit(200).execute()
    if ((await due(books.read, now)).length === 0) return
    await unit(system, async work => {
      for (const row of await due(work.tx, work.at)) {
        const file = await work.tx.selectFrom('case_file').selectAll().where('id', '=', row.case_id).executeTakeFirst()
        const d = file && this.#procedureOf(headOf(file)).deadlines?.find(x => x.key === row.key)
        // A clock whose rule is gone from the definitions has nothing more to say.
        if (!file || !d) {
          await this.#save(work, row, { next_at: null })
          continue
        }
        const { next, events } = stepClock(runningOf(row), work.at)
        await this.#save(work, row, columnsOf(next))
        for (const event of events) await this.#tell(work, headOf(file), d, event, next.limitAt)
      }
    })
  }

  async #tell(work: Work, head: CaseHead, d: Deadline, event: DeadlineEvent, limitAt: number) {
    const roles: readonly Role[] = event === 'escalated' ? [...new Set([...d.tells, ...d.escalatesTo])] : d.tells
    await writeHistory(work, {
      record: head.id,
      verb: `deadline-${event}`,
      detail: { key: d.key, name: d.name, limitAt, told: roles },
    })
    await tell(work, {
      to: roles,
      record: head.id,
      kind: event,
      text: together(head.number, ' ', d.name, say.marks.says, say.desk.deadline[event] ?? event),
    })
    work.touched.cases.add(head.id)
  }
}

import type { Selectable } from 'kysely'
import { Refusal } from '#api/errors'
import type { ReportTable } from '#api/models/duties'
import { hasRole, type Role } from '#api/rights'
import { say, type Text, together } from '#api/words/text'
import { accountIdOf, audit, system } from '../../books/audit.ts'
import type { BooksReader, BooksStore } from '../../books/books.ts'
import { writeHistory } from '../../books/history.ts'
import { tell } from '../../books/notices.ts'
import type { Books } from '../../books/schema.ts'
import type { UnitOfWork, Work } from '../../books/unitOfWork.ts'
import { occurrences } from '../../domain/occurrences.ts'
import { restDayShift, siteKind } from '../../site/settings.ts'
import { listed } from '../../site/siteRules.ts'
import type { Around, EvidenceLook } from '../chapter.ts'
import { addDuty } from './addDuty.ts'
import { DutyPosts } from './dutyPosts.ts'
import type { Count, Stretch } from './evidence.ts'
import { note as byNote, type CalendarRule, type Routine } from './routine.ts'

export type Duty = Selectable<Books['duty']>
/** So many days ahead duties stand in the book; what was owed while nobody looked is made up for as long back. */
const aheadDays = 35
const backDays = 7

const saidOf = (routine: Routine, d: Duty, text: Text): Text => together(routine.name, ' ', d.period, say.marks.says, text)

/** Owed in the first days of a month, wherever a rest day moves it: it is about the month before. */
const aboutLastMonth = (rule: CalendarRule | undefined): boolean =>
  rule?.every === 'month' && ('workday' in rule || (rule.day !== 'last' && rule.day <= 15))

/** Duties that the calendar makes (design §6): each once for its period, chased, and closed with its evidence. */
export class DutyBook {
  readonly #around: Around

  constructor(around: Around) {
    this.#around = around
  }

  get #rules() {
    return this.#around.rules
  }

  routine(id: string): Routine | undefined {
    return this.#around.manual.routines.find(r => r.id === id)
  }

  /** What this kind of site owes. */
  owed(): readonly Routine[] {
    const kind = this.#rules.value(siteKind)
    return this.#around.manual.routines.filter(r => r.at.some(p => p === kind))
  }

  #occurrences(rule: CalendarRule, from: string, to: string) {
    return occurrences(rule, from, to, this.#rules.calendar, {
      weekday: r => (typeof r.weekday === 'number' ? r.weekday : this.#rules.number(r.weekday)),
      months: r => ('key' in r.months ? listed(String(this.#rules.value(r.months))).map(Number) : r.months),
      restDayShift: this.#rules.value(restDayShift) as 'none' | 'before' | 'after',
    })
  }

  /**
   * Brings the book up to date: nothing twice, whatever is killed or set back in between. What is still to come follows a
   * changed calendar, setting or manual; what has been said or done stays.
   */
  async make(books: BooksStore, unit: UnitOfWork, now: number): Promise<void> {
    const { local } = this.#rules.calendar
    const today = local.dateOf(now)
    const from = local.plusDays(today, -backDays)
    const to = local.plusDays(today, aheadDays)
    const known = await books.read
      .selectFrom('duty')
      .selectAll()
      .where('limit_at', '>=', local.instantOf(local.plusDays(from, -40), 0))
      .execute()
    const have = new Map(known.map(k => [`${k.routine} ${k.period}`, k]))
    /** A routine that begins today owes nothing of yesterday; one that was owed before is made up for. */
    const since = (id: string) => Math.min(now, ...known.filter(k => k.routine === id).map(k => k.limit_at))
    const wanted = this.owed().flatMap(routine => {
      const targets = routine.target ? this.#occurrences(routine.target, local.plusDays(from, -40), local.plusDays(to, 40)) : []
      return this.#occurrences(routine.rule, from, to).map(o => ({
        routine,
        period: o.period,
        targetAt: targets.find(t => t.period === o.period)?.dueAt ?? null,
        limitAt: o.dueAt,
      }))
    })
    const keys = new Map(wanted.map(w => [`${w.routine.id} ${w.period}`, w]))
    const missing = wanted.filter(w => !have.has(`${w.routine.id} ${w.period}`) && w.limitAt >= since(w.routine.id))
    const ahead = known.filter(
      k => k.done_at === null && k.near_at === null && k.limit_at > now && this.routine(k.routine)?.rule.every !== 'event',
    )
    const gone = ahead.filter(
      k => k.limit_at < local.instantOf(local.plusDays(to, 1), 0) && !keys.has(`${k.routine} ${k.period}`),
    )
    const moved = ahead.flatMap(k => {
      const w = keys.get(`${k.routine} ${k.period}`)
      // Nothing is moved into the past, where it would be missed at once.
      return w && w.limitAt > now && (w.limitAt !== k.limit_at || w.targetAt !== k.target_at) ? [{ id: k.id, w }] : []
    })
    if (missing.length + gone.length + moved.length === 0) return
    await unit(system, async work => {
      for (const m of missing) await addDuty(work, m)
      for (const g of gone) await work.tx.deleteFrom('duty').where('id', '=', g.id).execute()
      for (const { id, w } of moved)
        await work.tx.updateTable('duty').set({ limit_at: w.limitAt, target_at: w.targetAt }).where('id', '=', id).execute()
      work.touched.duties = true
    })
  }

  /** Chases: says once that the inner date has come, and once that the hard one has passed. */
  async chase(books: BooksStore, unit: UnitOfWork, now: number): Promise<void> {
    const late = (db: BooksReader, at: number) =>
      db
        .selectFrom('duty')
        .selectAll()
        .where('done_at', 'is', null)
        .where(e =>
          e.or([
            e.and([e('missed_at', 'is', null), e('limit_at', '<=', at)]),
            e.and([e('near_at', 'is', null), e('target_at', 'is not', null), e('target_at', '<=', at)]),
          ]),
        )
        .limit(200)
        .execute()
    if ((await late(books.read, now)).length === 0) return
    await unit(system, async work => {
      const posts = await DutyPosts.read(work.tx)
      for (const d of await late(work.tx, work.at)) {
        const missed = d.limit_at <= work.at
        const change = missed ? { missed_at: work.at, near_at: d.near_at ?? work.at } : { near_at: work.at }
        await work.tx.updateTable('duty').set(change).where('id', '=', d.id).execute()
        await this.#tell(work, posts, d, missed ? 'missed' : 'approaching')
      }
    })
  }

  async #tell(work: Work, posts: DutyPosts, d: Duty, event: 'approaching' | 'missed') {
    const routine = this.routine(d.routine)
    if (!routine) return
    const owing = posts.addressees(routine)
    const to = event === 'missed' ? [...new Set([...owing, ...routine.tells])] : owing
    const text = say.desk.deadline[event] ?? event
    await writeHistory(work, { record: d.id, verb: `deadline-${event}`, detail: { told: to } })
    await tell(work, {
      to,
      record: d.id,
      kind: event,
      text: saidOf(routine, d, text),
    })
    work.touched.duties = true
  }

  /**
   * The stretch of time that a summary is about: from where the one before it was closed (or was due) until now, or to where
   * one that was signed before it begins, so that nothing falls between two of them or is counted in both. A month's summary
   * that is owed in the first days of the next one is about that month. What was signed stays as it was signed.
   */
  async stretchOf(db: BooksReader, d: Duty, now: number): Promise<Stretch> {
    if (d.from_at !== null && d.to_at !== null) return { from: d.from_at, to: d.to_at }
    const { local } = this.#rules.calendar
    const own = local.dateOf(d.limit_at)
    if (aboutLastMonth(this.routine(d.routine)?.rule)) {
      const first = `${d.period}-01`
      const month = local.plusDays(first, -1).slice(0, 7)
      return { from: local.instantOf(`${month}-01`, 0), to: local.instantOf(first, 0) }
    }
    const others = () => db.selectFrom('duty').select(['done_at', 'limit_at', 'from_at']).where('routine', '=', d.routine)
    const [before, after] = await Promise.all([
      others().where('limit_at', '<', d.limit_at).orderBy('limit_at', 'desc').executeTakeFirst(),
      others().where('limit_at', '>', d.limit_at).where('from_at', 'is not', null).orderBy('limit_at').executeTakeFirst(),
    ])
    const to = Math.min(d.done_at ?? now, after?.from_at ?? now)
    const from = before ? (before.done_at ?? before.limit_at) : (this.#dueBefore(d.routine, own) ?? local.instantOf(own, 0))
    return { from: Math.min(from, to), to }
  }

  /** When a routine was due last before a date, for one that has no duty of then in the book. */
  #dueBefore(id: string, date: string): number | undefined {
    const { local } = this.#rules.calendar
    const rule = this.routine(id)?.rule
    return rule && this.#occurrences(rule, local.plusDays(date, -70), local.plusDays(date, -1)).at(-1)?.dueAt
  }

  /**
   * A summary is signed from the end of its period: what is about the month before, from the first of this one ("by the 5th");
   * the others on their own day, inner or hard, or later.
   */
  #tooEarly(d: Duty, now: number): boolean {
    const { local } = this.#rules.calendar
    if (aboutLastMonth(this.routine(d.routine)?.rule)) return now < local.instantOf(`${d.period}-01`, 0)
    return local.dateOf(now) < local.dateOf(Math.min(d.target_at ?? d.limit_at, d.limit_at))
  }

  /** What is counted for it, with the cases behind each figure; null where a note closes it. */
  async counted(db: BooksReader, d: Duty, stretch: Stretch): Promise<Count | null> {
    return (await this.#evidenceOf(d)?.count(this.#look(db, d, stretch))) ?? null
  }

  /** The tables behind the figures, for the summary on paper. */
  async tables(db: BooksReader, d: Duty, stretch: Stretch): Promise<ReportTable[]> {
    return (await this.#evidenceOf(d)?.tables?.(this.#look(db, d, stretch))) ?? []
  }

  #evidenceOf(d: Duty) {
    const routine = this.routine(d.routine)
    return routine && this.#around.manual.evidenceOf(routine)
  }

  #look(db: BooksReader, d: Duty, stretch: Stretch): EvidenceLook {
    return { ...this.#around, db, stretch, period: d.period }
  }

  /** Closes a duty with its evidence. Figures are counted now and kept as they were signed. */
  async done(work: Work, id: string, note: string, doer: { roles: readonly Role[] }): Promise<void> {
    const d = await work.tx.selectFrom('duty').selectAll().where('id', '=', id).executeTakeFirst()
    const routine = d && this.routine(d.routine)
    if (!d || !routine) throw new Refusal('unknown-duty', 'id')
    if (!hasRole(doer.roles, [routine.owes])) throw new Refusal('not-your-role')
    if (d.done_at !== null) throw new Refusal('already-done')
    const stretch = await this.stretchOf(work.tx, d, work.at)
    const counted = await this.counted(work.tx, d, stretch)
    const figures = counted?.figures ?? null
    if (figures && this.#tooEarly(d, work.at)) throw new Refusal('too-early')
    const evidence = this.#evidenceOf(d)
    for (const [key, code] of Object.entries(evidence?.mustBeNothing ?? {})) {
      const n = figures?.[key] ?? 0
      if (n > 0) throw new Refusal(code, undefined, { n })
    }
    // A quota that is not met is signed with its reason.
    const short = evidence?.quotas?.some(key => (figures?.[key] ?? 0) > 0) ?? false
    if ((routine.evidence === byNote || short) && note.trim() === '') throw new Refusal('said-nothing', 'note')
    if (routine.proves && !work.actor.proven) throw new Refusal('prove-again')
    const change = {
      done_at: work.at,
      done_by: work.actor.display,
      done_by_id: accountIdOf(work.actor),
      note: note.trim() || null,
      from_at: stretch.from,
      to_at: stretch.to,
      figures_json: figures && JSON.stringify(figures),
      tables_json: JSON.stringify(await this.tables(work.tx, d, stretch)),
      behind_json: counted && JSON.stringify(counted.behind),
    }
    await work.tx.updateTable('duty').set(change).where('id', '=', id).execute()
    await writeHistory(work, { record: id, verb: 'done', note: note.trim(), detail: { ...(figures ? { figures } : {}) } })
    // T34, T56, T58, T67: it is handed in to somebody.
    const text = say.desk.handedIn(work.actor.display)
    await tell(work, {
      to: routine.tells,
      record: id,
      kind: 'handed-in',
      text: saidOf(routine, d, text),
    })
    await audit(work.tx, work.at, work.actor, 'duty-done', `${d.routine} ${d.period}`)
    work.touched.duties = true
  }
}

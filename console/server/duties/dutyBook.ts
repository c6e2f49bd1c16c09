import type { Selectable } from 'kysely'
import type { ReportTable } from '#api/models'
import { hasRole, type Role } from '#api/rights'
import { both } from '#api/words/both'
import { ApiError } from '#program/httpApi'
import { type CalendarRule, type Routine, routines } from '../../procedures/routines.ts'
import { audit, system } from '../books/audit.ts'
import type { BooksReader, BooksStore } from '../books/books.ts'
import { writeHistory } from '../books/history.ts'
import { tellRoles } from '../books/notices.ts'
import type { Books } from '../books/schema.ts'
import type { UnitOfWork, Work } from '../books/unitOfWork.ts'
import type { Directory } from '../cases/directory.ts'
import type { CaseEngine } from '../cases/engine.ts'
import { occurrences } from '../domain/occurrences.ts'
import type { SiteRules } from '../site/siteRules.ts'
import { addDuty } from './addDuty.ts'
import {
  complaintFigures,
  dutyFigures,
  type Figures,
  recordCheckFigures,
  recordReadFigures,
  repairFigures,
  rosterFigures,
  visitFigures,
} from './figures.ts'
import { reportTables } from './reports.ts'

export type Duty = Selectable<Books['duty']>
/** So many days ahead duties stand in the book; what was owed while nobody looked is made up for as long back. */
const aheadDays = 35
const backDays = 7

/** Figures that must be nothing before a duty is closed, and what is said otherwise. */
const mustBeNothing: Readonly<Record<string, string>> = {
  // R45: what is not done has its reason before the day is summed up.
  withoutReason: 'reasons-missing',
  unread: 'entries-unread',
  checksOwed: 'checks-missing',
  rostersOwed: 'roster-missing',
}

/** Duties that the calendar makes (design §6): each once for its period, chased, and closed with its evidence. */
export class DutyBook {
  readonly #rules: SiteRules
  readonly #engine: CaseEngine
  readonly #directory: Directory

  constructor(rules: SiteRules, engine: CaseEngine, directory: Directory) {
    this.#rules = rules
    this.#engine = engine
    this.#directory = directory
  }

  routine(id: string): Routine | undefined {
    return routines.find(r => r.id === id)
  }

  /** What this kind of site owes. */
  #owed(): readonly Routine[] {
    const kind = this.#rules.value('site-kind')
    return routines.filter(r => r.at.some(p => p === kind))
  }

  #occurrences(rule: CalendarRule, from: string, to: string) {
    return occurrences(rule, from, to, this.#rules.calendar, {
      weekday: r => (typeof r.weekday === 'number' ? r.weekday : this.#rules.number(r.weekday)),
      restDayShift: this.#rules.value('rest-day-shift') as 'none' | 'before' | 'after',
    })
  }

  /** Brings the book up to date: nothing twice, whatever is killed or set back in between. */
  async make(books: BooksStore, unit: UnitOfWork, now: number): Promise<void> {
    const { local } = this.#rules.calendar
    const today = local.dateOf(now)
    const from = local.plusDays(today, -backDays)
    const to = local.plusDays(today, aheadDays)
    const known = await books.read
      .selectFrom('duty')
      .select(['routine', 'period', 'limit_at'])
      .where('limit_at', '>=', local.instantOf(local.plusDays(from, -40), 0))
      .execute()
    const have = new Set(known.map(k => `${k.routine} ${k.period}`))
    /** A routine that begins today owes nothing of yesterday; one that was owed before is made up for. */
    const since = (id: string) => Math.min(now, ...known.filter(k => k.routine === id).map(k => k.limit_at))
    const missing = this.#owed().flatMap(routine => {
      const targets = routine.target ? this.#occurrences(routine.target, local.plusDays(from, -40), local.plusDays(to, 40)) : []
      return this.#occurrences(routine.rule, from, to)
        .filter(o => !have.has(`${routine.id} ${o.period}`) && o.dueAt >= since(routine.id))
        .map(o => ({
          routine,
          period: o.period,
          targetAt: targets.find(t => t.period === o.period)?.dueAt ?? null,
          limitAt: o.dueAt,
        }))
    })
    if (missing.length === 0) return
    await unit(system, async work => {
      for (const m of missing) await addDuty(work, m)
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
      for (const d of await late(work.tx, work.at)) {
        const missed = d.limit_at <= work.at
        const change = missed ? { missed_at: work.at, near_at: d.near_at ?? work.at } : { near_at: work.at }
        await work.tx.updateTable('duty').set(change).where('id', '=', d.id).execute()
        await this.#tell(work, d, missed ? 'missed' : 'approaching')
      }
    })
  }

  async #tell(work: Work, d: Duty, event: 'approaching' | 'missed') {
    const routine = this.routine(d.routine)
    if (!routine) return
    const roles: Role[] = event === 'missed' ? [...new Set([routine.owes, ...routine.tells])] : [routine.owes]
    const text = both(t => t.desk.deadline[event] ?? event)
    await writeHistory(work, { record: d.id, verb: `deadline-${event}`, detail: { told: roles } })
    await tellRoles(work, {
      roles,
      record: d.id,
      kind: event,
      text: {
        zh: `${routine.name.zh} ${d.period}：${text.zh}`,
        en: `${routine.name.en} ${d.period}: ${text.en}`,
      },
    })
    work.touched.duties = true
  }

  /** The stretch of time that a duty is about. */
  stretchOf(d: Pick<Duty, 'period' | 'limit_at'>): { from: number; to: number } {
    const { local } = this.#rules.calendar
    const start = (date: string) => local.instantOf(date, 0)
    const { period } = d
    if (period.startsWith('W')) return { from: start(period.slice(1)), to: start(local.plusDays(period.slice(1), 7)) }
    if (period.length === 10) return { from: start(period), to: start(local.plusDays(period, 1)) }
    // A month's summary that is owed in its first days is about the month before.
    const own = local.dateOf(d.limit_at)
    const early = Number(own.slice(8)) <= 15 && period.length === 7
    const month = early ? local.plusDays(`${own.slice(0, 7)}-01`, -1).slice(0, 7) : own.slice(0, 7)
    const next = local.plusDays(`${month}-28`, 4).slice(0, 7)
    return { from: start(`${month}-01`), to: start(`${next}-01`) }
  }

  async figures(db: BooksReader, d: Pick<Duty, 'routine' | 'period' | 'limit_at'>): Promise<Figures | null> {
    const stretch = this.stretchOf(d)
    switch (this.routine(d.routine)?.evidence) {
      case 'repair-figures':
        return repairFigures(db, stretch)
      case 'complaint-figures':
        return complaintFigures(db, stretch)
      case 'visit-figures':
        return visitFigures(db, stretch, this.#rules)
      case 'record-read':
        return recordReadFigures(db, stretch)
      case 'record-checks':
        return recordCheckFigures(db, stretch, this.#rules)
      case 'duty-figures':
        return dutyFigures(db, stretch, this.#rules.calendar.local)
      case 'roster':
        return rosterFigures(db, this.#rules.calendar.local.dateOf(stretch.to).slice(0, 7))
      default:
        return null
    }
  }

  /** The tables behind the figures, for the summary on paper. */
  async tables(db: BooksReader, d: Pick<Duty, 'routine' | 'period' | 'limit_at'>): Promise<ReportTable[]> {
    const evidence = this.routine(d.routine)?.evidence ?? 'note'
    return reportTables(evidence, { db, engine: this.#engine, directory: this.#directory, stretch: this.stretchOf(d) })
  }

  /** Closes a duty with its evidence. Figures are counted now and kept as they were signed. */
  async done(work: Work, id: string, note: string, doer: { roles: readonly Role[] }): Promise<void> {
    const d = await work.tx.selectFrom('duty').selectAll().where('id', '=', id).executeTakeFirst()
    const routine = d && this.routine(d.routine)
    if (!d || !routine) throw new ApiError(404, 'unknown-duty', 'id')
    if (!hasRole(doer.roles, [routine.owes, ...routine.tells])) throw new ApiError(403, 'not-your-role')
    if (d.done_at !== null) throw new ApiError(409, 'already-done')
    const figures = await this.figures(work.tx, d)
    for (const [key, code] of Object.entries(mustBeNothing)) {
      const n = figures?.[key] ?? 0
      if (n > 0) throw new ApiError(409, code, undefined, { n })
    }
    if (routine.evidence === 'note' && note.trim() === '') throw new ApiError(400, 'said-nothing', 'note')
    const change = {
      done_at: work.at,
      done_by: work.actor.display,
      note: note.trim() || null,
      figures_json: figures && JSON.stringify(figures),
      tables_json: JSON.stringify(await this.tables(work.tx, d)),
    }
    await work.tx.updateTable('duty').set(change).where('id', '=', id).execute()
    await writeHistory(work, { record: id, verb: 'done', note: note.trim(), detail: { ...(figures ? { figures } : {}) } })
    await audit(work.tx, work.at, work.actor, 'duty-done', `${d.routine} ${d.period}`)
    work.touched.duties = true
  }
}

import type { ExpressionBuilder } from 'kysely'
import { departmentsOf } from '#api/departments'
import type { MyDay } from '#api/models/duties'
import type { User } from '#api/models/people'
import { hasRole } from '#api/rights'
import type { Books } from '../books/schema.ts'
import { seenBy } from '../engine/cases/caseList.ts'
import { headOf } from '../engine/cases/caseRows.ts'
import { isAwake } from '../engine/cases/waking.ts'
import type { Duty } from '../engine/routines/dutyBook.ts'
import { DutyPosts } from '../engine/routines/dutyPosts.ts'
import { onDutyOn } from '../site/onDuty.ts'
import { gapAnsweredBy, nightFrom, serviceFrom, serviceTo } from '../site/settings.ts'
import type { Desk } from './desk.ts'
import { dutyViews } from './dutyViews.ts'

const openShown = 300
const agendaShown = 60

/** The day of somebody: what his post owes, what is in his hands, and who else is there. */
export const myDay = (desk: Desk) => {
  const db = desk.books.read
  const { local } = desk.rules.calendar
  const { viewOf } = dutyViews(desk)
  /** The hours in which nobody answers, as long as the site has not said who does (C6). */
  const uncovered = (onDuty: readonly { shift: string }[]) => {
    const { rules } = desk
    // Whoever is rostered for the evening answers.
    if (onDuty.some(p => p.shift === 'evening')) return null
    const from = String(rules.value(serviceTo))
    const to = String(rules.value(nightFrom))
    return from < to && String(rules.value(gapAnsweredBy) ?? '') === '' ? { from, to } : null
  }
  /** His are those that he took or has in hand. */
  const his = (user: User) => (e: ExpressionBuilder<Books, 'case_file'>) =>
    e.or(
      (['owner', 'handler'] as const).flatMap(hand => [
        e(`${hand}_id`, '=', user.id),
        e.and([e(`${hand}_id`, 'is', null), e(hand, '=', user.display)]),
      ]),
    )
  /** Open cases about which this person is asked to do something: they are his, or a step of his role is next. */
  const inHand = (user: User) => {
    const departments = departmentsOf(user.roles)
    return seenBy(desk.engine, db, user)
      .where('ended_at', 'is', null)
      .where(e =>
        e.or(
          desk.engine.visibleTo(user).flatMap(id => {
            const procedure = desk.engine.procedure(id)
            const states = Object.keys(procedure.states)
            const personal = procedure.personal ?? []
            const asked = states
              .filter(s => personal !== true && !personal.includes(s))
              .filter(s => procedure.transitions.some(t => t.from.includes(s) && hasRole(user.roles, t.by)))
            // R23: what is another department's to handle stands on that one's day.
            const theirs =
              departments === 'all' || !procedure.departmentOf
                ? e.and([])
                : e.or([e('department', 'is', null), e('department', 'in', departments)])
            return [
              e.and([isAwake(procedure, states)(e), his(user)(e)]),
              ...(asked.length === 0 ? [] : [e.and([isAwake(procedure, asked)(e), theirs])]),
            ]
          }),
        ),
      )
  }
  /** Before the service hours begin it is still the night of yesterday's roster. */
  const onDutyNow = async () => {
    const { date, minuteOfDay } = desk.directory.calendar.partsOf(desk.wall())
    if (minuteOfDay >= desk.rules.minuteOfDay(serviceFrom)) return onDutyOn(db, date)
    const night = (await onDutyOn(db, local.plusDays(date, -1))).filter(p => p.shift === 'night')
    return night.length > 0 ? night : onDutyOn(db, date)
  }
  return async (user: User): Promise<MyDay> => {
    const today = local.dateOf(desk.wall())
    const dayStart = local.instantOf(today, 0)
    const dayEnd = local.instantOf(local.plusDays(today, 1), 0)
    const [posts, onDuty, tonight, duties, open, ended, agenda] = await Promise.all([
      DutyPosts.read(db),
      onDutyNow(),
      onDutyOn(db, today),
      db
        .selectFrom('duty')
        .selectAll()
        .where('limit_at', '<', dayEnd)
        .where('owes', 'in', user.roles)
        .where(e => e.or([e('done_at', 'is', null), e('limit_at', '>=', dayStart), e('done_at', '>=', dayStart)]))
        .orderBy('limit_at')
        .limit(200)
        .execute(),
      inHand(user)
        .orderBy('urgent', 'desc')
        .orderBy(e => e.fn.coalesce('due_at', e.lit(9_000_000_000_000)))
        .orderBy('opened_at')
        .limit(openShown)
        .execute(),
      seenBy(desk.engine, db, user)
        .where('ended_at', '>=', dayStart)
        .where(his(user))
        .orderBy('ended_at', 'desc')
        .limit(50)
        .execute(),
      desk.engine.manual.agenda({ db, ...desk, person: user, from: dayStart, to: dayEnd }),
    ])
    const owed = (d: Duty) => {
      const routine = desk.duties.routine(d.routine)
      return routine !== undefined && posts.owes(routine, user)
    }
    const shown = (rows: typeof open) => rows.map(row => desk.engine.shownTo(user, headOf(row)))
    return {
      duties: duties.filter(owed).flatMap(viewOf(posts)),
      open: shown(open),
      ended: shown(ended),
      // Of the night's shift what is left of it; of tomorrow nothing.
      agenda: agenda.filter(a => a.to > desk.wall()).slice(0, agendaShown),
      uncovered: uncovered(tonight),
      onDuty,
    }
  }
}

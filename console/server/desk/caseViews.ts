import { Refusal } from '#api/errors'
import { numbersShownTo } from '#api/masking'
import type { CaseEvent, CaseFull } from '#api/models/cases'
import type { User } from '#api/models/people'
import { hasRole } from '#api/rights'
import { deadlineOf, eventOf } from '../engine/cases/caseRows.ts'
import { linesShown } from '../engine/cases/lineBook.ts'
import { eventShownTo, headShownTo } from '../engine/cases/shown.ts'
import type { Desk } from './desk.ts'

/** A case with everything around it, as somebody may see it. */
export const caseViews = (desk: Desk) => {
  const maySee = (user: User, procedure: string) => {
    if (!hasRole(user.roles, desk.engine.procedure(procedure).sees)) throw new Refusal('not-your-role')
  }
  /** The cases that are kept from somebody: few, so whole. */
  const keptOf = async (user: User): Promise<ReadonlySet<string>> =>
    new Set((await desk.engine.keptFrom(desk.books.read, user).execute()).map(r => r.id))
  const full = async (id: string, user: User): Promise<CaseFull> => {
    const db = desk.books.read
    // Together, in one trip: whoever has just opened a case is waiting for it.
    const [head, events, alarms, linked, clocks, kept] = await Promise.all([
      desk.engine.seen(db, id, user),
      db.selectFrom('history').selectAll().where('record', '=', id).orderBy('n', 'desc').execute(),
      db.selectFrom('alarm').selectAll().where('ticket', '=', id).orderBy('raised_at').execute(),
      db
        .selectFrom('case_link')
        .innerJoin('case_file', join =>
          join.on(e =>
            e('case_file.id', '=', e.case().when('from_case', '=', id).then(e.ref('to_case')).else(e.ref('from_case')).end()),
          ),
        )
        .select(['case_file.id', 'case_file.number', 'case_file.procedure', 'case_link.relation'])
        .where(e => e.or([e('from_case', '=', id), e('to_case', '=', id)]))
        .orderBy('case_file.opened_at')
        .execute(),
      db.selectFrom('case_deadline').selectAll().where('case_id', '=', id).orderBy('started_at').execute(),
      keptOf(user),
    ])
    const links = linked.filter(l => !kept.has(l.id))
    // A case that is kept from him has no number here either.
    const unsaid = new Set(linked.filter(l => kept.has(l.id)).map(l => l.number))
    const procedure = desk.engine.procedureOf(head)
    const look = {
      ...{ db, at: desk.wall(), head, user, kept, visible: desk.engine.visibleTo(user) },
      ...{ manual: desk.engine.manual, present: desk.present() },
    }
    const { event = (e: CaseEvent): CaseEvent | undefined => e, ...parts } =
      (await desk.engine.manual.kind(head.procedure)?.parts?.(look)) ?? {}
    return {
      ...headShownTo(procedure, user, head),
      ...{ steps: [], leads: [], places: [], told: [], items: [], shifts: [], linkages: [] },
      ...parts,
      lines: numbersShownTo(user, await linesShown(db, procedure, head, user)),
      events: events
        .map(eventOf)
        .filter(e => !(e.verb === 'led-to' && unsaid.has(e.note)))
        .flatMap(e => event(eventShownTo(procedure, user, e)) ?? []),
      deadlines: clocks.flatMap(d => {
        const rule = procedure.deadlines?.find(x => x.key === d.key)
        return rule ? [deadlineOf(d, rule)] : []
      }),
      correctable: head.endedAt === null && hasRole(user.roles, procedure.corrects ?? []),
      alarms: alarms.map(desk.alarms.ofRow),
      links,
      verbs: await desk.engine.verbs(db, desk.wall(), head, user),
    }
  }
  return { maySee, full }
}

import type { CaseEvent, CaseFull, HandoverItem } from '#api/models/cases'
import type { User } from '#api/models/people'
import { hasRole } from '#api/rights'
import { ApiError } from '#program/httpApi'
import { tellingsOf } from '../../subjects/emergency/telling.ts'
import { itemOf } from '../../subjects/handover/items.ts'
import { shiftsOf } from '../../subjects/roster/rosterBook.ts'
import { deadlineOf, eventOf, linkageOf, stepOf } from '../engine/cases/caseRows.ts'
import { eventShownTo, headShownTo } from '../engine/cases/shown.ts'
import type { Desk } from './desk.ts'

/** A case with everything around it, as somebody may see it. */
export const caseViews = (desk: Desk) => {
  const maySee = (user: User, procedure: string) => {
    if (!hasRole(user.roles, desk.engine.procedure(procedure).sees)) throw new ApiError(403, 'not-your-role')
  }
  /** Items about cases that somebody does not see are named by their number alone; which ones these are. */
  const maskedItems = async (user: User, items: HandoverItem[]): Promise<Map<number, string>> => {
    if (items.length === 0) return new Map()
    const visible = desk.engine.visibleTo(user)
    const rows = await desk.books.read
      .selectFrom('case_file')
      .select(['id', 'number', 'procedure'])
      .where(
        'id',
        'in',
        items.map(i => i.ref),
      )
      .execute()
    const numbers = new Map(rows.filter(r => !visible.includes(r.procedure)).map(r => [r.id, r.number]))
    return new Map(items.flatMap(i => (numbers.has(i.ref) ? [[i.n, numbers.get(i.ref) ?? '']] : [])))
  }
  const itemShown = (masked: Map<number, string>, i: HandoverItem): HandoverItem => {
    const number = masked.get(i.n)
    return number === undefined ? i : { ...i, text: { zh: number, en: number }, remark: i.remark === null ? null : '…' }
  }
  /** The history of such an item repeats its words. */
  const itemEventShown = (masked: Map<number, string>, e: CaseEvent): CaseEvent => {
    const number = e.verb.startsWith('item-') ? masked.get(Number(e.detail['n'])) : undefined
    return number === undefined ? e : { ...e, note: '', detail: { n: e.detail['n'], item: number } }
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
    const procedure = desk.engine.procedure(head.procedure)
    const of = (name: string) => head.procedure === name
    const steps = of('emergency')
      ? await db.selectFrom('case_step').selectAll().where('case_id', '=', id).orderBy('n').execute()
      : []
    const listed = of('handover')
      ? (await db.selectFrom('handover_item').selectAll().where('case_id', '=', id).orderBy('n').execute()).map(itemOf)
      : []
    const items = listed.filter(i => !kept.has(i.ref))
    const gone = new Set(listed.filter(i => kept.has(i.ref)).map(i => i.n))
    const masked = await maskedItems(user, items)
    const shifts = of('roster') ? await shiftsOf(db, id) : []
    // The agent's own times: a fire may be older than its ticket when the journal came late.
    const since = Math.min(head.openedAt, alarms[0]?.raised_at ?? head.openedAt)
    const linkages =
      head.form['kind'] === 'fire' && head.place
        ? await db
            .selectFrom('linkage')
            .innerJoin('compartment_event', 'compartment_event.event', 'linkage.event')
            .selectAll('linkage')
            .where('linkage.compartment', '=', head.place)
            .where('compartment_event.met_at', '>=', since)
            .where('compartment_event.met_at', '<=', head.endedAt ?? Number.MAX_SAFE_INTEGER)
            .orderBy('linkage.linkage')
            .execute()
        : []
    return {
      ...headShownTo(procedure, user, head),
      events: events
        .map(eventOf)
        .filter(
          e => !(e.verb === 'led-to' && unsaid.has(e.note)) && !(e.verb.startsWith('item-') && gone.has(Number(e.detail['n']))),
        )
        .map(e => itemEventShown(masked, eventShownTo(procedure, user, e))),
      deadlines: clocks.flatMap(d => {
        const rule = procedure.deadlines?.find(x => x.key === d.key)
        return rule ? [deadlineOf(d, rule)] : []
      }),
      correctable: head.endedAt === null && hasRole(user.roles, procedure.corrects ?? []),
      steps: steps.map(stepOf),
      told: of('emergency') ? await tellingsOf(db, id) : [],
      items: items.map(i => itemShown(masked, i)),
      shifts,
      alarms: alarms.map(desk.alarms.ofRow),
      linkages: linkages.map(linkageOf),
      links,
      verbs: await desk.engine.verbs(db, desk.wall(), head, user),
    }
  }
  return { maySee, full }
}

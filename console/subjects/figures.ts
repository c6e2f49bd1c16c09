import type { Department } from '#api/departments'
import type { CaseHead } from '#api/models/cases'
import type { LocalCalendar } from '#contract/programmeHours'
import type { BooksReader } from '../server/books/books.ts'
import { headOf } from '../server/engine/cases/caseRows.ts'
import type { SiteRules } from '../server/site/siteRules.ts'

/** Counts of a stretch of time, [from, to), ms. */
export type Stretch = { from: number; to: number }
const aboutAMonth = 27 * 86_400_000
export type Figures = Record<string, number>
/** The ids of the cases that a figure counts. */
export type Behind = Record<string, string[]>
export type Counted = { figures: Figures; behind: Behind }

/** Figures that are so many cases each. */
const counted = (groups: Record<string, readonly { id: string }[]>, more: Figures = {}): Counted => {
  const behind = Object.fromEntries(Object.entries(groups).map(([key, list]) => [key, list.map(c => c.id)]))
  return { figures: { ...Object.fromEntries(Object.entries(behind).map(([key, ids]) => [key, ids.length])), ...more }, behind }
}
/** Figures that are not of cases. */
const plain = (figures: Figures): Counted => ({ figures, behind: {} })

const cases = (db: BooksReader, procedure: string) => db.selectFrom('case_file').selectAll().where('procedure', '=', procedure)
/** Cases of a procedure that were opened in the stretch, oldest first. */
export const openedIn = async (db: BooksReader, procedure: string, s: Stretch): Promise<CaseHead[]> => {
  const rows = cases(db, procedure).where('opened_at', '>=', s.from).where('opened_at', '<', s.to).orderBy('opened_at')
  return (await rows.execute()).map(headOf)
}

/** Orders for overtime air are not repairs and do not distort the figures (R48); what was cancelled neither. */
export const isRepair = (head: CaseHead): boolean => head.form['kind'] !== 'overtime' && head.state !== 'void'

/**
 * Repair orders received in the stretch: how many are done, open, and open without a reason (R45); `carried` are those of
 * before that are still open, and followed again (T55), `carriedDone` those of before that were done now.
 */
export const repairFigures = async (db: BooksReader, s: Stretch): Promise<Counted> => {
  const received = (await openedIn(db, 'repair', s)).filter(isRepair)
  const open = received.filter(h => h.endedAt === null)
  const carried = await carriedRepairs(db, s)
  return counted({
    received,
    done: received.filter(h => h.endedAt !== null),
    open,
    urgent: received.filter(h => h.urgent),
    carried,
    carriedDone: await doneLaterRepairs(db, s),
    withoutReason: [...open, ...carried].filter(h => !['unfinished', 'waiting-parts'].includes(h.state)),
  })
}

/** Repair orders from before the stretch that are still open. */
export const carriedRepairs = async (db: BooksReader, s: Stretch): Promise<CaseHead[]> =>
  (await cases(db, 'repair').where('ended_at', 'is', null).where('opened_at', '<', s.from).orderBy('opened_at').execute())
    .map(headOf)
    .filter(isRepair)

/** Repair orders from before the stretch that were done in it. */
const doneLaterRepairs = async (db: BooksReader, s: Stretch): Promise<CaseHead[]> =>
  (
    await cases(db, 'repair')
      .where('ended_at', '>=', s.from)
      .where('ended_at', '<', s.to)
      .where('opened_at', '<', s.from)
      .orderBy('ended_at')
      .execute()
  )
    .map(headOf)
    .filter(isRepair)

/** Complaints of one place and category: more than one of them are repeats (001 compl.9). */
export const complaintGroups = (heads: readonly CaseHead[]): CaseHead[][] => {
  const groups = new Map<string, CaseHead[]>()
  for (const h of heads) {
    const key = `${h.place}/${h.form['category']}`
    groups.set(key, [...(groups.get(key) ?? []), h])
  }
  return [...groups.values()]
}

/** How a complaint was judged (R24): by what was done with it last, for one that was taken up again was valid after all. */
export const complaintClass = (facts: Record<string, unknown>): 'invalid' | 'assist' | 'municipal' | 'valid' | 'unclassified' => {
  const at = (verb: string) => (facts[verb] as { at: number } | undefined)?.at ?? 0
  if (at('invalid') > at('handle')) return 'invalid'
  if ('assist' in facts) return 'assist'
  if ('municipal' in facts) return 'municipal'
  return 'handle' in facts || 'agree-time' in facts || 'pass-on' in facts ? 'valid' : 'unclassified'
}

/** Complaints received: all must have a recorded result (T21, C37). */
export const complaintFigures = async (db: BooksReader, s: Stretch): Promise<Counted> => {
  const received = await openedIn(db, 'complaint', s)
  return counted({
    received,
    handled: received.filter(h => 'handle' in h.facts || 'invalid' in h.facts),
    closed: received.filter(h => h.endedAt !== null),
    collective: received.filter(h => h.form['collective'] === true),
    major: received.filter(h => h.form['major'] === true),
    repeated: complaintGroups(received)
      .filter(g => g.length > 1)
      .flat(),
  })
}

/** Repairs completed in the stretch, and how many of them have been visited; overtime orders as the site decides (C41). */
export const visitFigures = async (db: BooksReader, s: Stretch, rules: SiteRules): Promise<Counted> => {
  const done = await repairsToVisit(db, s, rules)
  const visited = done.filter(r => r.visited)
  const rate = rules.number('repair-visit-rate')
  const visits = await cases(db, 'return-visit').where('ended_at', '>=', s.from).where('ended_at', '<', s.to).execute()
  const complaintVisits = (await openedIn(db, 'return-visit', s)).filter(v => v.form['about'] === 'complaint')
  // Return visits do not count as customer visits, and a customer counts once (004 row 11).
  const customers = new Map(visits.filter(v => JSON.parse(v.form_json).about === 'visit').map(v => [v.tenant ?? v.place, v]))
  return counted(
    {
      completed: done.map(r => r.row),
      visited: visited.map(r => r.row),
      // T30: of the complaints that were to be visited, those that have been.
      complaintVisits,
      complaintVisitsOpen: complaintVisits.filter(v => Object.keys(v.facts).length === 0),
      customers: [...customers.values()],
    },
    {
      ...(done.length > 0 ? { percent: Math.floor((visited.length * 100) / done.length) } : {}),
      owed: rate === null ? 0 : Math.max(0, Math.ceil((done.length * rate) / 100) - visited.length),
      ...(s.to - s.from > aboutAMonth
        ? { customersOwed: Math.max(0, (rules.number('customer-visits') ?? 0) - customers.size) }
        : {}),
    },
  )
}

/** Repairs completed in the stretch with whether a return visit has been made or begun, oldest first. */
export const repairsToVisit = async (db: BooksReader, s: Stretch, rules: SiteRules) => {
  const rows = await cases(db, 'repair')
    .where('state', '=', 'done')
    .where('ended_at', '>=', s.from)
    .where('ended_at', '<', s.to)
    .orderBy('ended_at')
    .execute()
  // Orders of customers; those that an alarm has opened have no customer to be asked.
  const kinds = ['repair', 'round', ...(rules.value('repair-visits-with-overtime') === true ? ['overtime'] : [])]
  const counted = rows.filter(r => kinds.includes(JSON.parse(r.form_json).kind))
  if (counted.length === 0) return []
  const links = await db
    .selectFrom('case_link')
    .innerJoin('case_file', 'case_file.id', 'case_link.to_case')
    .select(['case_link.from_case', 'case_file.facts_json'])
    .where('relation', '=', 'visit')
    .where(
      'from_case',
      'in',
      counted.map(r => r.id),
    )
    .execute()
  return counted.map(row => ({
    row,
    begun: links.some(l => l.from_case === row.id),
    // Whoever was not satisfied has been visited all the same.
    visited: links.some(l => l.from_case === row.id && l.facts_json !== '{}'),
  }))
}

const dutyRecord = 'duty-record'

/** What stands in the duty record of the stretch unread, and whatever is still unread from before (R64: read daily). */
export const recordReadFigures = async (db: BooksReader, s: Stretch): Promise<Counted> => {
  const written = await entriesIn(db, dutyRecord, s)
  const unread = await db
    .selectFrom('register_entry')
    .select(e => e.fn.countAll().as('n'))
    .where('register', '=', dutyRecord)
    .where('at', '<', s.to)
    .where('read_at', 'is', null)
    .executeTakeFirst()
  return plain({ entries: written.length, unread: Number(unread?.n ?? 0) })
}

/** How much of a register's entries of the stretch the director has checked, and how much is still owed (R64, T72). */
export const recordCheckFigures = async (
  db: BooksReader,
  s: Stretch,
  rules: SiteRules,
  register = dutyRecord,
): Promise<Figures> => {
  const written = await entriesIn(db, register, s)
  const checked = written.filter(e => e.checked_at !== null).length
  const share = rules.number('record-check-share')
  return {
    entries: written.length,
    checked,
    checksOwed: share === null ? 0 : Math.max(0, Math.ceil((written.length * share) / 100) - checked),
  }
}

const entriesIn = (db: BooksReader, register: string, s: Stretch) =>
  db
    .selectFrom('register_entry')
    .select(['read_at', 'checked_at'])
    .where('register', '=', register)
    .where('at', '>=', s.from)
    .where('at', '<', s.to)
    .execute()

/** By person: shifts on the rosters in force up to now, and shifts handed over (R63). */
export const dutyLines = async (db: BooksReader, s: Stretch, calendar: LocalCalendar) => {
  const [rostered, handed] = await Promise.all([
    db
      .selectFrom('roster_shift')
      .innerJoin('case_file', 'case_file.id', 'roster_shift.case_id')
      .select(['roster_shift.person'])
      .where('roster_shift.date', '>=', calendar.dateOf(s.from))
      .where('roster_shift.date', '<', calendar.dateOf(s.to))
      .where('case_file.state', 'in', ['in-force', 'appraised', 'closed'])
      .execute(),
    cases(db, 'handover').where('state', '=', 'signed').where('ended_at', '>=', s.from).where('ended_at', '<', s.to).execute(),
  ])
  const people = [...new Set([...rostered.map(r => r.person), ...handed.map(h => h.owner)])].sort()
  return people.map(person => ({
    person,
    rostered: rostered.filter(r => r.person === person).length,
    handedOver: handed.filter(h => h.owner === person).length,
  }))
}

export const dutyFigures = async (db: BooksReader, s: Stretch, calendar: LocalCalendar): Promise<Counted> => {
  const lines = await dutyLines(db, s, calendar)
  const sum = (key: 'rostered' | 'handedOver') => lines.reduce((n, l) => n + l[key], 0)
  return plain({ people: lines.length, rostered: sum('rostered'), handedOver: sum('handedOver') })
}

/** R63 (004 row 7): "CS and ENG". */
const rostered: readonly Department[] = ['customer-service', 'engineering']

/** Rosters of a month that have been handed in, and of which departments one is owed (R63). */
export const rosterFigures = async (db: BooksReader, month: string): Promise<Counted> => {
  const rows = await cases(db, 'roster').where('state', 'in', ['submitted', 'in-force', 'appraised', 'closed']).execute()
  const handedIn = rows.filter(r => JSON.parse(r.form_json).month === month)
  const owed = rostered.filter(d => !handedIn.some(r => r.department === d))
  return counted({ rosters: handedIn }, { rostersOwed: owed.length })
}

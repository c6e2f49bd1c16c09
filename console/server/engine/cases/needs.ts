import type { CaseHead } from '#api/models/cases'
import type { Role } from '#api/rights'
import type { Words } from '#contract/names'
import { aboutSomebody } from '../../../subjects/complaint/complaint.ts'
import { reportedSource } from '../../../subjects/emergency/reportedAlarms.ts'
import { comeSince } from '../../../subjects/handover/draft.ts'
import { quoteOf } from '../../../subjects/overtime/evenings.ts'
import { shiftsOf, uncoveredDay } from '../../../subjects/roster/rosterBook.ts'
import type { BooksReader } from '../../books/books.ts'
import type { LiveState } from '../../mirror/liveState.ts'
import type { Directory } from '../../site/directory.ts'
import type { SiteRules } from '../../site/siteRules.ts'
import type { Need } from '../definition.ts'
import { gravest } from './grave.ts'
import { casesAbout, isAbout, isNamed, isSame, type Someone } from './people.ts'

/** Why something may not be done: a code that the screens put into a sentence, and the field it is about. */
export type Blocked = { code: string; field?: string; detail?: Record<string, unknown> }
/** A person by his roles, or the console itself. */
export type Doer = { roles: readonly Role[] } | 'system'
type Look = {
  db: BooksReader
  at: number
  directory: Directory
  live: LiveState
  rules: SiteRules
  head: Pick<CaseHead, 'id' | 'place' | 'form' | 'facts' | 'owner' | 'ownerId'>
  /** Who wants to do it, and what was said with it; unknown while only the possibility is asked. */
  by: Someone
  doer: Doer
  said: Record<string, unknown> | undefined
}

const longestBookingMs = 24 * 3_600_000
const graceMs = 60_000

const lastAnswerAt = (head: Look['head']): number =>
  Math.max(...['answer', 'invalid'].map(verb => Number((head.facts[verb] as { at: number } | undefined)?.at ?? 0)))

/** What the outgoing person has said since the list was last made ready. */
const statedFit = (head: Pick<CaseHead, 'facts'>) => {
  const ready = head.facts['ready'] as { at: number } | undefined
  const stated = head.facts['state-fit'] as { at: number; fit: 'clear' | 'unfit'; substitute?: string } | undefined
  return stated && stated.at >= (ready?.at ?? 0) ? stated : undefined
}

/** Who takes a shift over: the incoming person, or his substitute when he is not fit. */
export const takerOf = (head: Pick<CaseHead, 'form' | 'facts'>): string => {
  const stated = statedFit(head)
  return String(stated?.fit === 'unfit' ? (stated.substitute ?? '') : head.form['incoming'])
}

export const isOwner = (head: Pick<CaseHead, 'owner' | 'ownerId'>, who: Someone): boolean =>
  isSame(who, { id: head.ownerId, name: head.owner })

/** Whether somebody takes this shift over. */
export const isTaker = (db: BooksReader, head: Pick<CaseHead, 'id' | 'form' | 'facts'>, who: Someone): Promise<boolean> =>
  isNamed(db, head.id, takerOf(head), who)

/** Cases that were opened because of one and have come to this state. */
const linked = (db: Look['db'], from: string, relation: string, state: string) =>
  db
    .selectFrom('case_link')
    .innerJoin('case_file', 'case_file.id', 'case_link.to_case')
    .select('case_file.id')
    .where('from_case', '=', from)
    .where('relation', '=', relation)
    .where('case_file.state', '=', state)

const time = (head: Look['head'], key: string) => Number(head.form[key])

const bookable = async ({ db, at, directory, head, rules }: Look): Promise<Blocked | null> => {
  const { zone } = head.form as { zone: string }
  const from = time(head, 'from')
  const to = time(head, 'to')
  if (!directory.zoneExists(zone)) return { code: 'unknown-zone', field: 'zone' }
  if (from < at - graceMs) return { code: 'in-the-past', field: 'from' }
  if (to <= from) return { code: 'ends-before-start', field: 'to' }
  if (to - from > longestBookingMs) return { code: 'too-long', field: 'to' }
  const tenant = await directory.tenantOfPlace(db, zone)
  if (!tenant) return { code: 'no-tenant', field: 'zone' }
  const clash = await db
    .selectFrom('booking')
    .innerJoin('case_file', 'case_file.id', 'booking.case_id')
    .select('case_file.number')
    .where('booking.zone', '=', zone)
    .where('booking.live', '=', 1)
    .where('booking.from_at', '<', to)
    .where('booking.to_at', '>', from)
    .where('booking.case_id', '!=', head.id)
    .executeTakeFirst()
  if (clash) return { code: 'overlaps', field: 'from', detail: { number: clash.number } }
  return asTold({ db, directory, head, rules })
}

/** What the customer was told must be what is booked, and still be so when he accepts and signs. */
const asTold = async ({
  db,
  directory,
  head,
  rules,
}: Pick<Look, 'db' | 'directory' | 'head' | 'rules'>): Promise<Blocked | null> => {
  const { id, form } = head
  const zone = String(form['zone'])
  const tenant = (await directory.tenantOfPlace(db, zone))?.id ?? ''
  const quote = await quoteOf(db, directory, { id, zone, tenant, from: time(head, 'from'), to: time(head, 'to') })
  if (!quote) return { code: 'no-tariff', field: 'zone' }
  if (quote.freeMinutes === quote.minutes) {
    // "Free" is said only of a day that is known: it may be a holiday, which is not.
    const { dateOf } = directory.calendar
    const date = rules.calendar.unknownFrom(dateOf(time(head, 'from')), dateOf(time(head, 'to') - 1))
    return date === null ? { code: 'no-overtime', field: 'from' } : { code: 'day-unknown', field: 'from', detail: { date } }
  }
  const told = form['rateFen']
  if (quote.fen !== form['quotedFen'] || (told !== undefined && told !== quote.tariff.fenPerHour))
    return { code: 'price-changed', field: 'quotedFen', detail: { fen: quote.fen } }
  return null
}

/** What of a handover still counts. */
const allItems = (db: BooksReader, caseId: string) =>
  db.selectFrom('handover_item').select('n').where('case_id', '=', caseId).where('over', '=', 0)
/** What is kept from somebody is none of his to explain or to check. */
const items = (db: BooksReader, caseId: string, who: Someone) => allItems(db, caseId).where('ref', 'not in', casesAbout(db, who))

type Did = { at: number; by: string; byId?: string } | undefined
const didIt = (facts: CaseHead['facts'], verb: string, who: Someone): boolean => {
  const did = facts[verb] as Did
  return did !== undefined && isSame(who, { id: did.byId, name: did.by })
}

/** Who has a role, by post or account, and is not the one whom a case is about. */
const somebodyElse = async (db: BooksReader, role: Role, caseId: string): Promise<boolean> => {
  const accounts = await db
    .selectFrom('user_account')
    .leftJoin('post', 'post.id', 'user_account.post')
    .select(['user_account.id', 'user_account.display', 'user_account.roles_json', 'post.roles_json as post_roles'])
    .where('user_account.active', '=', 1)
    .execute()
  for (const a of accounts.filter(x => (JSON.parse(x.post_roles ?? x.roles_json) as Role[]).includes(role)))
    if (!(await isAbout(db, caseId, a))) return true
  return false
}

const ticketAlarms = (db: BooksReader, ticket: string) =>
  db.selectFrom('alarm').select(['name_zh', 'name_en']).where('ticket', '=', ticket).orderBy('raised_at')
const wordsOf = (row: { name_zh: string; name_en: string }): Words => ({ zh: row.name_zh, en: row.name_en })
/** What is missing, by name, so that a refusal says it. */
const named = (missing: readonly Words[]) => ({ n: missing.length, missing })

/** The closed list of preconditions (design §6). */
export const needs: Record<Need, (look: Look) => Promise<Blocked | null>> = {
  bookable,
  async 'alarms-returned'({ db, head }) {
    const open = await ticketAlarms(db, head.id)
      .where('returned_at', 'is', null)
      // What a person has reported is over when a person says so.
      .where('source', '!=', reportedSource)
      .execute()
    return open.length > 0 ? { code: 'still-in-alarm', detail: named(open.map(wordsOf)) } : null
  },
  async 'alarms-acked'({ db, head }) {
    const open = await ticketAlarms(db, head.id).where('acked_at', 'is', null).execute()
    return open.length > 0 ? { code: 'alarms-unacked', detail: named(open.map(wordsOf)) } : null
  },
  // Done, or set aside with a reason: nothing of the plan is left without an answer.
  async 'steps-settled'({ db, head }) {
    const open = await db
      .selectFrom('case_step')
      .select(['n', 'text_zh', 'text_en'])
      .where('case_id', '=', head.id)
      .where('done_at', 'is', null)
      .where('aside_at', 'is', null)
      .orderBy('n')
      .execute()
    const steps = open.map(s => ({ zh: `${s.n} ${s.text_zh}`, en: `${s.n} ${s.text_en}` }))
    return open.length > 0 ? { code: 'steps-open', field: 'steps', detail: named(steps) } : null
  },
  async 'own-shift'({ head, by }) {
    return isOwner(head, by) ? null : { code: 'not-own-shift' }
  },
  async 'not-own-shift'({ head, by }) {
    return isOwner(head, by) ? { code: 'own-shift' } : null
  },
  async prepared({ db, head, rules, by }) {
    // C8: unfinished matters go over with their reason, unless this site forbids it.
    const kept = rules.value('handover-carries') === true ? [] : await items(db, head.id, by).where('kind', '=', 'case').execute()
    if (kept.length > 0) return { code: 'matters-open', detail: { n: kept.length } }
    const open = await items(db, head.id, by).where('needs_remark', '=', 1).where('remark', 'is', null).execute()
    return open.length > 0 ? { code: 'remarks-missing', detail: { n: open.length } } : null
  },
  // What the incoming person has checked, his substitute has not.
  async 'all-checked'({ db, head, by }) {
    const listed = await items(db, head.id, by).select(['checked_at', 'checked_by', 'checked_by_id']).execute()
    const open = listed.filter(i => i.checked_at === null || !isSame(by, { id: i.checked_by_id, name: i.checked_by }))
    return open.length > 0 ? { code: 'items-unchecked', detail: { n: open.length } } : null
  },
  // The bans of R61 (2b 2.4), in its own order; the third is the state itself.
  async 'no-major-event'({ db, rules, by }) {
    const open = await gravest(db, rules, by)
    return open && { code: open.procedure === 'emergency' ? 'emergency-open' : 'grave-open', detail: { number: open.number } }
  },
  async 'no-equipment-moving'({ live }) {
    const [first] = live.moving()
    return first ? { code: 'equipment-moving', detail: { device: first.device } } : null
  },
  async fit({ head }) {
    const stated = statedFit(head)
    if (!stated) return { code: 'fitness-unstated' }
    return stated.fit === 'unfit' && !stated.substitute ? { code: 'unfit' } : null
  },
  async 'named-taker'({ db, head, by }) {
    return (await isTaker(db, head, by)) ? null : { code: 'not-the-taker', detail: { number: takerOf(head) } }
  },
  async visited({ db, head, rules }) {
    if (rules.number('complaint-visit-rate') === null) return null
    const done = await linked(db, head.id, 'visit', 'satisfied')
      // A visit before the last answer says nothing about it.
      .where('case_file.ended_at', '>=', lastAnswerAt(head))
      .executeTakeFirst()
    return done ? null : { code: 'not-visited' }
  },
  async 'only-roster'({ db, head }) {
    const { month, department } = head.form
    const others = await db
      .selectFrom('case_file')
      .select(['number', 'form_json'])
      .where('procedure', '=', 'roster')
      .where('department', '=', String(department))
      .where('ended_at', 'is', null)
      .execute()
    const same = others.find(o => JSON.parse(o.form_json).month === month)
    return same ? { code: 'roster-exists', field: 'month', detail: { number: same.number } } : null
  },
  async 'every-day-covered'({ db, head, rules }) {
    const { calendar } = rules
    const onHolidays = rules.number('holiday-duty') ?? 1
    const fewest = (date: string) => (calendar.isHoliday(date) ? onHolidays : 1)
    const date = uncoveredDay(calendar.local, String(head.form['month']), await shiftsOf(db, head.id), fewest)
    return date ? { code: 'day-uncovered', detail: { date } } : null
  },
  async 'on-roster'({ db, at, head, said, rules }) {
    if (!said) return null
    // R61: consent comes before the shift.
    if (String(said['date']) < rules.calendar.local.dateOf(at)) return { code: 'in-the-past', field: 'date' }
    const there = (person: unknown) => (l: { date: string; shift: string; person: string }) =>
      l.date === said['date'] && l.shift === said['shift'] && l.person === person
    const lines = await shiftsOf(db, head.id)
    if (!lines.some(there(said['person']))) return { code: 'not-on-that-shift', field: 'person' }
    return lines.some(there(said['substitute'])) ? { code: 'person-twice', field: 'substitute' } : null
  },
  // R29: nobody takes a step in a complaint about himself; who was named once stays so.
  async 'not-about-oneself'({ db, head, by }) {
    return (await isAbout(db, head.id, by)) ? { code: 'about-oneself' } : null
  },
  // R30: a major complaint is visited by somebody who has neither handled nor answered it.
  async 'other-hands'({ db, head, by }) {
    const from = await db
      .selectFrom('case_link')
      .innerJoin('case_file', 'case_file.id', 'case_link.from_case')
      .select(['form_json', 'facts_json'])
      .where('to_case', '=', head.id)
      .where('relation', '=', 'visit')
      .executeTakeFirst()
    if (!from || JSON.parse(from.form_json).major !== true) return null
    const facts = JSON.parse(from.facts_json) as CaseHead['facts']
    return ['handle', 'answer', 'invalid'].some(verb => didIt(facts, verb, by)) ? { code: 'other-hands' } : null
  },
  // R30 (000 §4.6.3.3): the general manager's, unless it is about the only one.
  async 'decided-above'({ db, head }) {
    if (head.form['major'] !== true || 'instruct' in head.facts) return null
    return (await somebodyElse(db, 'general-manager', head.id)) ? { code: 'not-decided' } : null
  },
  async 'own-statements'({ rules }) {
    return rules.value('own-statement') === true ? null : { code: 'not-at-this-site' }
  },
  async 'named-himself'({ db, head, by }) {
    return (await isNamed(db, head.id, String(head.form['who']), by)) ? null : { code: 'not-your-role' }
  },
  // C18: the manual names the assistant or the supervisor; a site may leave it to one of them. The manager always may.
  async 'pays-visits'({ head, doer, rules }) {
    const only = rules.value('complaint-visits-by')
    if (doer === 'system' || only === 'either' || head.form['about'] !== 'complaint') return null
    return doer.roles.some(r => r === only || r === 'manager' || r === 'general-manager') ? null : { code: 'not-your-role' }
  },
  // R25, R26: what must be reported has been, before the case is closed.
  async reported({ head }) {
    const owed = [
      ...(head.form['way'] === 'company' ? ['report'] : []),
      ...(head.form['collective'] === true ? ['tell-director', 'tell-company'] : []),
    ]
    return owed.every(verb => verb in head.facts) ? null : { code: 'not-reported' }
  },
  // R29: in person or in writing, as it came.
  async 'letter-in-writing'({ head, said }) {
    return head.form['way'] === 'letter' && said?.['by'] === 'phone' ? { code: 'answer-the-letter', field: 'by' } : null
  },
  // R30: a major complaint ends after the report on it.
  async 'corrective-reported'({ db, head }) {
    const open = await db
      .selectFrom('case_link')
      .innerJoin('case_file', 'case_file.id', 'case_link.to_case')
      .select('case_file.number')
      .where('from_case', '=', head.id)
      .where('relation', '=', 'corrective')
      .where('case_file.ended_at', 'is', null)
      .executeTakeFirst()
    return open ? { code: 'corrective-open', detail: { number: open.number } } : null
  },
  // R61: a list of the afternoon is not what stands at the hour of handing over.
  async 'list-current'({ db, at, head, directory, live, rules }) {
    const listed = await allItems(db, head.id).select(['kind', 'ref']).execute()
    const come = await comeSince(db, at, { directory, live, rules }, listed)
    return come.length > 0 ? { code: 'list-outdated', detail: { n: come.length } } : null
  },
  async 'month-over'({ at, head, rules }) {
    return rules.calendar.local.dateOf(at).slice(0, 7) > String(head.form['month']) ? null : { code: 'month-not-over' }
  },
  async 'complainant-heard'({ head }) {
    return 'hear-complainant' in head.facts ? null : { code: 'complainant-first' }
  },
  async 'heard-apart'({ db, head, rules }) {
    if (!aboutSomebody.some(c => c === head.form['category'])) return null
    const heard = ['hear-complainant', 'hear-employee'].every(verb => verb in head.facts)
    if (!heard) return { code: 'not-heard-apart' }
    // C23: whoever has an account here writes his own as well.
    const named = db.selectFrom('case_person').select('user_id').where('case_id', '=', head.id)
    const { user_id } = (await named.where('name', '=', String(head.form['against'])).executeTakeFirst()) ?? {}
    if (!user_id || rules.value('own-statement') !== true) return null
    const written = await linked(db, head.id, 'statement', 'written').executeTakeFirst()
    return written ? null : { code: 'statement-missing' }
  },
  async 'fire-released'({ db, head }) {
    const open = await db
      .selectFrom('compartment_event')
      .select('event')
      .where('compartment', '=', head.place ?? '')
      .where('released_at', 'is', null)
      .executeTakeFirst()
    return open && head.form['kind'] === 'fire' ? { code: 'not-released' } : null
  },
  async 'not-started'({ at, head }) {
    return time(head, 'from') <= at ? { code: 'already-started' } : null
  },
  async 'not-over'({ at, head }) {
    return time(head, 'to') <= at ? { code: 'already-over' } : null
  },
  async 'under-way'({ at, head }) {
    if (time(head, 'from') > at) return { code: 'not-begun' }
    return time(head, 'to') <= at ? { code: 'already-over' } : null
  },
  async 'interval-over'({ at, head }) {
    // Where the tenant has had it stopped, it is over.
    return time(head, 'to') > at && !('stop' in head.facts) ? { code: 'not-over-yet' } : null
  },
  'price-as-told': asTold,
}

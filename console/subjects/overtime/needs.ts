import type { BooksReader } from '../../server/books/books.ts'
import type { Blocked } from '../../server/engine/blocked.ts'
import type { Look, NeedsOf } from '../../server/engine/chapter.ts'
import type { Form, overtime } from './definition.ts'
import { priced } from './quote.ts'
import { isUnderWay, onEvening, openRows, type Row, rowsOf, type Segment, segmentsOf, withOtherHours } from './segments.ts'
import { overtimeSignedLater } from './settings.ts'

const graceMs = 60_000

/** A zone on an evening that is somebody's already. */
const clash = async (db: BooksReader, segments: readonly Segment[], caseId: string): Promise<Blocked | null> => {
  const rows = await db
    .selectFrom('booking')
    .innerJoin('case_file', 'case_file.id', 'booking.case_id')
    .select(['case_file.number', 'zone', 'from_at', 'to_at'])
    .where('live', '=', 1)
    .where('zone', 'in', [...new Set(segments.map(s => s.zone))])
    .where('from_at', '<', Math.max(...segments.map(s => s.to)))
    .where('to_at', '>', Math.min(...segments.map(s => s.from)))
    .where('case_id', '!=', caseId)
    .execute()
  const other = rows.find(r => segments.some(s => s.zone === r.zone && s.from < r.to_at && s.to > r.from_at))
  return other ? { code: 'overlaps', field: 'from', detail: { number: other.number } } : null
}

/** What the customer is told must be what is booked: `kept` is what other parts of the booking cost. */
const asTold = async (look: Look<Form>, segments: readonly Segment[], told: number, kept = 0): Promise<Blocked | null> => {
  const quote = await priced(look, segments)
  if ('code' in quote) return quote
  // "Free" is said only of a day that is known: it may be a holiday, which is not.
  const free = quote.parts.find(p => p.freeMinutes === p.minutes)
  const date = free && look.directory.calendar.dateOf(free.from)
  if (free)
    return quote.dayUnknown === null
      ? { code: 'no-overtime', field: 'from', ...(segments.length > 1 ? { detail: { date } } : {}) }
      : { code: 'day-unknown', field: 'from', detail: { date: quote.dayUnknown } }
  const fen = quote.fen + kept
  const { rateFen } = look.head.form
  return fen !== told || (rateFen !== undefined && rateFen !== quote.parts[0]?.tariff.fenPerHour)
    ? { code: 'price-changed', field: 'quotedFen', detail: { fen } }
    : null
}

const standing = (rows: readonly Row[]): Segment[] => rows.map(r => ({ id: r.id, zone: r.zone, from: r.from_at, to: r.to_at }))

/** Where a customer has named who may order, only these do. */
const mayAsk = async ({ db, directory, head: { form } }: Look<Form>): Promise<Blocked | null> => {
  const tenant = await directory.tenantOfPlace(db, form.zone, form.from)
  if (!tenant) return null
  const contacts = await db.selectFrom('tenant_contact').select(['name', 'may_json']).where('tenant_id', '=', tenant.id).execute()
  const may = contacts.filter(c => (JSON.parse(c.may_json) as string[]).includes('order')).map(c => c.name)
  if (may.length === 0 || may.includes(form.contact)) return null
  return {
    code: 'in-the-way',
    field: 'contact',
    say: {
      zh: `该租户只授权 ${may.join('、')} 申请收费服务`,
      en: `only ${may.join(', ')} may order paid services for this customer`,
    },
  }
}

type Change = { evening?: string; from?: number; to: number; quotedFen: number }

/** Other hours for what is not over: its beginning stays where it has begun, its end is ahead, and nobody else has the zones. */
const changeable = async (look: Look<Form>): Promise<Blocked | null> => {
  const { db, at, directory, head, said } = look
  const rows = await rowsOf(db, head.id)
  if (!rows.some(r => r.ended_at === null && r.to_at > at)) return { code: 'already-over' }
  if (said === undefined) return null
  const change = said as Change
  const { chosen, proposed, stays } = withOtherHours(directory, rows, at, change)
  if (chosen.length === 0) return { code: 'already-over', field: 'evening' }
  if (change.from !== undefined && chosen.some(r => r.from_at !== change.from)) {
    if (chosen.some(r => r.from_at <= at)) return { code: 'already-started', field: 'from' }
    if (change.from < at - graceMs) return { code: 'in-the-past', field: 'from' }
  }
  if (change.to <= at) return { code: 'in-the-past', field: 'to' }
  const own = stays.some(r => proposed.some(p => p.zone === r.zone && p.from < r.to_at && p.to > r.from_at))
  if (own) return { code: 'overlaps', field: 'to' }
  const kept = stays.reduce((sum, r) => sum + r.quoted_fen, 0)
  return (await clash(db, proposed, head.id)) ?? asTold(look, proposed, change.quotedFen, kept)
}

export const needs: NeedsOf<typeof overtime> = {
  async bookable(look) {
    const { at, db, directory, head } = look
    const { form } = head
    if (form.from < at - graceMs) return { code: 'in-the-past', field: 'from' }
    const segments = segmentsOf(directory, form)
    if ('code' in segments) return segments
    return (await mayAsk(look)) ?? (await clash(db, segments, head.id)) ?? asTold(look, segments, form.quotedFen)
  },
  async 'price-as-told'(look) {
    return asTold(look, standing(await openRows(look.db, look.head.id)), look.head.form.quotedFen)
  },
  changeable,
  async 'signed-later'({ rules }) {
    if (rules.value(overtimeSignedLater) === true) return null
    return { code: 'in-the-way', say: { zh: '本站点须先签字再延长', en: 'here it is signed before it is made longer' } }
  },
  async 'not-started'({ at, head }) {
    return head.form.from <= at ? { code: 'already-started' } : null
  },
  async 'not-over'({ at, head }) {
    return head.form.to <= at ? { code: 'already-over' } : null
  },
  async 'under-way'({ db, at, head, said }) {
    const rows = await openRows(db, head.id)
    const zone = said?.['stopped']
    if (rows.some(r => isUnderWay(r, at) && (zone === undefined || r.zone === zone))) return null
    if (zone !== undefined) return { code: 'not-begun', field: 'stopped' }
    return rows.every(r => r.from_at > at) ? { code: 'not-begun' } : { code: 'already-over' }
  },
  async 'evening-ahead'({ db, at, directory, head, said }) {
    if (said === undefined) return null
    const rows = onEvening(directory, await openRows(db, head.id), String(said['evening']))
    if (rows.length === 0) return { code: 'already-over', field: 'evening' }
    return rows.some(r => r.from_at <= at) ? { code: 'already-started', field: 'evening' } : null
  },
  async sooner({ head, said }) {
    return said === undefined || String(said['until']) < (head.form.until ?? '') ? null : { code: 'invalid', field: 'until' }
  },
  async 'first-over'({ at, head }) {
    return head.form.to > at ? { code: 'not-over-yet' } : null
  },
  async 'all-over'({ db, at, head }) {
    return (await openRows(db, head.id)).some(r => r.to_at > at) ? { code: 'not-over-yet' } : null
  },
}

import type { Blocked } from '../../server/engine/blocked.ts'
import type { Look, NeedsOf } from '../../server/engine/chapter.ts'
import type { Form, overtime } from './definition.ts'
import { priced } from './quote.ts'

const graceMs = 60_000

/** What the customer was told must be what is booked, and still be so when he accepts and signs. */
const asTold = async (look: Look<Form>): Promise<Blocked | null> => {
  const { id, form } = look.head
  const quote = await priced(look, form, id)
  if ('code' in quote) return quote
  // "Free" is said only of a day that is known: it may be a holiday, which is not.
  if (quote.freeMinutes === quote.minutes)
    return quote.dayUnknown === null
      ? { code: 'no-overtime', field: 'from' }
      : { code: 'day-unknown', field: 'from', detail: { date: quote.dayUnknown } }
  if (quote.fen !== form.quotedFen || (form.rateFen !== undefined && form.rateFen !== quote.tariff.fenPerHour))
    return { code: 'price-changed', field: 'quotedFen', detail: { fen: quote.fen } }
  return null
}

/** The zone is not somebody's already. */
const free = async ({ db, head: { id, form } }: Look<Form>): Promise<Blocked | null> => {
  const clash = await db
    .selectFrom('booking')
    .innerJoin('case_file', 'case_file.id', 'booking.case_id')
    .select('case_file.number')
    .where('booking.zone', '=', form.zone)
    .where('booking.live', '=', 1)
    .where('booking.from_at', '<', form.to)
    .where('booking.to_at', '>', form.from)
    .where('booking.case_id', '!=', id)
    .executeTakeFirst()
  return clash ? { code: 'overlaps', field: 'from', detail: { number: clash.number } } : null
}

export const needs: NeedsOf<typeof overtime> = {
  async bookable(look) {
    const { form } = look.head
    if (form.from < look.at - graceMs) return { code: 'in-the-past', field: 'from' }
    return (await free(look)) ?? asTold(look)
  },
  'price-as-told': asTold,
  async 'not-started'({ at, head }) {
    return head.form.from <= at ? { code: 'already-started' } : null
  },
  async 'not-over'({ at, head }) {
    return head.form.to <= at ? { code: 'already-over' } : null
  },
  async 'under-way'({ at, head }) {
    if (head.form.from > at) return { code: 'not-begun' }
    return head.form.to <= at ? { code: 'already-over' } : null
  },
  async 'interval-over'({ at, head }) {
    // Where the tenant has had it stopped, it is over.
    return head.form.to > at && !('stop' in head.facts) ? { code: 'not-over-yet' } : null
  },
}

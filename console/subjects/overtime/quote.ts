import type { BooksReader } from '../../server/books/books.ts'
import type { Blocked } from '../../server/engine/blocked.ts'
import type { Directory } from '../../server/site/directory.ts'
import type { SiteRules } from '../../server/site/siteRules.ts'
import { quoteOf } from './evenings.ts'

const longestBookingMs = 24 * 3_600_000

type Wish = { zone: string; from: number; to: number }
type Around = { db: BooksReader; directory: Directory; rules: SiteRules }

/** The rules for what can be booked at all, and what it costs then; `id` is the booking's own, once it has one. They stand here once. */
export const priced = async (
  { db, directory, rules }: Around,
  { zone, from, to }: Wish,
  id?: string,
): Promise<Blocked | (NonNullable<Awaited<ReturnType<typeof quoteOf>>> & { tenant: string; dayUnknown: string | null })> => {
  if (!directory.zoneExists(zone)) return { code: 'unknown-zone', field: 'zone' }
  if (to <= from) return { code: 'ends-before-start', field: 'to' }
  if (to - from > longestBookingMs) return { code: 'too-long', field: 'to' }
  const tenant = await directory.tenantOfPlace(db, zone, from)
  if (!tenant) return { code: 'no-tenant', field: 'zone' }
  const quote = await quoteOf(db, directory, { zone, tenant: tenant.id, from, to, ...(id === undefined ? {} : { id }) })
  if (!quote) return { code: 'no-tariff', field: 'zone' }
  const { dateOf } = directory.calendar
  return { ...quote, tenant: tenant.id, dayUnknown: rules.calendar.unknownFrom(dateOf(from), dateOf(to - 1)) }
}

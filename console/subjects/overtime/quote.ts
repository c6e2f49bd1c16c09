import type { BooksReader } from '../../server/books/books.ts'
import type { Blocked } from '../../server/engine/blocked.ts'
import type { Directory } from '../../server/site/directory.ts'
import type { SiteRules } from '../../server/site/siteRules.ts'
import { quoteOf } from './evenings.ts'
import { longestMs, type Segment } from './segments.ts'

type Around = { db: BooksReader; directory: Directory; rules: SiteRules }
type Part = Segment & NonNullable<Awaited<ReturnType<typeof quoteOf>>>
/** What all of it costs, and each part of it. `dayUnknown`: the first of its dates of which nobody knows whether it is a holiday. */
export type Priced = { parts: Part[]; tenant: string; fen: number; dayUnknown: string | null }

/** The rules for what can be booked at all, and what it costs then; segments that have an id are priced where they stand. They stand here once. */
export const priced = async ({ db, directory, rules }: Around, segments: readonly Segment[]): Promise<Blocked | Priced> => {
  const { dateOf } = directory.calendar
  const parts: Part[] = []
  let tenant: string | undefined
  let dayUnknown: string | null = null
  for (const [i, s] of segments.entries()) {
    const field = s.zone === segments[0]?.zone ? 'zone' : 'also'
    if (!directory.zoneExists(s.zone)) return { code: 'unknown-zone', field }
    if (s.to <= s.from) return { code: 'ends-before-start', field: 'to' }
    if (s.to - s.from > longestMs) return { code: 'too-long', field: 'to' }
    const lets = await directory.tenantOfPlace(db, s.zone, s.from)
    if (!lets) return { code: 'no-tenant', field }
    tenant ??= lets.id
    if (lets.id !== tenant) return { code: 'in-the-way', field, say: severalTenants }
    const quote = await quoteOf(db, directory, { ...s, tenant }, { all: segments, before: segments.slice(0, i) })
    if (!quote) return { code: 'no-tariff', field }
    parts.push({ ...s, ...quote })
    dayUnknown ??= rules.calendar.unknownFrom(dateOf(s.from), dateOf(s.to - 1))
  }
  return { parts, tenant: tenant ?? '', fen: parts.reduce((sum, p) => sum + p.fen, 0), dayUnknown }
}

const severalTenants = {
  zh: '这些区域（日期）不属于同一租户，请分单',
  en: 'these zones, on these dates, are not of one tenant: make a booking for each',
}

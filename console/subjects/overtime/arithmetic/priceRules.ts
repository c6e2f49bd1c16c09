import type { RefusalCode } from '#api/errors'
import type { TariffBody } from '#api/models/tariffs'
import { overlap } from '../../../server/domain/dateRanges.ts'

/** A price with its id. */
export type Price = TariffBody & { id: string }

/** The first of others that holds in one of its zones on one of its days: of a zone no two prices hold on one kind of day at once. */
export const clashOf = <P extends Price>(price: Price, others: readonly P[]): { zone: string; other: P } | undefined => {
  const own = new Set(price.zones)
  for (const other of others) {
    if (other.id === price.id || other.days !== price.days || !overlap(other, price)) continue
    const zone = other.zones.find(z => own.has(z))
    if (zone !== undefined) return { zone, other }
  }
  return undefined
}

/** Why a price that somebody has been told may not become another one: it may only end, and not before today. Null: it may. */
export const keepsWord = (
  was: Price,
  is: Price,
  today: string,
): Extract<RefusalCode, 'price-told' | 'end-in-the-past'> | null => {
  const { to: _was, ...before } = was
  const { to: _is, ...after } = is
  const told = (p: typeof before) =>
    JSON.stringify([p.name, p.days, p.fenPerHour, p.roundingMinutes, p.minimumMinutes, p.from, p.zones])
  if (told(before) !== told(after)) return 'price-told'
  const isOver = (to: string | null) => to !== null && to < today
  return is.to !== was.to && (isOver(was.to) || isOver(is.to)) ? 'end-in-the-past' : null
}

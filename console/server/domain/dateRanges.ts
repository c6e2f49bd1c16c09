/** Days from the one to the other, both included, as ISO dates; null: from ever, or for good. */
export type DateRange = { from: string | null; to: string | null }

export const isBackwards = ({ from, to }: DateRange): boolean => from !== null && to !== null && to < from

export const overlap = (a: DateRange, b: DateRange): boolean =>
  (a.from === null || b.to === null || a.from <= b.to) && (b.from === null || a.to === null || b.from <= a.to)

/** The first two that share a day. */
export const firstOverlap = <T extends DateRange>(ranges: readonly T[]): readonly [T, T] | undefined => {
  for (const [i, a] of ranges.entries()) for (const b of ranges.slice(i + 1)) if (overlap(a, b)) return [a, b]
  return undefined
}

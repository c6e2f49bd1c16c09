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

const dayMs = 86_400_000
const dayAfter = (date: string) => new Date(Date.parse(date) + dayMs).toISOString().slice(0, 10)

/** Stretches of days in their order; those that share a day, or follow each other, as one. */
export const joined = (ranges: readonly { from: string; to: string }[]): { from: string; to: string }[] => {
  const found: { from: string; to: string }[] = []
  for (const { from, to } of [...ranges].sort((a, b) => a.from.localeCompare(b.from))) {
    const last = found.at(-1)
    if (!last || from > dayAfter(last.to)) found.push({ from, to })
    else if (last.to < to) last.to = to
  }
  return found
}

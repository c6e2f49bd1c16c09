/** Drawn beyond the edges, so that scrolling does not show empty rows. */
const beyond = 6

/**
 * Which of `count` rows of one height (px) are in sight, of a list that is scrolled by `top` and `height` high: from `first` to
 * before `end`. Whole groups of rows, so that it stays the same while the list is scrolled by a row.
 */
export const inSight = (o: { count: number; rowHeight: number; top: number; height: number }): { first: number; end: number } => {
  const step = beyond
  const from = Math.floor(o.top / o.rowHeight / step) * step - beyond
  const first = Math.max(0, Math.min(from, o.count - 1))
  return { first, end: Math.min(o.count, first + Math.ceil(o.height / o.rowHeight) + step + 2 * beyond) }
}

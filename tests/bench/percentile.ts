/** The value below which `p` per cent of a list lie; no number of an empty one. */
export const percentile = (list: readonly number[], p: number): number =>
  list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor((list.length * p) / 100))] ?? Number.NaN

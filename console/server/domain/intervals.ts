/** Stretches of wall time, [from, to) in ms. All results are in order and do not overlap. */
export type Stretch = { from: number; to: number }

export const unite = (list: readonly Stretch[]): Stretch[] => {
  const united: Stretch[] = []
  for (const s of list.filter(x => x.to > x.from).toSorted((a, b) => a.from - b.from)) {
    const last = united.at(-1)
    if (last && s.from <= last.to) last.to = Math.max(last.to, s.to)
    else united.push({ from: s.from, to: s.to })
  }
  return united
}

export const intersect = (a: readonly Stretch[], b: readonly Stretch[]): Stretch[] =>
  unite(a.flatMap(x => b.map(y => ({ from: Math.max(x.from, y.from), to: Math.min(x.to, y.to) }))).filter(s => s.to > s.from))

export const subtract = (a: readonly Stretch[], b: readonly Stretch[]): Stretch[] => {
  let left = unite(a)
  for (const cut of unite(b))
    left = left.flatMap(s => {
      if (cut.to <= s.from || cut.from >= s.to) return [s]
      return [
        { from: s.from, to: Math.min(s.to, cut.from) },
        { from: Math.max(s.from, cut.to), to: s.to },
      ].filter(p => p.to > p.from)
    })
  return left
}

export const totalMs = (list: readonly Stretch[]): number => unite(list).reduce((sum, s) => sum + s.to - s.from, 0)

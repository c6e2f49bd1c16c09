import type { AlarmFigures } from '#api/models/alarmFigures'
import type { Text } from '#api/words/text'

/** One alarm as far as figures go. Times are ms. */
export type Occurrence = {
  id: string
  key: string
  name: Text
  level: 1 | 2 | 3 | 4
  raisedAt: number
  returnedAt: number | null
  ackedAt: number | null
  ticket: string | null
  chatters: boolean
}
type Stretch = { from: number; to: number }

const tenMs = 600_000
/** Standing longer is stale (EEMUA 191, ISA-18.2-2016 16.5). */
const staleMs = 86_400_000
const worst = 10
/** More bars are not told from each other. */
const mostBars = 144

const median = (sorted: readonly number[]): number | null =>
  sorted.length === 0
    ? null
    : ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2

const percent = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((1000 * part) / whole) / 10)

/** How long stretches together cover, within another; they may overlap. */
const covered = (stretches: readonly Stretch[], within: Stretch): number => {
  let end = within.from
  let sum = 0
  for (const s of [...stretches].sort((a, b) => a.from - b.from)) {
    const from = Math.max(s.from, end)
    const to = Math.min(s.to, within.to)
    if (to > from) sum += to - from
    end = Math.max(end, to)
  }
  return sum
}

/**
 * The published figures of alarm management (ISA-18.2-2016 table 6, EEMUA 191): rate per 10 minutes and its highest, the share of time in flood, what stands longer than
 * a day, what chatters, the ten worst and their share, how levels are spread, and how long it took until somebody had seen them.
 */
export const figuresOf = (all: readonly Occurrence[], floods: readonly Stretch[], within: Stretch): AlarmFigures => {
  const mine = all.filter(a => a.raisedAt >= within.from && a.raisedAt < within.to)
  const tens = Math.max(1, Math.ceil((within.to - within.from) / tenMs))
  const perTen = new Array<number>(tens).fill(0)
  for (const a of mine) perTen[Math.floor((a.raisedAt - within.from) / tenMs)]!++
  const each = Math.ceil(tens / mostBars)
  const bars = Array.from({ length: Math.ceil(tens / each) }, (_, i) => ({
    at: within.from + i * each * tenMs,
    n: perTen.slice(i * each, (i + 1) * each).reduce((sum, n) => sum + n, 0),
  }))
  const byKey = new Map<string, { name: Text; level: number; n: number }>()
  for (const a of mine) {
    const known = byKey.get(a.key)
    byKey.set(a.key, { name: a.name, level: a.level, n: (known?.n ?? 0) + 1 })
  }
  const top = [...byKey].sort(([ka, a], [kb, b]) => b.n - a.n || (ka < kb ? -1 : 1)).slice(0, worst)
  const waits = mine.flatMap(a => (a.ackedAt === null ? [] : [Math.max(0, a.ackedAt - a.raisedAt)])).sort((a, b) => a - b)
  const inFlood = floods.filter(f => f.to > within.from && f.from < within.to)
  return {
    from: within.from,
    to: within.to,
    count: mine.length,
    perTen: Math.round((100 * mine.length) / tens) / 100,
    mostPerTen: perTen.reduce((most, n) => Math.max(most, n), 0),
    bars,
    barMin: each * 10,
    floods: inFlood.length,
    floodShare: percent(covered(inFlood, within), within.to - within.from),
    stale: all.filter(
      a =>
        a.raisedAt < within.to && (a.returnedAt ?? within.to) - a.raisedAt > staleMs && (a.returnedAt ?? within.to) > within.from,
    ).length,
    chattering: new Set(mine.filter(a => a.chatters).map(a => a.key)).size,
    levels: ([1, 2, 3, 4] as const).map(level => percent(mine.filter(a => a.level === level).length, mine.length)),
    ackMedianMs: median(waits),
    unacked: mine.filter(a => a.ackedAt === null).length,
    worst: top.map(([key, { name, level, n }]) => ({ key, name, level, n, share: percent(n, mine.length) })),
    worstShare: percent(
      top.reduce((sum, [, t]) => sum + t.n, 0),
      mine.length,
    ),
  }
}

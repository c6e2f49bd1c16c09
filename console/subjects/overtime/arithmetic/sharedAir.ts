import { intersect, type Stretch, totalMs, unite } from '../../../server/domain/intervals.ts'

/** How what several tenants use of one air handler at the same time is paid: by each as if he were alone, or once by all of them. */
export const shareKeys = ['each', 'equal', 'area', 'load'] as const
export type ShareKey = (typeof shareKeys)[number]

/** One line of an air handler's evening. `counted`: when it ran for it; `weight`: of its zone, by the key; `fen`: what it costs alone. */
export type Using = { tenant: string; fenPerHour: number; weight: number; counted: readonly Stretch[]; fen: number }
/** What it costs in the end, and for how long others have paid with it. */
export type SharedLine = { fen: number; sharedMinutes: number }

type Party = { tenant: string; rate: number; weight: number }

/** The stretches between all beginnings and ends, in each of which the same lines run. */
const slices = (lines: readonly Using[]): Stretch[] => {
  const cuts = [...new Set(lines.flatMap(l => l.counted.flatMap(s => [s.from, s.to])))].sort((a, b) => a - b)
  return cuts.slice(1).map((to, i) => ({ from: cuts[i] ?? to, to }))
}

/**
 * An hour of the air handler, by those who use it: it costs what the one who would pay most alone would pay, once. Nobody pays more
 * than he would alone; what that leaves is for the others, by the same key.
 */
const hourBy = (parties: readonly Party[]): ReadonlyMap<string, number> => {
  const paid = new Map<string, number>()
  let left = Math.max(...parties.map(p => p.rate))
  let open = [...parties]
  while (open.length > 0) {
    const whole = open.reduce((sum, p) => sum + p.weight, 0)
    const portion = (p: Party) => (left * p.weight) / whole
    const full = open.filter(p => portion(p) >= p.rate)
    for (const p of full.length > 0 ? full : open) paid.set(p.tenant, full.length > 0 ? p.rate : portion(p))
    if (full.length === 0) break
    left -= full.reduce((sum, p) => sum + p.rate, 0)
    open = open.filter(p => !full.includes(p))
  }
  return paid
}

const partiesOf = (lines: readonly Using[]): Party[] =>
  [...new Set(lines.map(l => l.tenant))].map(tenant => {
    const own = lines.filter(l => l.tenant === tenant)
    return {
      tenant,
      rate: own.reduce((sum, l) => sum + l.fenPerHour, 0),
      weight: own.reduce((sum, l) => sum + l.weight, 0),
    }
  })

/**
 * Shares out an evening of one air handler: each line costs as much less as its time was used with other tenants. Where a line is billed
 * by whole quarters or a minimum, these are shared as its time is. What all of them pay together is whole fen, and none is lost or made.
 */
export const shareOut = (lines: readonly Using[]): SharedLine[] => {
  const alone = lines.map(() => 0)
  const owed = lines.map(() => 0)
  const together: Stretch[][] = lines.map(() => [])
  for (const slice of slices(lines)) {
    const active = lines.flatMap((l, i) => (totalMs(intersect(l.counted, [slice])) > 0 ? [i] : []))
    const parties = partiesOf(active.flatMap(i => lines[i] ?? []))
    const paid = hourBy(parties)
    const ms = slice.to - slice.from
    for (const i of active) {
      const l = lines[i]
      const party = parties.find(p => p.tenant === l?.tenant)
      if (!l || !party) continue
      alone[i] = (alone[i] ?? 0) + l.fenPerHour * ms
      owed[i] = (owed[i] ?? 0) + (party.rate === 0 ? 0 : ((paid.get(l.tenant) ?? 0) * l.fenPerHour * ms) / party.rate)
      if (parties.length > 1) together[i]?.push(slice)
    }
  }
  let exact = 0
  let given = 0
  return lines.map((l, i) => {
    const own = alone[i] ?? 0
    exact += own === 0 ? l.fen : (l.fen * (owed[i] ?? 0)) / own
    // Rounded where the sum stands, so that the shares add up to it.
    const fen = Math.round(exact) - given
    given += fen
    return { fen, sharedMinutes: Math.round(totalMs(unite(together[i] ?? [])) / 60_000) }
  })
}

import type { DelayProposal } from '#api/models/alarmFigures'
import type { Occurrence } from './figures.ts'

/** Delays that are tried, seconds. */
const tried = [5, 10, 30, 60, 120, 300] as const
/** Fewer is no nuisance, and less is no cure. */
const fewest = 5
const leastShare = 0.5

type Trial = { kept: readonly Occurrence[]; lost: readonly Occurrence[] }

/** With an on-delay what was over before it had passed would not have been an alarm; what stood longer would have come so much later. */
export const withOnDelay = (all: readonly Occurrence[], seconds: number): Trial => {
  const isLost = (a: Occurrence) => a.returnedAt !== null && a.returnedAt - a.raisedAt < seconds * 1000
  return { kept: all.filter(a => !isLost(a)), lost: all.filter(isLost) }
}

/** With an off-delay what came again before it had passed since the return would have been the same alarm still. */
export const withOffDelay = (all: readonly Occurrence[], seconds: number): Trial => {
  const kept: Occurrence[] = []
  const lost: Occurrence[] = []
  let end: number | null = Number.NEGATIVE_INFINITY
  for (const a of [...all].sort((x, y) => x.raisedAt - y.raisedAt)) {
    if (end === null || a.raisedAt - end < seconds * 1000) lost.push(a)
    else kept.push(a)
    end = a.returnedAt
  }
  return { kept, lost }
}

/** A ticket of its own is lost when the alarm that opened it would not have been; one that the kept alarm before it has too is not. */
const losesTicket = ({ kept, lost }: Trial): boolean => {
  const still = new Set(kept.map(a => a.ticket))
  return lost.some(a => a.ticket !== null && !still.has(a.ticket))
}

/**
 * For each condition that is a nuisance the shortest delay that would have spared at least half of its alarms, tried against what was recorded: offered only where no alarm that
 * led to a ticket would have been lost, with the minutes by which the others would have come later. Danger to life is never delayed.
 */
export const proposalsFor = (all: readonly Occurrence[]): DelayProposal[] => {
  const byKey = new Map<string, Occurrence[]>()
  for (const a of all) if (a.level > 1) byKey.set(a.key, [...(byKey.get(a.key) ?? []), a])
  const found: DelayProposal[] = []
  for (const [key, mine] of byKey) {
    if (mine.length < fewest) continue
    const [first] = mine
    if (!first) continue
    for (const [kind, trial] of [
      ['on', withOnDelay],
      ['off', withOffDelay],
    ] as const) {
      const seconds = tried.find(s => {
        const t = trial(mine, s)
        return t.lost.length / mine.length >= leastShare && !losesTicket(t)
      })
      if (seconds === undefined) continue
      const { kept, lost } = trial(mine, seconds)
      const laterMin = kind === 'on' ? Math.round((kept.length * seconds) / 6) / 10 : 0
      found.push({ key, name: first.name, level: first.level, kind, seconds, of: mine.length, spared: lost.length, laterMin })
    }
  }
  return found.sort((a, b) => b.spared - a.spared || (a.key < b.key ? -1 : 1))
}

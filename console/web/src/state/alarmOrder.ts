import { type Alarm, alarmState } from '#api/models/live'

/**
 * What is dangerous now stands first: active level 1 and 2; then a fire that has returned and that nobody has acknowledged;
 * then what else is active; then the rest. Nothing that has returned hides what goes on, except a fire (design §5).
 */
const urgency = (a: Alarm): number => {
  const state = alarmState(a)
  if (state === 'active' || state === 'acked') return a.level <= 2 ? 0 : 2
  return state === 'returned' && a.level === 1 ? 1 : 3
}

/** By urgency, within it by level, within that the newest first. */
export const byUrgency = (a: Alarm, b: Alarm): number =>
  urgency(a) - urgency(b) || a.level - b.level || b.raisedAt - a.raisedAt || (a.id < b.id ? 1 : -1)

/** The one for the bar: the first that nobody has acknowledged. */
export const leadAlarm = (alarms: Iterable<Alarm>): Alarm | undefined => {
  let lead: Alarm | undefined
  for (const a of alarms) if (a.ackedAt === null && (!lead || byUrgency(a, lead) < 0)) lead = a
  return lead
}

export type LevelCount = { level: number; active: number; unacked: number; returned: number }
/** How many of each level go on, how many of these nobody has acknowledged, and how many have returned unacknowledged. */
export const countsByLevel = (alarms: Iterable<Alarm>): LevelCount[] => {
  const counts = [1, 2, 3, 4].map(level => ({ level, active: 0, unacked: 0, returned: 0 }))
  for (const a of alarms) {
    const mine = counts[a.level - 1]
    if (!mine) continue
    if (a.returnedAt === null) mine.active++
    if (a.returnedAt === null && a.ackedAt === null) mine.unacked++
    if (alarmState(a) === 'returned') mine.returned++
  }
  return counts
}

/** A row of the list of alarms. `under` is the alarm of the lost link because of which this one cannot be verified. */
export type AlarmRow = { alarm: Alarm; under: string | null; suspended: number }

/**
 * Alarms that depend on a lost link stand beneath that link's own alarm (design §3), the group where its most urgent
 * member would stand, so that a fire is never below anything less urgent than itself but the reason it is unverified.
 */
export const groupByLink = (sorted: readonly Alarm[], busOf: (device: string) => string | undefined): AlarmRow[] => {
  const links = new Map(sorted.filter(a => a.kind === 'link' && a.returnedAt === null).map(a => [a.key, a]))
  if (links.size === 0) return sorted.map(alarm => ({ alarm, under: null, suspended: 0 }))
  const linkOf = (a: Alarm): Alarm | undefined => {
    if (a.unverifiedSince === null || a.device === null || a.kind === 'link') return undefined
    return links.get(`link/${busOf(a.device)}`) ?? links.get(`link/${a.device}`)
  }
  const members = new Map<string, Alarm[]>()
  for (const a of sorted) {
    const link = linkOf(a)
    if (!link) continue
    const mine = members.get(link.id)
    if (mine) mine.push(a)
    else members.set(link.id, [a])
  }
  const shown = new Set<string>()
  return sorted.flatMap(a => {
    const head = linkOf(a) ?? a
    if (shown.has(head.id)) return []
    shown.add(head.id)
    const below = members.get(head.id) ?? []
    return [
      { alarm: head, under: null, suspended: below.length },
      ...below.map(alarm => ({ alarm, under: head.id, suspended: 0 })),
    ]
  })
}

import { type Alarm, alarmState } from '#api/models/live'

const rank = { active: 0, returned: 1, acked: 2, gone: 3 } as const

/** Unacknowledged first, then level, then the newest (ux.md §3.8). */
export const byUrgency = (a: Alarm, b: Alarm): number => {
  const open = (x: Alarm) => (x.ackedAt === null ? 0 : 1)
  return open(a) - open(b) || a.level - b.level || rank[alarmState(a)] - rank[alarmState(b)] || b.raisedAt - a.raisedAt
}

/** The one for the bar: the newest unacknowledged of the highest level. */
export const leadAlarm = (alarms: Iterable<Alarm>): Alarm | undefined =>
  [...alarms].filter(a => a.ackedAt === null).sort(byUrgency)[0]

/** A row of the list of alarms. `under` is the alarm of the lost link because of which this one cannot be verified. */
export type AlarmRow = { alarm: Alarm; under: string | null; suspended: number }

/**
 * Alarms that depend on a lost link stand beneath that link's own alarm (design §3), the group where its most urgent
 * member would stand, so that a fire is never below anything less urgent than itself but the reason it is unverified.
 */
export const groupByLink = (sorted: readonly Alarm[], busOf: (device: string) => string | undefined): AlarmRow[] => {
  const links = new Map(sorted.filter(a => a.kind === 'link' && a.returnedAt === null).map(a => [a.key, a]))
  const linkOf = (a: Alarm): Alarm | undefined => {
    if (a.unverifiedSince === null || a.device === null || a.kind === 'link') return undefined
    return links.get(`link/${busOf(a.device)}`) ?? links.get(`link/${a.device}`)
  }
  const members = new Map<string, Alarm[]>()
  for (const a of sorted) {
    const link = linkOf(a)
    if (link) members.set(link.id, [...(members.get(link.id) ?? []), a])
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

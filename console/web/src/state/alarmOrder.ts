import { type Alarm, alarmState } from '#api/models'

const rank = { active: 0, returned: 1, acked: 2, gone: 3 } as const

/** Unacknowledged first, then level, then the newest (ux.md §3.8). */
export const byUrgency = (a: Alarm, b: Alarm): number => {
  const open = (x: Alarm) => (x.ackedAt === null ? 0 : 1)
  return open(a) - open(b) || a.level - b.level || rank[alarmState(a)] - rank[alarmState(b)] || b.raisedAt - a.raisedAt
}

/** The one for the bar: the newest unacknowledged of the highest level. */
export const leadAlarm = (alarms: Iterable<Alarm>): Alarm | undefined =>
  [...alarms].filter(a => a.ackedAt === null).sort(byUrgency)[0]

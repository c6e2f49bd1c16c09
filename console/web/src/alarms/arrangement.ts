import type { AlarmRow } from '../state/alarmOrder.ts'

/** The rows as they are shown, and those that are not shown yet because somebody works in the list. */
export type Arrangement = { rows: readonly AlarmRow[]; waiting: readonly AlarmRow[] }

/**
 * While the list is held every row stays where it is, whatever becomes of its alarm, also when it is over; what is new waits.
 * Otherwise the rows are as they should be now.
 */
export const arranged = (shown: readonly AlarmRow[], now: readonly AlarmRow[], held: boolean): Arrangement => {
  if (!held) return { rows: now, waiting: [] }
  const byId = new Map(now.map(r => [r.alarm.id, r]))
  const there = new Set(shown.map(r => r.alarm.id))
  return {
    rows: shown.map(r => byId.get(r.alarm.id) ?? r),
    waiting: now.filter(r => !there.has(r.alarm.id)),
  }
}

/** The next row below that nobody has acknowledged, or else the first one above; undefined when there is none. */
export const nextToAcknowledge = (
  rows: readonly AlarmRow[],
  from: string,
  isDone: (id: string) => boolean,
): string | undefined => {
  const at = rows.findIndex(r => r.alarm.id === from)
  const inTurn = [...rows.slice(at + 1), ...rows.slice(0, Math.max(0, at))]
  return inTurn.find(({ alarm }) => alarm.ackedAt === null && !isDone(alarm.id))?.alarm.id
}

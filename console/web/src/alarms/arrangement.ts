import type { Alarm } from '#api/models/live'
import type { AlarmRow } from '../state/alarmOrder.ts'

/** The rows as they are shown, and those that are not shown yet because somebody works in the list. */
export type Arrangement = { rows: readonly AlarmRow[]; waiting: readonly AlarmRow[] }

/**
 * While the list is held every row stays where it is, whatever becomes of its alarm, also when it is over or set aside (`aside`); a repeat takes
 * the place of what it goes on with, and what is new waits. Otherwise the rows are as they should be now.
 */
export const arranged = (
  shown: readonly AlarmRow[],
  now: readonly AlarmRow[],
  held: boolean,
  aside: (id: string) => Alarm | undefined = () => undefined,
): Arrangement => {
  if (!held) return { rows: now, waiting: [] }
  const byFirst = new Map(now.map(r => [r.alarm.first, r]))
  const there = new Set(shown.map(r => r.alarm.first))
  const byId = new Map(now.map(r => [r.alarm.id, r]))
  const rows = new Map<string, AlarmRow>()
  for (const r of shown) {
    const kept = byFirst.get(r.alarm.first) ?? byId.get(r.alarm.id) ?? { ...r, alarm: aside(r.alarm.id) ?? r.alarm }
    if (!rows.has(kept.alarm.id)) rows.set(kept.alarm.id, kept)
  }
  return {
    rows: [...rows.values()],
    waiting: now.filter(r => !there.has(r.alarm.first) && !rows.has(r.alarm.id)),
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

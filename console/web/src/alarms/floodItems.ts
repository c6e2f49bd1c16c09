import type { Alarm } from '#api/models/live'
import type { AlarmGroup, Grouped } from '../state/alarmGroups.ts'

/** A row of the list of a flood: the head of a group, or an alarm; `deep` where it stands beneath its group. */
export type FloodItem =
  | { kind: 'group'; id: string; group: AlarmGroup }
  | { kind: 'rest'; id: string; n: number }
  | { kind: 'alarm'; id: string; alarm: Alarm; deep: boolean }

/** While somebody works in the list what is known stays where it is, and what is new comes after it. */
export const inOrderOf = <T extends { id: string }>(now: readonly T[], before: readonly string[]): readonly T[] => {
  if (before.length === 0) return now
  const byId = new Map(now.map(x => [x.id, x]))
  const known = new Set(before)
  return [...before.flatMap(id => byId.get(id) ?? []), ...now.filter(x => !known.has(x.id))]
}

/** The rows from the top; `before`: the ids as they stood, while the list is held. */
export const floodItems = (grouped: Grouped, isOpen: (group: string) => boolean, before: readonly string[]): FloodItem[] => [
  ...inOrderOf(grouped.groups, before).flatMap((group): FloodItem[] => [
    { kind: 'group', id: group.id, group },
    ...(isOpen(group.id)
      ? inOrderOf(group.alarms, before).map((alarm): FloodItem => ({ kind: 'alarm', id: alarm.id, alarm, deep: true }))
      : []),
  ]),
  ...(grouped.rest.length > 0 ? [{ kind: 'rest' as const, id: 'rest', n: grouped.rest.length }] : []),
  ...inOrderOf(grouped.rest, before).map((alarm): FloodItem => ({ kind: 'alarm', id: alarm.id, alarm, deep: false })),
]

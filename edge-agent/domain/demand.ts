import { type Cause, type Holder, level, type PriorityArray, winner, winningValue } from '#contract/priority'
import type { Programme } from '#contract/programme'
import { booked, covering, type LocalCalendar, nextStart, scheduled } from '#contract/programmeHours'

/** Levels that the programme owns; nobody else writes them (design §4). */
export const programmeLevels: readonly number[] = [level.overtime, level.schedule]

/** A thing that runs, and what it feeds: plant -> AHU -> zone controller. `zone` is set for the last. */
export type Node = { device: string; command: string; zone?: string; feeds: readonly string[] }

const offHours: Cause = { id: 'off-hours', what: { zh: '时间表外', en: 'Outside hours' } }
const noDemand: Cause = { id: 'no-demand', what: { zh: '无需求', en: 'No demand' } }

const zoneHolders = (
  programme: Programme,
  calendar: LocalCalendar,
  zone: string,
  at: number,
  since: (l: number) => number,
): Holder[] => {
  const holders: Holder[] = []
  const booking = covering(booked(programme, zone), at)
  if (booking)
    holders.push({
      level: level.overtime,
      value: true,
      causes: booking.causes,
      since: since(level.overtime),
      until: booking.until,
    })
  if (!programme.weekly.some(w => w.zones.includes(zone))) return holders
  const hours = scheduled(programme, calendar, zone, at)
  const open = covering(hours, at)
  holders.push({
    level: level.schedule,
    value: open !== undefined,
    causes: open?.causes ?? [offHours],
    since: since(level.schedule),
    until: open?.until ?? nextStart(hours, at),
  })
  return holders
}

const latest = (ends: readonly (number | null)[]): number | null =>
  ends.some(e => e === null) ? null : Math.max(...(ends as number[]))

const unite = (causes: readonly Cause[]): Cause[] => [...new Map(causes.map(c => [c.id, c])).values()].slice(0, 60)

/**
 * What levels 12 and 15 of every running thing should hold now, from the programme and from who wants air downstream.
 * Demand follows the winning value of what is fed, so an operator's hold on a zone pulls its AHU and its plant too.
 * Pure: `arrays` are the arrays as they stand, `nodes` are ordered from zones up to the plant.
 */
export const wantedHolders = (
  programme: Programme,
  calendar: LocalCalendar,
  nodes: readonly Node[],
  arrays: ReadonlyMap<string, PriorityArray>,
  at: number,
): Map<string, Holder[]> => {
  const wanted = new Map<string, Holder[]>()
  const after = new Map<string, PriorityArray>()
  for (const node of nodes) {
    const ref = `${node.device}/${node.command}`
    const array = arrays.get(ref) ?? { holders: [], relinquishDefault: false }
    const since = (l: number) => array.holders.find(h => h.level === l)?.since ?? at
    const holders = node.zone
      ? zoneHolders(programme, calendar, node.zone, at, since)
      : feederHolders(
          node.feeds.flatMap(fed => {
            const below = after.get(fed)
            return below && winningValue(below) === true ? [winner(below)] : []
          }),
          since,
        )
    wanted.set(ref, holders)
    const others = array.holders.filter(h => !programmeLevels.includes(h.level))
    after.set(node.device, { ...array, holders: [...others, ...holders] })
  }
  return wanted
}

const feederHolders = (wanting: readonly (Holder | undefined)[], since: (l: number) => number): Holder[] => {
  const on = wanting.filter(h => h !== undefined)
  const bySchedule = on.filter(h => h.level === level.schedule)
  const byPeople = on.filter(h => h.level !== level.schedule)
  const holders: Holder[] = []
  if (byPeople.length > 0)
    holders.push({
      level: level.overtime,
      value: true,
      causes: unite(byPeople.flatMap(h => h.causes)),
      since: since(level.overtime),
      until: latest(byPeople.map(h => h.until)),
    })
  holders.push({
    level: level.schedule,
    value: bySchedule.length > 0,
    causes: bySchedule.length > 0 ? unite(bySchedule.flatMap(h => h.causes)) : [noDemand],
    since: since(level.schedule),
    until: bySchedule.length > 0 ? latest(bySchedule.map(h => h.until)) : null,
  })
  return holders
}

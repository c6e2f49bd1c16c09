import type { FloorSpot } from '#api/models/floorPlans'
import type { Alarm } from '#api/models/live'

type Placed = Pick<Alarm, 'id' | 'device' | 'point'>

/** The alarms that stand at each spot: of its point, or of its device where their own point has no spot. Pure. */
export const alarmsAtSpots = <A extends Placed>(spots: readonly FloorSpot[], alarms: readonly A[]): ReadonlyMap<string, A[]> => {
  const refs = new Set(spots.map(s => s.ref))
  const found = new Map<string, A[]>()
  for (const a of alarms) {
    const ref = a.point !== null && refs.has(a.point) ? a.point : a.device !== null && refs.has(a.device) ? a.device : undefined
    if (ref !== undefined) found.set(ref, [...(found.get(ref) ?? []), a])
  }
  return found
}

/** Those that are marked nowhere on the plan. Pure. */
export const alarmsOffPlan = <A extends Placed>(spots: readonly FloorSpot[], alarms: readonly A[]): A[] => {
  const marked = new Set([...alarmsAtSpots(spots, alarms).values()].flat().map(a => a.id))
  return alarms.filter(a => !marked.has(a.id))
}

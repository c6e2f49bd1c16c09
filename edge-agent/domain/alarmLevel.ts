import type { AlarmKind, AlarmLevel } from '#contract/alarm'
import { minuteOfClock } from '#contract/clockText'
import type { LevelRule } from '#contract/site'

type About = { level: AlarmLevel; kind: AlarmKind; device: string | null; place: string | null }

const within = ({ from, to }: LevelRule, minute: number): boolean => {
  if (from === undefined || to === undefined) return true
  const [begin, end] = [minuteOfClock(from), minuteOfClock(to)]
  // From 22:00 to 06:00 goes over midnight.
  return begin <= end ? minute >= begin && minute < end : minute >= begin || minute < end
}

/**
 * The level with which an alarm is minted: that of the site's first rule that fits, or else what its device type says. Fire is danger to life, and nothing
 * that is danger to life becomes less.
 */
export const levelOf = (rules: readonly LevelRule[], a: About, minuteOfDay: number): AlarmLevel => {
  if (a.level === 1 || a.kind === 'fire') return a.level
  const fits = rules.find(
    r =>
      (r.kinds === undefined || r.kinds.includes(a.kind)) &&
      (r.devices === undefined || (a.device !== null && r.devices.includes(a.device))) &&
      (r.places === undefined || (a.place !== null && r.places.includes(a.place))) &&
      within(r, minuteOfDay),
  )
  return fits?.level ?? a.level
}

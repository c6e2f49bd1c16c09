export const slotMinutes = 30
export const dayStartMinute = 360
export const hoursShown = 24
export const slotCount = (hoursShown * 60) / slotMinutes

/** What is chosen on the grid: slots [from, to) of one zone, counted from the start of the day. */
export type Selection = { zone: string; from: number; to: number }
/** The stretch that is drawn. */
export type View = { from: number; hours: number }

const hour = 3_600_000
/** So much of what is past stays in sight, and so late in the night ends what is drawn, unless something is booked beyond it. */
const pastHours = 2
const nightHours = 20

/** The day without its past and its small hours, while it is the day of now; what is booked stays in sight. */
export const foldedView = (dayStart: number, now: number, ends: readonly number[]): View => {
  const whole = { from: dayStart, hours: hoursShown }
  if (now < dayStart || now >= dayStart + hoursShown * hour) return whole
  const first = Math.max(0, Math.floor((now - dayStart) / hour) - pastHours)
  const last = Math.max(...ends.map(e => Math.ceil((e - dayStart) / hour)), first + 8, nightHours)
  return { from: dayStart + first * hour, hours: Math.min(hoursShown, last) - first }
}

/** Left edge and width of a stretch on the grid, in percent; undefined when it lies outside. */
export const barOf = (from: number, to: number, view: View): { left: number; width: number } | undefined => {
  const whole = view.hours * hour
  const a = Math.max(0, (from - view.from) / whole)
  const b = Math.min(1, (to - view.from) / whole)
  return b > a ? { left: a * 100, width: (b - a) * 100 } : undefined
}
/** Moves or widens the selection with a key; undefined when the key is none of ours. */
export const moveSelection = (s: Selection, key: string, shift: boolean, zones: readonly string[]): Selection | undefined => {
  const at = zones.indexOf(s.zone)
  const clamp = (x: number, low: number, high: number) => Math.min(high, Math.max(low, x))
  switch (key) {
    case 'ArrowLeft':
      return shift
        ? { ...s, to: clamp(s.to - 1, s.from + 1, slotCount) }
        : { ...s, from: clamp(s.from - 1, 0, slotCount - 1), to: clamp(s.from - 1, 0, slotCount - 1) + (s.to - s.from) }
    case 'ArrowRight':
      return shift
        ? { ...s, to: clamp(s.to + 1, s.from + 1, slotCount) }
        : { ...s, from: clamp(s.from + 1, 0, slotCount - (s.to - s.from)), to: clamp(s.to + 1, s.to - s.from, slotCount) }
    case 'ArrowUp':
      return { ...s, zone: zones[clamp(at - 1, 0, zones.length - 1)] ?? s.zone }
    case 'ArrowDown':
      return { ...s, zone: zones[clamp(at + 1, 0, zones.length - 1)] ?? s.zone }
    default:
      return undefined
  }
}

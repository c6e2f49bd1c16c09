export const slotMinutes = 30
export const dayStartMinute = 360
export const hoursShown = 24
export const slotCount = (hoursShown * 60) / slotMinutes

/** What is chosen on the grid: slots [from, to) of one zone. */
export type Selection = { zone: string; from: number; to: number }

/** Left edge and width of a stretch on the grid, in percent; undefined when it lies outside. */
export const barOf = (from: number, to: number, gridStart: number): { left: number; width: number } | undefined => {
  const whole = hoursShown * 3_600_000
  const a = Math.max(0, (from - gridStart) / whole)
  const b = Math.min(1, (to - gridStart) / whole)
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

/** Local time of day in hours, and the day's number, without JS local time: `offsetMs` is the site's UTC offset. */
export const localHours = (wallMs: number, offsetMs: number) => {
  const local = wallMs + offsetMs
  return { hour: (local / 3_600_000) % 24, day: Math.floor(local / 86_400_000) }
}

/** Outdoor air over a mild day: coolest at 5, warmest at 15. °C. */
export const outdoorTemperature = (hour: number): number => 24.5 + 6 * Math.sin(((hour - 9) / 24) * 2 * Math.PI)
export const wetBulb = (hour: number): number => outdoorTemperature(hour) - 5.5

/** A steady number in [0, 1) for a name, so that zones differ but a run repeats. */
export const steady = (name: string): number => {
  let h = 2_166_136_261
  for (const c of name) h = Math.imul(h ^ c.charCodeAt(0), 16_777_619)
  return (h >>> 8) / 16_777_216
}

/** Share of a zone's people who are in: office hours with a dip at noon, a few late workers, few at weekends. */
export const presence = (hour: number, day: number, name: string): number => {
  const weekday = (day + 3) % 7 // 0 Monday; 1970-01-01 was a Thursday
  const shift = steady(name) - 0.5
  const ramp = (from: number, to: number) => Math.min(1, Math.max(0, (hour - from) / (to - from)))
  const working = ramp(7.5 + shift, 9.3 + shift) - ramp(17.6 + shift, 20 + shift)
  const lunch = hour > 12 && hour < 13.2 ? 0.45 : 1
  const late = hour >= 18 && hour < 22 ? 0.06 * steady(`${name}-late`) : 0
  return Math.max(late, working * lunch * (weekday >= 5 ? 0.15 : 0.85))
}

/** Cars an hour through the whole car park. */
export const carsPerHour = (hour: number, day: number): number => {
  const weekday = (day + 3) % 7
  const peak = (at: number, width: number, height: number) => height * Math.exp(-(((hour - at) / width) ** 2))
  return (2 + peak(8.6, 0.8, 160) + peak(18.2, 1.1, 140) + peak(12.5, 1, 40)) * (weekday >= 5 ? 0.25 : 1)
}

/** First-order approach to a target: exact for any step, so a fast clock stays stable. */
export const approach = (value: number, target: number, dtS: number, tauS: number): number =>
  target + (value - target) * Math.exp(-dtS / tauS)

/**
 * A flood: more than 10 alarms in 10 minutes for one operator (ISA-18.2-2016 16.6, EEMUA 191); over when fewer than 5 came in 10 minutes,
 * so that it does not begin and end again with every alarm.
 */
export const floodFrom = 11
export const floodUntil = 5
export const floodMs = 600_000

/** How many came within the last ten minutes, and within the last one. */
export type AlarmRate = { inTen: number; inOne: number }
export type Flood = { startedAt: number; peak: number; peakAt: number }

/** `null`: no flood. The peak is the most within one minute. */
export const stepFlood = (flood: Flood | null, { inTen, inOne }: AlarmRate, now: number): Flood | null => {
  if (!flood) return inTen >= floodFrom ? { startedAt: now, peak: inOne, peakAt: now } : null
  if (inTen < floodUntil) return null
  return inOne > flood.peak ? { ...flood, peak: inOne, peakAt: now } : flood
}

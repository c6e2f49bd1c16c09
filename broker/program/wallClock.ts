/**
 * The second of the two clocks (design §8): wall time for business. Protocols use `monotonicMs` and never this one.
 * `ZHIBAN_TIME=<start>[@<real ms>],<rate>` moves all programs alike; the anchor lets them agree to the millisecond.
 */
export type WallClock = {
  /** ms since 1970 as the people in the building see it. */
  now(): number
  /** Wall seconds per real second. */
  readonly rate: number
  readonly simulated: boolean
}

export const monotonicMs = (): number => performance.now()

export const realWallClock: WallClock = { now: () => Date.now(), rate: 1, simulated: false }

/** Throws with what to write instead when the text is malformed. */
export const parseWallClock = (text: string | undefined, realNow: () => number = Date.now): WallClock => {
  if (!text) return realWallClock
  const match = /^([^@,]+)(?:@(\d+))?(?:,([\d.]+))?$/.exec(text)
  const start = Date.parse(match?.[1] ?? '')
  const rate = Number(match?.[3] ?? 1)
  if (!match || Number.isNaN(start) || !(rate > 0 && rate <= 3600))
    throw new Error(
      `ZHIBAN_TIME='${text}': write <ISO time with offset>[@<real ms>][,<rate up to 3600>], e.g. 2026-11-21T18:58:00+08:00,60`,
    )
  const anchor = match[2] ? Number(match[2]) : realNow()
  return { now: () => Math.round(start + (realNow() - anchor) * rate), rate, simulated: true }
}

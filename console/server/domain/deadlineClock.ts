/** How a deadline counts: every minute, or the hours of service only. Both in ms. */
export type Count = { between(from: number, to: number): number; after(from: number, ms: number): number }

export const countAlways: Count = { between: (from, to) => to - from, after: (from, ms) => from + ms }

/** One running deadline. Times are ms of the wall clock; `left` is what was left when it was stopped. */
export type Running = {
  startedAt: number
  /** When it is said that the time is near: the internal target (C9), else a share of the time. */
  warnAt: number
  limitAt: number
  escalateAt: number
  pausedAt: number | null
  approachingAt: number | null
  missedAt: number | null
  escalatedAt: number | null
}

export const startClock = (
  at: number,
  count: Count,
  o: { limitMs: number; targetMs: number | null; warnShare: number; escalateMs: number },
): Running => {
  const limitAt = count.after(at, o.limitMs)
  return {
    startedAt: at,
    warnAt: count.after(at, Math.round(Math.min(o.limitMs, o.targetMs ?? o.limitMs * o.warnShare))),
    limitAt,
    escalateAt: count.after(limitAt, o.escalateMs),
    pausedAt: null,
    approachingAt: null,
    missedAt: null,
    escalatedAt: null,
  }
}

export const pauseClock = (d: Running, at: number): Running => (d.pausedAt === null ? { ...d, pausedAt: at } : d)

/** Goes on: what has not passed yet moves on by what was left of it; what has passed stays. */
export const resumeClock = (d: Running, at: number, count: Count): Running => {
  const { pausedAt } = d
  if (pausedAt === null) return d
  const moved = (due: number) => (due <= pausedAt ? due : count.after(at, count.between(pausedAt, due)))
  return { ...d, warnAt: moved(d.warnAt), limitAt: moved(d.limitAt), escalateAt: moved(d.escalateAt), pausedAt: null }
}

export type DeadlineEvent = 'approaching' | 'missed' | 'escalated'

/**
 * What has become true by `at`. After a clock that stood still everything is said once, in order; a deadline that is
 * missed already is not said to be near.
 */
export const stepClock = (d: Running, at: number): { next: Running; events: DeadlineEvent[] } => {
  if (d.pausedAt !== null) return { next: d, events: [] }
  const events: DeadlineEvent[] = []
  const next = { ...d }
  const missed = at >= d.limitAt
  if (at >= d.warnAt && d.approachingAt === null) {
    next.approachingAt = at
    if (!missed) events.push('approaching')
  }
  if (missed && d.missedAt === null) {
    next.missedAt = at
    events.push('missed')
  }
  if (at >= d.escalateAt && d.escalatedAt === null) {
    next.escalatedAt = at
    events.push('escalated')
  }
  return { next, events }
}

/** When there will be something to say next; null when nothing more, or while it stands still. */
export const nextEventAt = (d: Running): number | null => {
  if (d.pausedAt !== null) return null
  const open = [d.approachingAt ?? d.warnAt, d.missedAt ?? d.limitAt, d.escalatedAt ?? d.escalateAt]
  const said = [d.approachingAt, d.missedAt, d.escalatedAt]
  const pending = open.filter((_, i) => said[i] === null)
  return pending.length === 0 ? null : Math.min(...pending)
}

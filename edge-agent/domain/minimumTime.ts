import { type Holder, level } from '#contract/priority'

/** How long something runs at least once started, and rests once stopped (s); its profile says. */
export type MinimumTimes = { minOnS: number; minOffS: number }

const running = { id: 'minimum-on', what: { zh: '最短运行时间', en: 'Minimum run time' } }
const resting = { id: 'minimum-off', what: { zh: '最短停机时间', en: 'Minimum rest time' } }

/**
 * The entry that keeps a change which has just happened (ISO 16484-5, 19.2.3): level 6 holds the new state for its
 * minimum time, so that neither programme nor operator makes it switch again; fire and protection still can. Undefined
 * when the profile asks for no such time.
 */
export const afterChange = (times: MinimumTimes, on: boolean, wall: number): Holder | undefined => {
  const forMs = (on ? times.minOnS : times.minOffS) * 1000
  if (forMs === 0) return undefined
  return { level: level.minimumTime, value: on, causes: [on ? running : resting], since: wall, until: wall + forMs }
}

/** The same entry after the wall clock was set back: it never lasts longer than its time from now. */
export const capped = (holder: Holder, times: MinimumTimes, wall: number): Holder => {
  const limit = wall + (holder.value === true ? times.minOnS : times.minOffS) * 1000
  return holder.until !== null && holder.until > limit ? { ...holder, until: limit } : holder
}

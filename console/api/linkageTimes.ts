import type { LinkageView } from './models/live.ts'

/** Past one of its limits, although it came. */
export const isLate = (l: LinkageView): boolean =>
  (l.startMs ?? 0) > (l.startLimitMs ?? Infinity) || (l.feedbackMs ?? 0) > (l.feedbackLimitMs ?? Infinity)

/** Some of its actions are held until somebody releases them. */
export const isLatched = (linkages: readonly LinkageView[]): boolean => linkages.some(l => l.releasedAt === null)

/** Late, never fed back, or fed back and then fallen off again. */
export const isBad = (l: LinkageView): boolean => isLate(l) || (l.missing && l.feedbackMs === null) || l.relapsedAt !== null

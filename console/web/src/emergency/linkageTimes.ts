import type { LinkageView } from '#api/models/live'

/** Past one of its limits, although it came. */
export const isLate = (l: LinkageView): boolean =>
  (l.startMs ?? 0) > (l.startLimitMs ?? Infinity) || (l.feedbackMs ?? 0) > (l.feedbackLimitMs ?? Infinity)

/** Late, or never fed back. */
export const isBad = (l: LinkageView): boolean => isLate(l) || (l.missing && l.feedbackMs === null)

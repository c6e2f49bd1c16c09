import { isLate } from '#api/linkageTimes'
import type { LinkageView } from '#api/models/live'
import type { Messages } from '#api/words/zh'
import type { Format } from '../../../web/src/state/format.ts'

/** A measured time in seconds; a dash where nothing was measured. */
export const tenths = (ms: number | null): string => (ms === null ? '—' : (ms / 1000).toFixed(1))

/** What became of a linkage, as it is known now. */
export const linkageResult =
  (t: Messages, f: Pick<Format, 'seconds'>) =>
  (l: LinkageView): string => {
    if (l.relapsedAt !== null) return `${t.emergency.relapsed} ${f.seconds(l.relapsedAt)}`
    if (l.feedbackMs === null) return l.missing ? t.emergency.missing : t.emergency.waiting
    if (!isLate(l)) return t.emergency.onTime
    const over = Math.max(l.feedbackMs - (l.feedbackLimitMs ?? Infinity), (l.startMs ?? 0) - (l.startLimitMs ?? Infinity))
    return t.emergency.late(tenths(over))
  }

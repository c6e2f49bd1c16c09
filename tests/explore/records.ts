import type { JournalBody } from '#contract/journal'
import type { Model } from './model.ts'

/** What is wrong with a record as it is written, if anything: the journal is what people are judged by (design §3, §4). */
export const lies = (r: JournalBody, model: Model, wall: number): string | undefined => {
  if (r.at !== wall) return `records: at ${r.at - wall} ms from now`
  if (r.type === 'command') return r.sinceAcceptedMs < 0 ? 'records: a command before its time' : undefined
  if (r.type !== 'linkage') return undefined
  const latch = model.latched[r.compartment]
  const timed = r.phase !== 'triggered' && r.phase !== 'released'
  if ((r.elapsedMs !== null) !== timed) return `records: ${r.phase} with elapsed ${r.elapsedMs}`
  if (!timed || r.elapsedMs === null) return undefined
  if (!latch) return `records: ${r.phase} of ${r.compartment}, which is not latched`
  if (Math.abs(r.elapsedMs - (wall - latch.at)) > 1)
    return `records: ${r.phase} after ${r.elapsedMs} ms instead of ${wall - latch.at}`
  const limit = r.limitMs ?? Infinity
  if (r.phase === 'fed-back' && r.elapsedMs > limit) return `records: fed back in time after ${r.elapsedMs} ms`
  if (r.phase === 'late' && r.elapsedMs <= limit) return `records: late after ${r.elapsedMs} ms`
  return undefined
}

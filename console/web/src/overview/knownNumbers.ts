import type { HoldersView } from '#api/models/live'
import { winner } from '#contract/priority'
import type { PointValue } from '#contract/quality'
import { isGood } from '../state/format.ts'

/** Zones that run as far as is known; null where of none anything is known. */
export const runningZones = (feedbacks: readonly (PointValue | undefined)[]): { running: number | null; unverified: number } => {
  const good = feedbacks.filter(isGood)
  const running = good.filter(v => v?.v === true).length
  return { running: good.length === 0 ? null : running, unverified: feedbacks.length - good.length }
}

/** How many of these are wanted on by whoever holds them: what feeds them is not without demand. */
export const wantedOn = (holders: readonly (HoldersView | undefined)[]): number =>
  holders.filter(h => h && winner(h.array)?.value === true).length

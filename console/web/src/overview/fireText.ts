import type { Messages } from '#api/words/zh'
import type { Holder } from '#contract/priority'
import type { PointValue } from '#contract/quality'
import { isGood } from '../state/format.ts'

/** What a fire has made of a machine: what it ordered is done only when the machine's own feedback says so. */
export const fireText = (holder: Pick<Holder, 'value'>, running: PointValue | undefined, t: Messages): string => {
  const { stopped, stopping, runs, starting } = t.overview.fire
  const done = isGood(running) && running?.v === holder.value
  if (holder.value === true) return done ? runs : starting
  return done ? stopped : stopping
}

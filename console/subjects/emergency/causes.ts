import { minuteOfClock } from '#contract/clockText'
import type { CausesOf } from '../../server/engine/chapter.ts'
import { addDuty } from '../../server/engine/routines/addDuty.ts'
import type { emergency } from './definition.ts'
import { endReported } from './reportedAlarms.ts'
import { eventReport } from './routines.ts'

export const causes: CausesOf<typeof emergency> = {
  'end-reported': (work, head) => endReported(work, head.id),
  /** The written report of a major event is owed the day after it (R62, T67), once for each event. */
  async 'owe-report'(work, head, { directory: { calendar } }) {
    // A drill is no event.
    if (head.form.drill) return
    const { days, at } = eventReport.rule
    const date = calendar.plusDays(calendar.dateOf(head.openedAt), days)
    const limitAt = calendar.instantOf(date, minuteOfClock(at))
    await addDuty(work, { routine: eventReport, period: head.number, targetAt: null, limitAt })
    work.touched.duties = true
  },
}

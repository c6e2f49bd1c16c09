import type { CaseHead } from '#api/models/cases'
import { minuteOfClock } from '#contract/clockText'
import type { Work } from '../../server/books/unitOfWork.ts'
import { addDuty } from '../../server/engine/routines/addDuty.ts'
import type { Directory } from '../../server/site/directory.ts'
import { routines } from '../routines.ts'

/** The written report of a major event is owed the day after it (R62, T67), once for each event. */
export const oweReport = async (work: Work, head: CaseHead, directory: Directory): Promise<void> => {
  const routine = routines.find(r => r.id === 'event-report')
  if (routine?.rule.every !== 'event') return
  const { calendar } = directory
  const { days, at } = routine.rule
  const date = calendar.plusDays(calendar.dateOf(head.openedAt), days)
  await addDuty(work, { routine, period: head.number, targetAt: null, limitAt: calendar.instantOf(date, minuteOfClock(at)) })
  work.touched.duties = true
}

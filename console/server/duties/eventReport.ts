import { ulid } from 'ulid'
import type { CaseHead } from '#api/models'
import { routines } from '../../procedures/routines.ts'
import type { Work } from '../books/unitOfWork.ts'
import type { Directory } from '../cases/directory.ts'

/** A major event is over: its written report is owed the next day (R62, T67), once for each event. */
export const oweReport = async (work: Work, head: CaseHead, directory: Directory): Promise<void> => {
  const routine = routines.find(r => r.id === 'event-report')
  if (routine?.rule.every !== 'event') return
  const { calendar } = directory
  const { days, at } = routine.rule
  const date = calendar.plusDays(calendar.dateOf(work.at), days)
  const minute = Number(at.slice(0, 2)) * 60 + Number(at.slice(3))
  await work.tx
    .insertInto('duty')
    .values({
      id: ulid(),
      routine: routine.id,
      period: head.number,
      owes: routine.owes,
      target_at: null,
      limit_at: calendar.instantOf(date, minute),
      near_at: null,
      missed_at: null,
      done_at: null,
      done_by: null,
      note: null,
      figures_json: null,
    })
    .onConflict(c => c.columns(['routine', 'period']).doNothing())
    .execute()
  work.touched.duties = true
}

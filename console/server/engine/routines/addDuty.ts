import { ulid } from 'ulid'
import type { Work } from '../../books/unitOfWork.ts'
import type { Routine } from './routine.ts'

/** Puts a duty into the book, once for its routine and period, however often it is asked for. */
export const addDuty = async (
  work: Work,
  d: { routine: Routine; period: string; targetAt: number | null; limitAt: number },
): Promise<void> => {
  await work.tx
    .insertInto('duty')
    .values({
      id: ulid(),
      routine: d.routine.id,
      period: d.period,
      owes: d.routine.owes,
      target_at: d.targetAt,
      limit_at: d.limitAt,
      near_at: null,
      missed_at: null,
      done_at: null,
      done_by: null,
      note: null,
      figures_json: null,
      tables_json: null,
      behind_json: null,
    })
    .onConflict(c => c.columns(['routine', 'period']).doNothing())
    .execute()
}

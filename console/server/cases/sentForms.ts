import type { CaseHead } from '#api/models/cases'
import { ApiError } from '#program/httpApi'
import type { Work } from '../books/unitOfWork.ts'
import { headOf } from './caseRows.ts'

/**
 * A form that is sent twice, because nobody heard the answer, is one case: whoever sends it gives it a name of its own.
 * Cases keep ids of the console's making, whose order is that of time whatever the clock of the sender.
 */
export const openedBefore = async (work: Work, sentAs: string, procedure: string): Promise<CaseHead | undefined> => {
  const row = await work.tx
    .selectFrom('sent_form')
    .innerJoin('case_file', 'case_file.id', 'sent_form.case_id')
    .selectAll('case_file')
    .where('sent_form.sent_as', '=', sentAs)
    .executeTakeFirst()
  if (!row) return undefined
  if (row.procedure !== procedure || row.owner !== work.actor.display) throw new ApiError(409, 'already-done', 'sentAs')
  return headOf(row)
}

export const noteSent = (work: Work, sentAs: string, caseId: string) =>
  work.tx.insertInto('sent_form').values({ sent_as: sentAs, case_id: caseId }).execute()

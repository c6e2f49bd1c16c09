import { Refusal } from '#api/errors'
import type { CaseHead } from '#api/models/cases'
import { isSame } from '../../books/persons.ts'
import type { Work } from '../../books/unitOfWork.ts'
import { headOf } from './caseRows.ts'

/**
 * A form that is sent twice, because nobody heard the answer, is one case: whoever sends it gives it a name of its own.
 * Cases keep ids of the console's making, whose order is that of time whatever the clock of the sender. What was changed in
 * the form between the two is not thrown away unseen: the sender is told under which number the first one stands.
 */
export const openedBefore = async (
  work: Work,
  sentAs: string,
  procedure: string,
  form: unknown,
): Promise<CaseHead | undefined> => {
  const row = await work.tx
    .selectFrom('sent_form')
    .innerJoin('case_file', 'case_file.id', 'sent_form.case_id')
    .selectAll('case_file')
    .select('sent_form.form_json as sent_json')
    .where('sent_form.sent_as', '=', sentAs)
    .executeTakeFirst()
  if (!row) return undefined
  if (row.procedure !== procedure || !isSame(work.actor, { id: row.owner_id, name: row.owner }))
    throw new Refusal('already-done', 'sentAs')
  if (row.sent_json !== null && row.sent_json !== JSON.stringify(form))
    throw new Refusal('sent-otherwise', undefined, { number: row.number })
  return headOf(row)
}

export const noteSent = (work: Work, sentAs: string, caseId: string, form: unknown) =>
  work.tx
    .insertInto('sent_form')
    .values({ sent_as: sentAs, case_id: caseId, form_json: JSON.stringify(form) })
    .execute()

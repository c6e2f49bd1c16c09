import { Refusal } from '#api/errors'
import type { Work } from '../books/unitOfWork.ts'

/**
 * A form that is sent twice, because nobody heard the answer, is one record: whoever sends it gives it a name of its own.
 * Records keep ids of the console's making, whose order is that of time whatever the clock of the sender. What was changed in
 * the form between the two is not thrown away unseen: the sender is told under which number the first one stands. `mine` finds
 * the record that it became, if it is of this kind and this sender.
 */
export const sentBefore = async <R extends { number: string }>(
  work: Work,
  sentAs: string,
  form: unknown,
  mine: (record: string) => Promise<R | undefined>,
): Promise<R | undefined> => {
  const sent = await work.tx.selectFrom('sent_form').selectAll().where('sent_as', '=', sentAs).executeTakeFirst()
  if (!sent) return undefined
  const found = await mine(sent.record)
  if (!found) throw new Refusal('already-done', 'sentAs')
  if (sent.form_json !== JSON.stringify(form)) throw new Refusal('sent-otherwise', undefined, { number: found.number })
  return found
}

export const noteSent = (work: Work, sentAs: string, record: string, form: unknown) =>
  work.tx
    .insertInto('sent_form')
    .values({ sent_as: sentAs, record, form_json: JSON.stringify(form) })
    .execute()

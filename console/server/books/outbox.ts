import type { Work } from './unitOfWork.ts'

/** Promises something to the outside, in the transaction that makes it necessary; it is kept after the commit. */
export const promise = async (work: Work, what: 'programme'): Promise<void> => {
  await work.tx.insertInto('outbox').values({ what, body_json: '{}', made_at: work.at, done_at: null }).execute()
  work.touched.outbox = true
}

import type { BooksStore } from '../books/books.ts'

/** What transactions may promise to the outside, and how each is kept. Repeating one does no harm. */
export type Promised = Readonly<Record<'programme', () => Promise<void>>>

/** Keeps what transactions have promised to the outside; that it is done is noted after the deed. */
export const drainOutbox = async (books: BooksStore, keep: Promised, now: number): Promise<void> => {
  const open = await books.read.selectFrom('outbox').selectAll().where('done_at', 'is', null).execute()
  for (const what of new Set(open.map(r => r.what as keyof Promised))) await keep[what]()
  const ids = open.map(r => r.id)
  if (ids.length > 0) await books.write(tx => tx.updateTable('outbox').set({ done_at: now }).where('id', 'in', ids).execute())
}

import { Refusal } from '#api/errors'
import type { PersonFile } from '#api/models/people'
import { isBackwards, joined } from '../domain/dateRanges.ts'
import type { BooksReader } from './books.ts'
import type { Work } from './unitOfWork.ts'

/** How people who work here are reached, what they speak, and when they are on leave. */

export const noFile: PersonFile = { tel: '', mail: '', languages: '', leave: [] }

/** By account; whoever has none has said nothing. */
export const personFilesIn = async (db: BooksReader): Promise<ReadonlyMap<string, PersonFile>> => {
  const [files, leaves] = await Promise.all([
    db.selectFrom('person_file').selectAll().execute(),
    db.selectFrom('absence').selectAll().orderBy('from_date').execute(),
  ])
  const found = new Map<string, PersonFile>(files.map(({ user_id, ...f }) => [user_id, { ...f, leave: [] }]))
  for (const { user_id, from_date: from, to_date: to } of leaves) {
    const file = found.get(user_id) ?? { ...noFile, leave: [] }
    found.set(user_id, { ...file, leave: [...file.leave, { from, to }] })
  }
  return found
}

export const isOnLeave = (file: PersonFile | undefined, date: string): boolean =>
  file?.leave.some(l => l.from <= date && date <= l.to) ?? false

/** Leaves that share a day, or follow each other, become one. */
export const setPersonFile = async ({ tx }: Work, id: string, { tel, mail, languages, leave }: PersonFile): Promise<void> => {
  if (leave.some(isBackwards)) throw new Refusal('dates-backwards', 'leave')
  const said = { tel, mail, languages }
  await tx
    .insertInto('person_file')
    .values({ user_id: id, ...said })
    .onConflict(c => c.column('user_id').doUpdateSet(said))
    .execute()
  await tx.deleteFrom('absence').where('user_id', '=', id).execute()
  for (const { from, to } of joined(leave))
    await tx.insertInto('absence').values({ user_id: id, from_date: from, to_date: to }).execute()
}

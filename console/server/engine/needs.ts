import type { Text } from '#api/words/text'
import type { BooksReader } from '../books/books.ts'
import { textOf } from '../books/words.ts'
import { isAbout } from './cases/people.ts'
import type { Need } from './chapter.ts'

/** Alarms that a person has reported: over when a person says so. */
export const reportedSource = 'reported'

export const caseAlarms = (db: BooksReader, caseId: string) =>
  db.selectFrom('alarm').select(['name_json']).where('ticket', '=', caseId).orderBy('raised_at')
export const alarmWords = (row: { name_json: string }): Text => textOf(row.name_json)
/** What is missing, by name, so that a refusal says it. */
export const named = (missing: readonly Text[]) => ({ n: missing.length, missing })

/** No alarm of the case stands. */
export const alarmsReturned: Need = async ({ db, head }) => {
  const open = await caseAlarms(db, head.id).where('returned_at', 'is', null).where('source', '!=', reportedSource).execute()
  return open.length > 0 ? { code: 'still-in-alarm', detail: named(open.map(alarmWords)) } : null
}

/** R29: nobody takes a step in what is about himself; who was named once stays so. */
export const notAboutOneself: Need = async ({ db, head, by }) =>
  (await isAbout(db, head.id, by)) ? { code: 'about-oneself' } : null

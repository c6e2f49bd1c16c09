import type { ExpressionBuilder } from 'kysely'
import { Refusal } from '#api/errors'
import type { CaseHead } from '#api/models/cases'
import type { BooksReader } from '../../books/books.ts'
import { accountOf, isSame, type Someone } from '../../books/persons.ts'
import type { Books } from '../../books/schema.ts'
import type { Work } from '../../books/unitOfWork.ts'
import { didOf } from '../definition.ts'
import type { Field } from '../field.ts'

/** A name that belongs to no account is his who has it. */
const him = (who: Someone) => (e: ExpressionBuilder<Books, 'case_person'>) =>
  e.or([e('user_id', '=', who.id), e.and([e('user_id', 'is', null), e('name', '=', who.display)])])

/** The cases in which somebody is named, for `in`. */
export const casesNaming = (db: BooksReader, who: Someone) =>
  db.selectFrom('case_person').select('case_person.case_id as id').where(him(who))

/** The cases that are about somebody and kept from him, for `not in`. */
export const casesAbout = (db: BooksReader, who: Someone) => casesNaming(db, who).where('concerned', '=', 1)

export const isAbout = async (db: BooksReader, caseId: string, who: Someone): Promise<boolean> =>
  (await casesAbout(db, who).where('case_id', '=', caseId).executeTakeFirst()) !== undefined

/** Whether a name that stands in a case is somebody's. */
export const isNamed = async (db: BooksReader, caseId: string, name: string, who: Someone): Promise<boolean> => {
  const row = await db
    .selectFrom('case_person')
    .select('user_id')
    .where('case_id', '=', caseId)
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.user_id ? row.user_id === who.id : name === who.display
}

/** Whether it was he who did a step last. */
export const hasDone = (facts: CaseHead['facts'], verb: string, who: Someone): boolean => {
  const did = didOf(facts, { verb })
  return did !== undefined && isSame(who, { id: did.byId, name: did.by })
}

const note = (work: Work, caseId: string, name: string, user_id: string | null, concerned: boolean) =>
  work.tx
    .insertInto('case_person')
    .values({ case_id: caseId, name, user_id, concerned: concerned ? 1 : 0, since: work.at })
    // Once concerned, always.
    .onConflict(c => c.columns(['case_id', 'name']).doUpdateSet(concerned ? { user_id, concerned: 1 } : { user_id }))
    .execute()

/** Notes who is named in the fields of a form. Nobody writes down a case about himself. True when it is kept from somebody new. */
export const notePeople = async (
  work: Work,
  caseId: string,
  fields: readonly Field[],
  said: Record<string, unknown>,
): Promise<boolean> => {
  let kept = false
  for (const f of fields) {
    const name = said[f.key]
    if (f.kind !== 'person' || typeof name !== 'string') continue
    const account = await accountOf(work.tx, name, f.key)
    if (f.concerns && isSame(work.actor, { id: account, name })) throw new Refusal('about-oneself', f.key)
    await note(work, caseId, name, account, f.concerns === true)
    kept ||= f.concerns === true
  }
  return kept
}

/** What was opened because of a case is kept from those whom it is about as well; but not from whom it is meant for. */
export const keepAlike = async (work: Work, from: string, isPrivate: (procedure: string) => boolean): Promise<void> => {
  const concerned = await work.tx
    .selectFrom('case_person')
    .select(['name', 'user_id'])
    .where('case_id', '=', from)
    .where('concerned', '=', 1)
    .execute()
  if (concerned.length === 0) return
  const led = await work.tx
    .selectFrom('case_link')
    .innerJoin('case_file', 'case_file.id', 'case_link.to_case')
    .select(['case_file.id', 'case_file.procedure', 'case_file.opened_at'])
    .where('from_case', '=', from)
    .execute()
  for (const { id, procedure, opened_at } of led) {
    if (isPrivate(procedure)) continue
    for (const p of concerned) await note(work, id, p.name, p.user_id, true)
    // Nobody has seen yet what is opened now.
    if (opened_at < work.at) work.touched.hidden.add(id)
    await keepAlike(work, id, isPrivate)
  }
}

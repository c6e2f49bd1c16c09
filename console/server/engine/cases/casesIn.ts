import type { CaseHead } from '#api/models/cases'
import type { Words } from '#contract/names'
import type { BooksReader } from '../../books/books.ts'
import type { Procedure } from '../definition.ts'
import type { Stretch } from '../routines/evidence.ts'
import { headOf } from './caseRows.ts'

/** Cases of a procedure, for what is counted of them. */
export const casesOf = (db: BooksReader, p: Pick<Procedure, 'id'>) =>
  db.selectFrom('case_file').selectAll().where('procedure', '=', p.id)

/** Cases of a procedure that were opened in the stretch, oldest first. */
export const openedIn = async (db: BooksReader, p: Pick<Procedure, 'id'>, s: Stretch): Promise<CaseHead[]> => {
  const rows = casesOf(db, p).where('opened_at', '>=', s.from).where('opened_at', '<', s.to).orderBy('opened_at')
  return (await rows.execute()).map(headOf)
}

/** The words of what a choice of a procedure holds. */
export const choiceOf = (p: Procedure, key: string) => {
  const choices = p.fields.find(f => f.key === key)?.choices ?? []
  return (value: unknown): Words => choices.find(c => c.value === value)?.label ?? { zh: String(value), en: String(value) }
}
export const stateOf = (p: Procedure, head: CaseHead): Words => p.states[head.state]?.name ?? { zh: head.state, en: head.state }

/** Groups in the order in which they first occur. */
export const groupedBy = (heads: readonly CaseHead[], key: string) => {
  const groups = new Map<unknown, CaseHead[]>()
  for (const h of heads) groups.set(h.form[key], [...(groups.get(h.form[key]) ?? []), h])
  return [...groups]
}
export const ended = (heads: readonly CaseHead[]) => heads.filter(h => h.endedAt !== null).length

/** Cases that were opened because of one, by their relation to it. */
export const linkedTo = (db: BooksReader, from: string, relation: string) =>
  db
    .selectFrom('case_link')
    .innerJoin('case_file', 'case_file.id', 'case_link.to_case')
    .select(['case_file.id', 'case_file.number'])
    .where('from_case', '=', from)
    .where('relation', '=', relation)

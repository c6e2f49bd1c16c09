import type { CaseHead } from '#api/models/cases'
import type { Words } from '#contract/names'
import type { BooksReader } from '../../books/books.ts'
import type { Procedure } from '../definition.ts'
import type { Field, FormOf } from '../field.ts'
import type { Stretch } from '../routines/evidence.ts'
import { headOf } from './caseRows.ts'

/** Cases of a procedure, for what is counted of them. */
export const casesOf = (db: BooksReader, p: Pick<Procedure, 'id'>) =>
  db.selectFrom('case_file').selectAll().where('procedure', '=', p.id)

type Defined = { id: string; fields: readonly Field[] }
/** A case with its form as the fields of its procedure are. */
export type CaseOf<P extends Defined, H = CaseHead> = Omit<H, 'form'> & { form: FormOf<P['fields']> }
/** What the engine has checked against the fields when it was written. */
export const caseOf = <P extends Defined, H extends { form: object }>(_: P, head: H): CaseOf<P, H> => head as CaseOf<P, H>

/** Cases of a procedure that were opened in the stretch, oldest first. */
export const openedIn = async <P extends Defined>(db: BooksReader, p: P, s: Stretch): Promise<CaseOf<P>[]> => {
  const rows = casesOf(db, p).where('opened_at', '>=', s.from).where('opened_at', '<', s.to).orderBy('opened_at').orderBy('id')
  return (await rows.execute()).map(row => caseOf(p, headOf(row)))
}

/** The words of what a choice of a procedure holds. */
export const choiceOf = (p: Procedure, key: string) => {
  const choices = p.fields.find(f => f.key === key)?.choices ?? []
  return (value: unknown): Words => choices.find(c => c.value === value)?.label ?? { zh: String(value), en: String(value) }
}
export const stateOf = (p: Pick<Procedure, 'states'>, head: { state: string }): Words =>
  p.states[head.state]?.name ?? { zh: head.state, en: head.state }

/** Groups in the order in which they first occur. */
export const groupedBy = <H extends { form: object }, K extends keyof H['form']>(heads: readonly H[], key: K) => {
  const held = (h: H) => (h.form as H['form'])[key]
  const groups = new Map<H['form'][K], H[]>()
  for (const h of heads) groups.set(held(h), [...(groups.get(held(h)) ?? []), h])
  return [...groups]
}
export const ended = (heads: readonly Pick<CaseHead, 'endedAt'>[]) => heads.filter(h => h.endedAt !== null).length

/** Cases that were opened because of one, by their relation to it. */
export const linkedTo = (db: BooksReader, from: string, relation: string) =>
  db
    .selectFrom('case_link')
    .innerJoin('case_file', 'case_file.id', 'case_link.to_case')
    .select(['case_file.id', 'case_file.number'])
    .where('from_case', '=', from)
    .where('relation', '=', relation)

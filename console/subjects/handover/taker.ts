import type { CaseHead } from '#api/models/cases'
import type { BooksReader } from '../../server/books/books.ts'
import { isSame, type Someone } from '../../server/books/persons.ts'
import { caseOf } from '../../server/engine/cases/casesIn.ts'
import { isNamed } from '../../server/engine/cases/people.ts'
import { didOf } from '../../server/engine/definition.ts'
import { fitnessStated, handover, madeReady } from './definition.ts'

/** What the outgoing person has said of the incoming one since the list was last made ready. */
export const statedFit = ({ facts }: Pick<CaseHead, 'facts'>) => {
  const stated = didOf(facts, fitnessStated)
  return stated && stated.at >= (didOf(facts, madeReady)?.at ?? 0) ? stated : undefined
}

/** Who takes a shift over: the incoming person, or his substitute when he is not fit. */
export const takerOf = (head: Pick<CaseHead, 'form' | 'facts'>): string => {
  const stated = statedFit(head)
  return stated?.fit === 'unfit' ? (stated.substitute ?? '') : caseOf(handover, head).form.incoming
}

/** Whether somebody takes this shift over. */
export const isTaker = (db: BooksReader, head: Pick<CaseHead, 'id' | 'form' | 'facts'>, who: Someone): Promise<boolean> =>
  isNamed(db, head.id, takerOf(head), who)

/** Whose shift it is that is handed over. */
export const isOutgoing = (head: Pick<CaseHead, 'owner' | 'ownerId'>, who: Someone): boolean =>
  isSame(who, { id: head.ownerId, name: head.owner })

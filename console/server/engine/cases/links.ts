import { Refusal } from '#api/errors'
import type { CaseHead } from '#api/models/cases'
import type { Role } from '#api/rights'
import type { BooksReader } from '../../books/books.ts'
import type { Someone } from '../../books/persons.ts'
import type { Work } from '../../books/unitOfWork.ts'
import type { Doer } from '../blocked.ts'
import type { Around } from '../chapter.ts'
import type { Procedure } from '../definition.ts'

type Input = {
  form: Record<string, unknown>
  place?: string | null
  urgent?: boolean
}
/** What this asks of the engine, which in turn calls it for what a step causes in other cases. */
export type Cases = {
  readonly around: Around
  procedure(id: string): Procedure
  procedureOf(head: CaseHead): Procedure
  head(db: BooksReader, caseId: string): Promise<CaseHead>
  seen(db: BooksReader, caseId: string, who: Someone & { roles: readonly Role[] }): Promise<CaseHead>
  keepAlike(work: Work, from: string): Promise<void>
  open(work: Work, procedureId: string, input: Input, doer: Doer): Promise<CaseHead>
  remark(work: Work, caseId: string, verb: string, note: string): Promise<void>
  actIfFree(work: Work, caseId: string, verb: string): Promise<void>
}

/** Somebody opens a case because of another one that leads to it; the two are linked, and each says so. */
export const openFrom = async (
  engine: Cases,
  work: Work,
  fromId: string,
  procedureId: string,
  input: Omit<Input, 'place'>,
  doer: Someone & { roles: readonly Role[] },
): Promise<CaseHead> => {
  const from = await engine.seen(work.tx, fromId, doer)
  const { leadsTo = [] } = engine.procedureOf(from)
  if (!leadsTo.some(service => engine.around.manual.rendering(service).id === procedureId))
    throw new Refusal('leads-not-there', 'procedure')
  const opened = await engine.open(work, procedureId, input, doer)
  await work.tx.insertInto('case_link').values({ from_case: from.id, to_case: opened.id, relation: 'led-to' }).execute()
  await engine.keepAlike(work, from.id)
  await engine.remark(work, from.id, 'led-to', opened.number)
  return opened
}

/** Opens a case because of another one and links them, unless one that was so opened is still open. */
export const openLinked = async (
  engine: Cases,
  work: Work,
  from: CaseHead,
  o: { opens: string; relation: string; form: Record<string, unknown> },
): Promise<void> => {
  if (await hasOpen(work, from.id, o.relation)) return
  // What one person alone is asked shows nothing of where it came from.
  const input = engine.procedure(o.opens).privateTo ? {} : { place: from.place, urgent: from.urgent }
  const opened = await engine.open(work, o.opens, { form: o.form, ...input }, 'system')
  await work.tx.insertInto('case_link').values({ from_case: from.id, to_case: opened.id, relation: o.relation }).execute()
  await engine.keepAlike(work, from.id)
}

const hasOpen = async (work: Work, from: string, relation: string): Promise<boolean> => {
  const open = await work.tx
    .selectFrom('case_link')
    .innerJoin('case_file', 'case_file.id', 'case_link.to_case')
    .select('case_file.id')
    .where('from_case', '=', from)
    .where('relation', '=', relation)
    .where('case_file.ended_at', 'is', null)
    .executeTakeFirst()
  return open !== undefined
}

/**
 * Carries a verb to the linked cases that can still take it. Those that have ended stay as they ended, and those that
 * need something first wait for a person.
 */
export const actOnLinked = async (engine: Cases, work: Work, head: CaseHead, verb: string, on: string): Promise<void> => {
  const back = on.startsWith('^')
  const linked = await work.tx
    .selectFrom('case_link')
    .select(back ? 'from_case as id' : 'to_case as id')
    .where(back ? 'to_case' : 'from_case', '=', head.id)
    .where('relation', '=', back ? on.slice(1) : on)
    .execute()
  for (const { id } of linked) await engine.actIfFree(work, id, verb)
}

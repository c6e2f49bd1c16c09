import { holds } from '#api/conditions'
import { Refusal } from '#api/errors'
import type { CaseHead } from '#api/models/cases'
import type { Work } from '../../books/unitOfWork.ts'
import { headOf } from './caseRows.ts'
import { facing } from './deadlines.ts'
import type { Cases } from './links.ts'
import { isAbout } from './people.ts'

/**
 * Two cases are one matter: this one ends, and the other goes on and names it; both keep their histories. What is urgent or grave goes
 * into nothing that is less: a guard would be merged away. `number`: of an open case of the same procedure.
 */
export const mergeInto = async (engine: Cases, work: Work, from: CaseHead, number: string): Promise<void> => {
  const row = await work.tx.selectFrom('case_file').selectAll().where('number', '=', number).executeTakeFirst()
  const into = row && headOf(row)
  if (!into || into.id === from.id || into.procedure !== from.procedure || (await isAbout(work.tx, into.id, work.actor)))
    throw new Refusal('unknown-case', 'into')
  if (into.endedAt !== null) throw new Refusal('case-is-over', 'into')
  const { grave = [] } = engine.procedureOf(from)
  const less = (from.urgent && !into.urgent) || grave.some(g => holds(g.when, facing(from)) && !holds(g.when, facing(into)))
  if (less) throw new Refusal('less-grave', 'into')
  await work.tx.insertInto('case_link').values({ from_case: from.id, to_case: into.id, relation: 'merged' }).execute()
  await engine.remark(work, into.id, 'merged-in', from.number)
}

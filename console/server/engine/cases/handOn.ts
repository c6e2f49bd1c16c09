import { hasRole, type Role } from '#api/rights'
import { audit } from '../../books/audit.ts'
import { writeHistory } from '../../books/history.ts'
import type { Someone } from '../../books/persons.ts'
import type { Work } from '../../books/unitOfWork.ts'
import type { CaseEngine } from './caseEngine.ts'
import { headOf } from './caseRows.ts'
import { columnsOfHands, tellHands } from './hands.ts'
import { casesAbout } from './people.ts'

/**
 * Whatever somebody has in hand goes to another person, who is told: also what is kept from whoever decides it. What the other person
 * may not see, or is about himself, stays where it is.
 */
export const handOn = async (
  engine: CaseEngine,
  work: Work,
  from: Someone,
  to: Someone & { roles: readonly Role[] },
): Promise<void> => {
  const rows = await work.tx
    .selectFrom('case_file')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('handler_id', '=', from.id)
    .where('id', 'not in', casesAbout(work.tx, to))
    .execute()
  for (const row of rows) {
    const head = headOf(row)
    if (!hasRole(to.roles, engine.procedureOf(head).sees)) continue
    const next = { ...head, handler: to.display, handlerId: to.id, changedAt: work.at, revision: head.revision + 1 }
    await work.tx
      .updateTable('case_file')
      .set({ ...columnsOfHands(next), changed_at: work.at, revision: next.revision })
      .where('id', '=', head.id)
      .execute()
    const detail = { before: from.display, after: to.display, beforeId: from.id, afterId: to.id }
    await writeHistory(work, { record: head.id, verb: 'hand-on', note: to.display, detail })
    await audit(work.tx, work.at, work.actor, 'hand-on', head.number, detail)
    await tellHands(work, head, next)
    work.touched.cases.add(head.id)
  }
}

import type { CaseHead } from '#api/models/cases'
import { hasRole, type Role } from '#api/rights'
import { ApiError } from '#program/httpApi'
import { holds, type Procedure } from '../../procedures/definition.ts'
import { audit } from '../books/audit.ts'
import { writeHistory } from '../books/history.ts'
import type { Work } from '../books/unitOfWork.ts'
import { indexCase } from '../search/searchBook.ts'
import type { CaseEngine } from './engine.ts'
import { checkedCase } from './formSchema.ts'

/**
 * Corrects the form while the case is open: a new entry with its reason and what stood there before. Whoever has not seen
 * the newest revision is told what changed meanwhile, and nothing of his is taken.
 */
export const correctCase = async (
  engine: CaseEngine,
  work: Work,
  caseId: string,
  o: { form: Record<string, unknown>; urgent?: boolean | undefined; reason: string; revision: number },
  doer: { roles: readonly Role[] },
): Promise<CaseHead> => {
  const head = await engine.head(work.tx, caseId)
  const procedure = engine.procedure(head.procedure)
  if (!hasRole(doer.roles, procedure.corrects ?? [])) throw new ApiError(403, 'not-your-role')
  if (head.endedAt !== null) throw new ApiError(409, 'case-is-over')
  await engine.sameRevision(work, head, o.revision, doer)
  // A field that is put to null is emptied.
  const merged = Object.entries({ ...head.form, ...o.form }).filter(([, v]) => v !== null)
  const form = checkedCase(procedure, Object.fromEntries(merged), work.at)
  const changed = procedure.fields.map(f => f.key).filter(k => JSON.stringify(form[k]) !== JSON.stringify(head.form[k]))
  const urgent = o.urgent ?? head.urgent
  if (changed.length === 0 && urgent === head.urgent) return head
  const place = procedure.placeOf?.(form) ?? head.place
  const tenant = await engine.directory.tenantOfPlace(work.tx, place)
  const department = departmentAfter(procedure, head, form)
  const next = {
    ...head,
    form,
    place,
    department,
    urgent,
    tenant: tenant?.id ?? null,
    changedAt: work.at,
    revision: head.revision + 1,
  }
  await work.tx
    .updateTable('case_file')
    .set({
      form_json: JSON.stringify(form),
      place,
      department,
      urgent: urgent ? 1 : 0,
      tenant: next.tenant,
      changed_at: work.at,
      revision: next.revision,
    })
    .where('id', '=', caseId)
    .execute()
  const was = Object.fromEntries(changed.map(k => [k, { before: head.form[k] ?? null, after: form[k] ?? null }]))
  if (urgent !== head.urgent) was['urgent'] = { before: head.urgent, after: urgent }
  await indexCase(work, engine.directory, procedure, next, tenant?.name)
  await writeHistory(work, { record: caseId, verb: 'correct', note: o.reason, detail: was })
  await audit(work.tx, work.at, work.actor, `${procedure.id}-correct`, head.number)
  await engine.deadlines.onCorrected(work, procedure, head, next)
  // What would have been brought about at the opening is brought about now.
  for (const cause of procedure.opening?.causes ?? []) {
    if (typeof cause === 'string' || !('when' in cause)) continue
    if (cause.when && !holds(cause.when, head.form)) await engine.bring(work, next, cause)
  }
  work.touched.cases.add(caseId)
  return next
}

/** The routing table speaks anew when a correction changes what it goes by, unless somebody has passed the case on. */
const departmentAfter = (procedure: Procedure, head: CaseHead, form: Record<string, unknown>): string | null => {
  const before = procedure.departmentOf?.(head.form) ?? null
  return head.department === before ? (procedure.departmentOf?.(form) ?? null) : head.department
}

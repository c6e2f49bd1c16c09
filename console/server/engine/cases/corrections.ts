import { holds } from '#api/conditions'
import { Refusal } from '#api/errors'
import type { CaseHead } from '#api/models/cases'
import { hasRole, type Role } from '#api/rights'
import { audit } from '../../books/audit.ts'
import { writeHistory } from '../../books/history.ts'
import type { Someone } from '../../books/persons.ts'
import type { Work } from '../../books/unitOfWork.ts'
import type { Procedure } from '../definition.ts'
import type { Field } from '../field.ts'
import { checkedCase } from '../formSchema.ts'
import type { CaseEngine } from './caseEngine.ts'
import { indexCase } from './findable.ts'
import { changedKeys, keepForm, reserve, wakesAnew } from './formHeld.ts'
import { columnsOfHands, tellHands } from './hands.ts'
import { giveLines } from './lineBook.ts'
import { notePeople } from './people.ts'

/**
 * Corrects the form while the case is open: a new entry with its reason and what stood there before. Whoever has not seen
 * the newest revision is told what changed meanwhile, and nothing of his is taken. What guards the steps guards it as well:
 * for the one whom a case is about there is no such case, and what a guard stands on is not corrected away.
 */
export const correctCase = async (
  engine: CaseEngine,
  work: Work,
  caseId: string,
  o: { form: Record<string, unknown>; urgent?: boolean | undefined; reason: string; revision: number },
  doer: Someone & { roles: readonly Role[] },
): Promise<CaseHead> => {
  const head = await engine.seen(work.tx, caseId, doer)
  const procedure = engine.procedureOf(head)
  if (!hasRole(doer.roles, procedure.corrects ?? [])) throw new Refusal('not-your-role')
  if (head.endedAt !== null) throw new Refusal('case-is-over')
  await engine.sameRevision(work, head, o.revision, doer)
  // A field that is put to null is emptied.
  const merged = Object.entries({ ...head.form, ...o.form }).filter(([, v]) => v !== null)
  const form = checkedCase(procedure, Object.fromEntries(merged), work.at)
  const changed = changedKeys(procedure, head.form, form)
  await keepForm(work.tx, engine.around, procedure, form, work.at, head.form)
  const kept = procedure.fields.find(
    f => changed.includes(f.key) && isTakenBack(f, head.form, form) && !hasRole(doer.roles, f.keeps?.by ?? []),
  )
  if (kept) throw new Refusal('kept-above', kept.key)
  const agreed = procedure.fields.find(f => f.byStep && changed.includes(f.key))
  if (agreed) throw new Refusal('by-a-step', agreed.key)
  const urgent = o.urgent ?? head.urgent
  if (changed.length === 0 && urgent === head.urgent) return head
  const place = procedure.placeOf?.(form) ?? head.place
  const tenant = await engine.directory.tenantOfPlace(work.tx, place, engine.directory.timeOf(form, head.openedAt))
  const department = departmentAfter(procedure, head, form)
  // What another department gets, nobody there has taken up yet.
  const hands = department === head.department ? {} : { handler: null, handlerId: null }
  const next = {
    ...head,
    ...hands,
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
      ...columnsOfHands(next),
      urgent: urgent ? 1 : 0,
      tenant: next.tenant,
      changed_at: work.at,
      revision: next.revision,
      ...wakesAnew(procedure, engine.directory, head.state, form, changed),
    })
    .where('id', '=', caseId)
    .execute()
  if (
    await notePeople(
      work,
      caseId,
      procedure.fields.filter(f => changed.includes(f.key)),
      form,
    )
  ) {
    work.touched.hidden.add(caseId)
    await engine.keepAlike(work, caseId)
  }
  const was = Object.fromEntries(changed.map(k => [k, { before: head.form[k] ?? null, after: form[k] ?? null }]))
  if (urgent !== head.urgent) was['urgent'] = { before: head.urgent, after: urgent }
  await indexCase(work, engine.directory, procedure, next, tenant?.name)
  await writeHistory(work, { record: caseId, verb: 'correct', note: o.reason, detail: was })
  await audit(work.tx, work.at, work.actor, 'case-corrected', head.number, { procedure: procedure.id })
  await giveLines(work, procedure, next)
  await reserve(work, procedure, next)
  await engine.deadlines.onCorrected(work, procedure, head, next)
  await tellHands(work, head, next)
  // What would have been brought about at the opening is brought about now.
  for (const cause of procedure.opening?.causes ?? []) {
    if (typeof cause === 'string' || !('when' in cause)) continue
    if (cause.when && !holds(cause.when, head.form)) await engine.bring(work, next, cause)
  }
  work.touched.cases.add(caseId)
  return next
}

/** A guard stands on what a field says: a correction does not take it away. */
const isTakenBack = (f: Field, before: Record<string, unknown>, after: Record<string, unknown>): boolean =>
  (f.keeps?.is.some(v => before[f.key] === v) ?? false) && !f.keeps?.is.some(v => after[f.key] === v)

/** The routing table speaks anew when a correction changes what it goes by, unless somebody has passed the case on. */
const departmentAfter = (procedure: Procedure, head: CaseHead, form: Record<string, unknown>): string | null => {
  const before = procedure.departmentOf?.(head.form) ?? null
  return head.department === before ? (procedure.departmentOf?.(form) ?? null) : head.department
}

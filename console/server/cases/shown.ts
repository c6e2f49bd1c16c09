import type { CaseEvent, CaseHead } from '#api/models/cases'
import { hasRole, type Role } from '#api/rights'
import type { Field, Procedure } from '../../procedures/definition.ts'

type Who = { roles: readonly Role[]; display: string }
type Form = Record<string, unknown>
const hiddenOf = (fields: readonly Field[], who: Who, form: Form): ReadonlySet<string> =>
  new Set(
    fields
      .filter(f => (f.sees && !hasRole(who.roles, f.sees)) || (f.apartFrom && form[f.apartFrom] === who.display))
      .map(f => f.key),
  )

/** Keys of a form that somebody does not see, though he sees the case (rights on fields, design §6). */
const hiddenFrom = (procedure: Procedure, who: Who, form: Form) => hiddenOf(procedure.fields, who, form)

/** Likewise of what a step asked for. */
const hiddenIn = (procedure: Procedure, verb: string, who: Who, form: Form): ReadonlySet<string> =>
  hiddenOf(
    procedure.transitions.filter(t => t.verb === verb).flatMap(t => t.asks ?? []),
    who,
    form,
  )

const without = (hidden: ReadonlySet<string>, values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([k]) => !hidden.has(k)))

/** A case as this person may see it. */
export const headShownTo = (procedure: Procedure, who: Who, head: CaseHead): CaseHead => {
  const facts = Object.entries(head.facts).map(([verb, said]) => [
    verb,
    without(hiddenIn(procedure, verb, who, head.form), said as Record<string, unknown>),
  ])
  return { ...head, form: without(hiddenFrom(procedure, who, head.form), head.form), facts: Object.fromEntries(facts) }
}

/** Its history likewise: what a field held before and after is in there too. `form` is that of the case now. */
export const eventShownTo = (procedure: Procedure, who: Who, event: CaseEvent, of: Form): CaseEvent => {
  const hidden = new Set([...hiddenFrom(procedure, who, of), ...hiddenIn(procedure, event.verb, who, of)])
  if (hidden.size === 0) return event
  const { form, ...rest } = event.detail
  const shown = form === undefined ? {} : { form: without(hidden, form as Record<string, unknown>) }
  return { ...event, detail: { ...without(hidden, rest), ...shown } }
}

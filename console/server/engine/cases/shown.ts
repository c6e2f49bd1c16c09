import { numbersShownTo } from '#api/masking'
import type { CaseEvent, CaseHead } from '#api/models/cases'
import { hasRole, type Role } from '#api/rights'
import type { Procedure } from '../definition.ts'
import type { Field } from '../field.ts'

type Who = { roles: readonly Role[] }
const hiddenOf = (fields: readonly Field[], who: Who): ReadonlySet<string> =>
  new Set(fields.filter(f => f.sees && !hasRole(who.roles, f.sees)).map(f => f.key))

/** Keys of a form that somebody does not see, though he sees the case (rights on fields, design §6). */
const hiddenFrom = (procedure: Procedure, who: Who) => hiddenOf(procedure.fields, who)

/** Likewise of what a step asked for. */
const hiddenIn = (procedure: Procedure, verb: string, who: Who): ReadonlySet<string> =>
  hiddenOf(
    procedure.transitions.filter(t => t.verb === verb).flatMap(t => t.asks ?? []),
    who,
  )

const without = (hidden: ReadonlySet<string>, values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([k]) => !hidden.has(k)))

/** A case as this person may see it. */
export const headShownTo = (procedure: Procedure, who: Who, head: CaseHead): CaseHead => {
  const facts = Object.entries(head.facts).map(([verb, said]) => [
    verb,
    without(hiddenIn(procedure, verb, who), said as Record<string, unknown>),
  ])
  return numbersShownTo(who, { ...head, form: without(hiddenFrom(procedure, who), head.form), facts: Object.fromEntries(facts) })
}

/** Its history likewise: what a field held before and after is in there too. */
export const eventShownTo = (procedure: Procedure, who: Who, event: CaseEvent): CaseEvent => {
  const hidden = new Set([...hiddenFrom(procedure, who), ...hiddenIn(procedure, event.verb, who)])
  if (hidden.size === 0) return numbersShownTo(who, event)
  const { form, ...rest } = event.detail
  const shown = form === undefined ? {} : { form: without(hidden, form as Record<string, unknown>) }
  return numbersShownTo(who, { ...event, detail: { ...without(hidden, rest), ...shown } })
}

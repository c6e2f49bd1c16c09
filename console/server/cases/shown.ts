import type { CaseEvent, CaseHead, User } from '#api/models'
import { hasRole } from '#api/rights'
import type { Procedure } from '../../procedures/definition.ts'

/** Keys of a form that somebody does not see, though he sees the case (rights on fields, design §6). */
const hiddenFrom = (procedure: Procedure, who: Pick<User, 'roles'>): ReadonlySet<string> =>
  new Set(procedure.fields.filter(f => f.sees && !hasRole(who.roles, f.sees)).map(f => f.key))

const without = (hidden: ReadonlySet<string>, values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([k]) => !hidden.has(k)))

/** A case as this person may see it. */
export const headShownTo = (procedure: Procedure, who: Pick<User, 'roles'>, head: CaseHead): CaseHead => {
  const hidden = hiddenFrom(procedure, who)
  return hidden.size === 0 ? head : { ...head, form: without(hidden, head.form) }
}

/** Its history likewise: what a field held before and after is in there too. */
export const eventShownTo = (procedure: Procedure, who: Pick<User, 'roles'>, event: CaseEvent): CaseEvent => {
  const hidden = hiddenFrom(procedure, who)
  if (hidden.size === 0) return event
  const { form, ...rest } = event.detail
  const shown = form === undefined ? {} : { form: without(hidden, form as Record<string, unknown>) }
  return { ...event, detail: { ...without(hidden, rest), ...shown } }
}

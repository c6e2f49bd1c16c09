import { Refusal } from '#api/errors'
import type { CaseHead } from '#api/models/cases'
import type { BooksReader } from '../../books/books.ts'
import type { Work } from '../../books/unitOfWork.ts'
import type { Directory } from '../../site/directory.ts'
import type { Around } from '../chapter.ts'
import type { Procedure } from '../definition.ts'
import type { Form } from '../field.ts'
import { refusal } from '../refusal.ts'
import { brokenRule, type Rule, type RuleLook } from '../rules.ts'
import { thingsKnown } from '../things/thingBook.ts'

/** What has another value after than before. */
export const changedKeys = (procedure: Procedure, before: Form, after: Form): string[] =>
  procedure.fields.map(f => f.key).filter(k => JSON.stringify(after[k]) !== JSON.stringify(before[k]))

/** Refuses what breaks a rule, in the rule's own words. */
export const keepRules = (
  rules: readonly Rule[] | undefined,
  { rules: site, directory }: Pick<Around, 'rules' | 'directory'>,
  form: Form,
  now: number,
  changed?: ReadonlySet<string>,
): void => {
  if (!rules) return
  const { calendar } = directory
  const plusWorkdays = (date: string, days: number) => site.calendar.plusWorkdays(date, days)
  const look: RuleLook = { now, form, value: s => site.value(s), calendar: { ...calendar, plusWorkdays } }
  const broken = brokenRule(rules, look, changed)
  if (broken) throw refusal({ code: 'in-the-way', field: broken.field, say: broken.say })
}

/** Refuses a form that breaks a rule or names a thing that there is none of; of one that stood already, only what is new in it. */
export const keepForm = async (
  db: BooksReader,
  around: Around,
  procedure: Procedure,
  form: Form,
  now: number,
  before?: Form,
): Promise<void> => {
  const changed = before && new Set(changedKeys(procedure, before, form))
  keepRules(procedure.rules, around, form, now, changed)
  await thingsKnown(db, around.directory, procedure.fields, form, before)
}

/** When a case that rests wakes: the moment, or the beginning of the date, that its form says; null where it does not rest so. */
export const wakesAt = (procedure: Procedure, directory: Directory, state: string, form: Form): number | null => {
  const rests = procedure.states[state]?.rests
  return typeof rests === 'object' ? momentOf(directory, form[rests.until]) : null
}

/** The same after a correction: what has woken does not wake twice, but for another day. */
export const wakesAnew = (procedure: Procedure, directory: Directory, state: string, form: Form, changed: readonly string[]) => {
  const rests = procedure.states[state]?.rests
  return typeof rests === 'object' && changed.includes(rests.until)
    ? { wakes_at: wakesAt(procedure, directory, state, form) }
    : {}
}

/** A moment, or the beginning of a date; null where there is neither. */
const momentOf = ({ calendar }: Directory, value: unknown): number | null => {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? calendar.instantOf(value, 0) : null
}

/** Reserves what the case has to itself as it stands now, and gives up what it had. Throws where somebody else has it. */
export const reserve = async (work: Work, procedure: Procedure, head: CaseHead): Promise<void> => {
  const wish = procedure.reserves
  if (!wish) return
  const { tx } = work
  await tx.deleteFrom('reservation').where('case_id', '=', head.id).execute()
  const resource = wish.in.includes(head.state) ? head.form[wish.resource] : undefined
  const [from, to] = [Number(head.form[wish.from]), Number(head.form[wish.to])]
  if (typeof resource !== 'string' || !(to > from)) return
  const other = await tx
    .selectFrom('reservation')
    .innerJoin('case_file', 'case_file.id', 'reservation.case_id')
    .select(['case_file.number', 'from_at', 'to_at'])
    .where('resource', '=', resource)
    .where('from_at', '<', to)
    .where('to_at', '>', from)
    .executeTakeFirst()
  if (other) throw new Refusal('reserved-already', wish.from, { number: other.number, from: other.from_at, to: other.to_at })
  await tx.insertInto('reservation').values({ case_id: head.id, resource, from_at: from, to_at: to }).execute()
}
